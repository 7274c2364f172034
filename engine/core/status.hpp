#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace checkwatches {

// What a bug's state means in normal words. The titles are Launchpad's (BugTaskStatus), so that a store can
// be compared with Launchpad's own records.
enum class status {
    new_,
    incomplete,
    opinion,
    invalid,
    wont_fix,
    expired,
    confirmed,
    triaged,
    in_progress,
    deferred,
    fix_committed,
    fix_released,
    does_not_exist,
    unknown,
};

// Every status, in the order above.
inline constexpr std::array all_statuses{
    status::new_,
    status::incomplete,
    status::opinion,
    status::invalid,
    status::wont_fix,
    status::expired,
    status::confirmed,
    status::triaged,
    status::in_progress,
    status::deferred,
    status::fix_committed,
    status::fix_released,
    status::does_not_exist,
    status::unknown,
};

// The title as it is shown and stored: "Won't Fix".
std::string_view title(status s) noexcept;

// The status with exactly this title; nothing for any other text.
std::optional<status> parse_status(std::string_view text) noexcept;

// Nothing more is expected to happen: Fix Released, Invalid, Won't Fix.
bool is_resolved(status s) noexcept;

// Resolved for the schedule, where Opinion, Expired and Does Not Exist also rest.
bool is_at_rest(status s) noexcept;

} // namespace checkwatches
