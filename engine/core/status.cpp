#include "engine/core/status.hpp"

#include <algorithm>

namespace checkwatches {

std::string_view title(status s) noexcept
{
    switch (s) {
    case status::new_: return "New";
    case status::incomplete: return "Incomplete";
    case status::opinion: return "Opinion";
    case status::invalid: return "Invalid";
    case status::wont_fix: return "Won't Fix";
    case status::expired: return "Expired";
    case status::confirmed: return "Confirmed";
    case status::triaged: return "Triaged";
    case status::in_progress: return "In Progress";
    case status::deferred: return "Deferred";
    case status::fix_committed: return "Fix Committed";
    case status::fix_released: return "Fix Released";
    case status::does_not_exist: return "Does Not Exist";
    case status::unknown: break;
    }
    return "Unknown";
}

std::optional<status> parse_status(std::string_view text) noexcept
{
    auto const found = std::ranges::find(all_statuses, text, [](status s) { return title(s); });
    if (found == all_statuses.end())
        return std::nullopt;
    return *found;
}

bool is_resolved(status s) noexcept
{
    return s == status::fix_released || s == status::invalid || s == status::wont_fix;
}

bool is_at_rest(status s) noexcept
{
    return is_resolved(s) || s == status::opinion || s == status::expired || s == status::does_not_exist;
}

} // namespace checkwatches
