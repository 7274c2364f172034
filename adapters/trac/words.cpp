#include "adapters/trac/words.hpp"

#include "adapters/wire/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace checkwatches::adapters::trac {
namespace {

// Statuses and resolutions in one table: the words do not collide. Folded: lower case, "_" for blank and "-".
constexpr std::array<std::pair<std::string_view, status>, 41> statuses{{
    {"new", status::new_},
    {"open", status::new_},
    {"reopened", status::new_},
    {"unconfirmed", status::new_},
    {"accepted", status::confirmed},
    {"assigned", status::confirmed},
    {"confirmed", status::confirmed},
    {"triaged", status::triaged},
    {"needinfo", status::incomplete},
    {"needsinfo", status::incomplete},
    {"needs_info", status::incomplete},
    {"infoneeded", status::incomplete},
    {"info_needed", status::incomplete},
    {"infoneeded_new", status::incomplete},
    {"pending", status::incomplete},
    {"in_work", status::in_progress},
    {"started", status::in_progress},
    {"in_progress", status::in_progress},
    {"inprogress", status::in_progress},
    {"testing", status::in_progress},
    {"qa", status::in_progress},
    {"review", status::in_progress},
    {"needs_review", status::in_progress},
    {"fixed", status::fix_released},
    {"fixverified", status::fix_released},
    {"fix_verified", status::fix_released},
    {"invalid", status::invalid},
    {"worksforme", status::invalid},
    {"works_for_me", status::invalid},
    {"duplicate", status::invalid},
    {"notabug", status::invalid},
    {"not_a_bug", status::invalid},
    {"wontfix", status::wont_fix},
    {"wont_fix", status::wont_fix},
    {"won't_fix", status::wont_fix},
    {"cantfix", status::wont_fix},
    {"cant_fix", status::wont_fix},
    {"can't_fix", status::wont_fix},
    {"maybelater", status::wont_fix},
    {"maybe_later", status::wont_fix},
    {"obsolete", status::expired},
}};

constexpr std::array<std::pair<std::string_view, importance>, 14> importances{{
    {"blocker", importance::critical},
    {"critical", importance::critical},
    {"highest", importance::critical},
    {"major", importance::high},
    {"high", importance::high},
    {"normal", importance::medium},
    {"medium", importance::medium},
    {"minor", importance::low},
    {"low", importance::low},
    {"trivial", importance::low},
    {"lowest", importance::low},
    {"enhancement", importance::wishlist},
    {"wishlist", importance::wishlist},
    {"undecided", importance::undecided},
}};

std::string folded(std::string_view word)
{
    auto out = wire::lower(wire::trimmed(word));
    std::ranges::replace(out, ' ', '_');
    std::ranges::replace(out, '-', '_');
    return out == "__" ? std::string{} : out; // "--" is how old Tracs write nothing
}

template <class Table>
auto look_up(Table const& table, std::string_view word)
{
    auto const found = std::ranges::find(table, word, [](auto const& entry) { return entry.first; });
    return found == table.end() ? std::nullopt : std::optional{found->second};
}

} // namespace

verdict interpret(raw_words const& words)
{
    verdict out;
    auto const state = folded(words.status);
    auto const resolution = folded(words.resolution);
    auto const& deciding = resolution.empty() || state == "reopened" ? state : resolution;
    out.state = look_up(statuses, deciding);
    if (!out.state && !deciding.empty())
        out.unmapped.push_back({.field = "status", .word = remote_status(words)});

    auto const priority = folded(words.priority);
    auto const weight = priority.empty() ? folded(words.severity) : priority;
    if (folded(words.type) == "enhancement")
        out.weight = importance::wishlist;
    else if (weight.empty())
        out.weight = importance::unknown;
    else
        out.weight = look_up(importances, weight);
    if (!out.weight)
        out.unmapped.push_back({.field = "importance", .word = remote_importance(words)});
    return out;
}

} // namespace checkwatches::adapters::trac
