#include "engine/check/plan.hpp"

#include <algorithm>
#include <set>

namespace checkwatches::check {
namespace {

bool is_wanted(std::vector<std::string> const& names, storage::tracker const& t)
{
    return names.empty() || std::ranges::find(names, t.name) != names.end();
}

std::optional<error>
unknown_name(std::vector<std::string> const& names, std::vector<storage::tracker> const& known)
{
    for (auto const& name : names)
        if (std::ranges::find(known, name, &storage::tracker::name) == known.end())
            return error{
                .kind = error_kind::usage,
                .message = "there is no tracker \"" + name + "\"; `checkwatches tracker list` names them"};
    return std::nullopt;
}

} // namespace

result<std::vector<tracker_plan>>
make_plan(storage::reader const& from, pass_request const& wanted, utc_time now)
{
    auto const known = from.trackers();
    if (auto const e = unknown_name(wanted.trackers, known))
        return *e;

    std::set<storage::bug_id> const only{wanted.bugs.begin(), wanted.bugs.end()};
    std::vector<tracker_plan> out;
    for (auto const& t : known) {
        if (!is_wanted(wanted.trackers, t))
            continue;
        tracker_plan plan{.tracker = t};
        plan.bugs = from.due(t.id, wanted.force ? std::nullopt : std::optional{now});
        if (!only.empty())
            std::erase_if(plan.bugs, [&](storage::bug_state const& bug) { return !only.contains(bug.id); });
        if (plan.bugs.empty())
            continue;
        plan.can = from.capabilities_of(t.id);
        out.push_back(std::move(plan));
    }
    return out;
}

} // namespace checkwatches::check
