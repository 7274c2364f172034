#include "engine/check/tally.hpp"

#include <algorithm>

namespace checkwatches::check {

void tracker_tally::count(storage::settled_bug const& bug)
{
    auto const how = bug.after.last_outcome.value_or(outcome::not_answered);
    ++outcomes[how];
    changes += bug.changes.size();
    bool const its_own = !is_success(how) && !is_tracker_failure(how);
    if (its_own && failed.size() < most_named)
        failed.push_back({.remote_id = bug.after.remote_id, .how = how, .detail = bug.after.error});
}

std::size_t tracker_tally::asked() const
{
    std::size_t n = 0;
    for (auto const& [how, count] : outcomes)
        n += count;
    return n;
}

std::size_t tracker_tally::seen() const
{
    std::size_t n = 0;
    for (auto const& [how, count] : outcomes)
        n += is_success(how) ? count : 0;
    return n;
}

bool tracker_tally::has_failures() const
{
    if (trouble && trouble->kind == error_kind::unsupported)
        return true;
    return std::ranges::any_of(outcomes, [](auto const& entry) {
        return !is_success(entry.first) && entry.first != outcome::rate_limited;
    });
}

} // namespace checkwatches::check
