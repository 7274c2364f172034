#include "adapters/jira/words.hpp"

#include "engine/core/ascii.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace checkwatches::adapters::jira {
namespace {

template <class Value, std::size_t N>
using table = std::array<std::pair<std::string_view, Value>, N>;

constexpr table<status, 34> resolutions{{
    {"fixed", status::fix_released},
    {"done", status::fix_released},
    {"resolved", status::fix_released},
    {"implemented", status::fix_released},
    {"complete", status::fix_released},
    {"completed", status::fix_released},
    {"delivered", status::fix_released},
    {"won't fix", status::wont_fix},
    {"won't do", status::wont_fix},
    {"wont fix", status::wont_fix},
    {"wont do", status::wont_fix},
    {"declined", status::wont_fix},
    {"later", status::wont_fix},
    {"rejected", status::wont_fix},
    {"won't implement", status::wont_fix},
    {"duplicate", status::invalid},
    {"invalid", status::invalid},
    {"not a bug", status::invalid},
    {"cannot reproduce", status::invalid},
    {"can't reproduce", status::invalid},
    {"works for me", status::invalid},
    {"not a problem", status::invalid},
    {"user error", status::invalid},
    {"hardware failure", status::invalid},
    {"incomplete", status::expired},
    {"abandoned", status::expired},
    {"timed out", status::expired},
    {"auto closed", status::expired},
    {"auto-closed", status::expired},
    {"won't resolve", status::wont_fix},
    {"obsolete", status::expired},
    {"out of date", status::expired},
    {"information provided", status::invalid},
    {"not an issue", status::invalid},
}};

constexpr table<status, 45> statuses{{
    {"open", status::new_},
    {"new", status::new_},
    {"to do", status::new_},
    {"todo", status::new_},
    {"backlog", status::new_},
    {"reopened", status::confirmed},
    {"confirmed", status::confirmed},
    {"triaged", status::triaged},
    {"accepted", status::triaged},
    {"selected for development", status::triaged},
    {"in progress", status::in_progress},
    {"in review", status::in_progress},
    {"in development", status::in_progress},
    {"code review", status::in_progress},
    {"patch available", status::in_progress},
    {"testing", status::in_progress},
    {"in testing", status::in_progress},
    {"need info", status::incomplete},
    {"needs info", status::incomplete},
    {"needinfo", status::incomplete},
    {"awaiting feedback", status::incomplete},
    {"awaiting response", status::incomplete},
    {"awaiting information", status::incomplete},
    {"waiting for feedback", status::incomplete},
    {"waiting for response", status::incomplete},
    {"waiting for info", status::incomplete},
    {"waiting for information", status::incomplete},
    {"waiting for customer", status::incomplete},
    {"waiting for reporter", status::incomplete},
    {"waiting for user", status::incomplete},
    {"merged", status::fix_committed},
    {"ready for release", status::fix_committed},
    {"ready to release", status::fix_committed},
    {"resolved", status::fix_committed},
    {"closed", status::fix_released},
    {"done", status::fix_released},
    {"released", status::fix_released},
    {"declined", status::wont_fix},
    {"rejected", status::wont_fix},
    {"won't fix", status::wont_fix},
    {"won't do", status::wont_fix},
    {"duplicate", status::invalid},
    {"invalid", status::invalid},
    {"cannot reproduce", status::invalid},
    {"not a bug", status::invalid},
}};

constexpr table<importance, 20> importances{{
    {"blocker", importance::critical},
    {"critical", importance::critical},
    {"highest", importance::critical},
    {"p0", importance::critical},
    {"p1", importance::critical},
    {"major", importance::high},
    {"high", importance::high},
    {"p2", importance::high},
    {"medium", importance::medium},
    {"normal", importance::medium},
    {"p3", importance::medium},
    {"minor", importance::low},
    {"low", importance::low},
    {"p4", importance::low},
    {"trivial", importance::low},
    {"lowest", importance::low},
    {"p5", importance::low},
    {"none", importance::undecided},
    {"not prioritized", importance::undecided},
    {"undefined", importance::undecided},
}};

constexpr std::array<std::string_view, 4> wishes{"new feature", "improvement", "wish", "enhancement"};

template <class Table>
auto look_up(Table const& in, std::string_view word)
{
    auto const found = std::ranges::find(in, word, [](auto const& entry) { return entry.first; });
    return found == in.end() ? std::nullopt : std::optional{found->second};
}

std::string_view category_of(raw_words const& words)
{
    for (std::string_view const label : words.labels)
        if (label.starts_with(category_mark))
            return label.substr(category_mark.size());
    return {};
}

std::optional<status> state_of(raw_words const& words)
{
    auto const name = lower(trimmed(words.status));
    auto const reason = lower(trimmed(words.resolution));
    auto const category = category_of(words);
    bool const open = category == "new" || category == "indeterminate" || name == "reopened";
    bool const says_why = !reason.empty() && reason != "unresolved" && reason != "none";
    if (says_why && !open)
        return look_up(resolutions, reason);
    if (auto const known = look_up(statuses, name))
        return known;
    if (category == "new")
        return status::new_;
    if (category == "indeterminate")
        return status::in_progress;
    return std::nullopt;
}

} // namespace

verdict interpret(raw_words const& words)
{
    verdict out{.state = state_of(words)};
    if (!out.state && !remote_status(words).empty())
        out.unmapped.push_back({.field = "status", .word = remote_status(words)});
    auto const type = lower(trimmed(words.type));
    auto const priority = lower(trimmed(words.priority));
    if (std::ranges::find(wishes, type) != wishes.end())
        out.weight = importance::wishlist;
    else if (priority.empty())
        out.weight = importance::undecided;
    else
        out.weight = look_up(importances, priority);
    if (!out.weight)
        out.unmapped.push_back({.field = "importance", .word = remote_importance(words)});
    return out;
}

} // namespace checkwatches::adapters::jira
