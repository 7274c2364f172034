#include "adapters/phorge/words.hpp"

#include "adapters/wire/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace checkwatches::adapters::phorge {
namespace {

constexpr std::array<std::pair<std::string_view, status>, 10> statuses{{
    {"open", status::new_},
    {"progress", status::in_progress},
    {"inprogress", status::in_progress},
    {"stalled", status::incomplete},
    {"resolved", status::fix_released},
    {"wontfix", status::wont_fix},
    {"declined", status::wont_fix},
    {"invalid", status::invalid},
    {"spite", status::invalid},
    {"duplicate", status::invalid},
}};

constexpr std::array<std::pair<std::string_view, importance>, 8> importances{{
    {"unbreak now!", importance::critical},
    {"needs triage", importance::undecided},
    {"high", importance::high},
    {"normal", importance::medium},
    {"medium", importance::medium},
    {"low", importance::low},
    {"lowest", importance::low},
    {"wishlist", importance::wishlist},
}};

template <class Table>
auto look_up(Table const& table, std::string_view word)
{
    auto const folded = wire::lower(wire::trimmed(word));
    auto const found = std::ranges::find(table, folded, [](auto const& entry) { return entry.first; });
    return found == table.end() ? std::nullopt : std::optional{found->second};
}

} // namespace

verdict interpret(raw_words const& words)
{
    verdict out;
    out.state = look_up(statuses, words.status);
    if (!out.state && !remote_status(words).empty())
        out.unmapped.push_back({.field = "status", .word = remote_status(words)});
    out.weight = words.priority.empty() ? std::optional{importance::unknown}
                                        : look_up(importances, words.priority);
    if (!out.weight)
        out.unmapped.push_back({.field = "importance", .word = remote_importance(words)});
    return out;
}

} // namespace checkwatches::adapters::phorge
