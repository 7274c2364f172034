#include "adapters/redmine/words.hpp"

#include "engine/core/ascii.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace checkwatches::adapters::redmine {
namespace {

constexpr std::array<std::pair<std::string_view, status>, 36> statuses{{
    {"new", status::new_},
    {"open", status::confirmed},
    {"reopened", status::confirmed},
    {"confirmed", status::confirmed},
    {"verified", status::confirmed},
    {"accepted", status::triaged},
    {"triaged", status::triaged},
    {"assigned", status::in_progress},
    {"in progress", status::in_progress},
    {"in review", status::in_progress},
    {"fix under review", status::in_progress},
    {"need review", status::in_progress},
    {"need test", status::in_progress},
    {"testing", status::in_progress},
    {"feedback", status::incomplete},
    {"need feedback", status::incomplete},
    {"needs feedback", status::incomplete},
    {"need info", status::incomplete},
    {"needs info", status::incomplete},
    {"need more info", status::incomplete},
    {"needs more info", status::incomplete},
    {"pending backport", status::fix_committed},
    {"resolved", status::fix_committed},
    {"closed", status::fix_released},
    {"rejected", status::invalid},
    {"duplicate", status::invalid},
    {"invalid", status::invalid},
    {"not a bug", status::invalid},
    {"can't reproduce", status::invalid},
    {"cannot reproduce", status::invalid},
    {"third party's issue", status::invalid},
    {"won't fix", status::wont_fix},
    {"wont fix", status::wont_fix},
    {"won't fix - eol", status::wont_fix},
    {"postponed", status::deferred},
    {"deferred", status::deferred},
}};

constexpr std::array<std::pair<std::string_view, status>, 13> resolutions{{
    {"fixed", status::fix_released},
    {"done", status::fix_released},
    {"invalid", status::invalid},
    {"duplicate", status::invalid},
    {"not a bug", status::invalid},
    {"no feedback", status::expired},
    {"can't reproduce", status::invalid},
    {"cannot reproduce", status::invalid},
    {"cant reproduce", status::invalid},
    {"works for me", status::invalid},
    {"won't fix", status::wont_fix},
    {"wont fix", status::wont_fix},
    {"wontfix", status::wont_fix},
}};

constexpr std::array<std::pair<std::string_view, importance>, 5> importances{{
    {"low", importance::low},
    {"normal", importance::medium},
    {"high", importance::high},
    {"urgent", importance::critical},
    {"immediate", importance::critical},
}};

template <class Table>
auto look_up(Table const& table, std::string_view word)
{
    auto const found = std::ranges::find(table, lower(trimmed(word)), [](auto const& e) { return e.first; });
    return found == table.end() ? std::nullopt : std::optional{found->second};
}

// A state in which something is still to be done.
bool is_pending(status s)
{
    return s == status::new_ || s == status::incomplete || s == status::confirmed || s == status::triaged
           || s == status::in_progress;
}

std::optional<status> state_of(raw_words const& words)
{
    auto const state = look_up(statuses, words.status);
    bool const closed = std::ranges::find(words.labels, closed_mark) != words.labels.end();
    bool const at_rest = closed || (state && is_at_rest(*state));
    if (at_rest && !trimmed(words.resolution).empty())
        return look_up(resolutions, words.resolution);
    if (!closed || !state)
        return state;
    if (is_pending(*state))
        return std::nullopt;
    return same_word(trimmed(words.status), "resolved") ? status::fix_released : state;
}

} // namespace

verdict interpret(raw_words const& words)
{
    verdict out{.state = state_of(words)};
    if (!out.state && !words.status.empty())
        out.unmapped.push_back({.field = "status", .word = remote_status(words)});
    if (same_word(trimmed(words.type), "feature"))
        out.weight = importance::wishlist;
    else if (words.priority.empty())
        out.weight = importance::unknown;
    else
        out.weight = look_up(importances, words.priority);
    if (!out.weight)
        out.unmapped.push_back({.field = "importance", .word = remote_importance(words)});
    return out;
}

} // namespace checkwatches::adapters::redmine
