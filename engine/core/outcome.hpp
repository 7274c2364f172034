#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace checkwatches {

// How one check of one bug ended. Every id that was asked ends in exactly one of these; an id that was not
// asked has no outcome and stays due.
enum class outcome {
    // The bug was answered for.
    seen,       // its words were read
    unmodified, // the tracker says that nothing changed since we last saw it
    // The tracker answered, and this id has no readable bug.
    not_found,
    forbidden,    // it exists, or may exist, and is not for us
    gone,         // it existed and was deleted
    moved,        // it lives elsewhere now
    invalid_id,   // no bug of this tracker can have this id
    not_answered, // the tracker answered for others and passed this one over in silence
    unparsable,   // its record came and could not be read
    // The tracker failed.
    connect_failed,
    tls_failed,
    timeout,
    rate_limited,
    auth_failed,
    maintenance,
    bot_wall,
    protocol_error, // an answer that is not what was asked for
    clock_skew,
    too_large,
    unsupported,
    shrunk, // it no longer knows any of the bugs that it knew
};

inline constexpr std::array all_outcomes{
    outcome::seen,           outcome::unmodified,     outcome::not_found,   outcome::forbidden,
    outcome::gone,           outcome::moved,          outcome::invalid_id,  outcome::not_answered,
    outcome::unparsable,     outcome::connect_failed, outcome::tls_failed,  outcome::timeout,
    outcome::rate_limited,   outcome::auth_failed,    outcome::maintenance, outcome::bot_wall,
    outcome::protocol_error, outcome::clock_skew,     outcome::too_large,   outcome::unsupported,
    outcome::shrunk,
};

// The word as it is shown and stored: "not_found".
std::string_view word(outcome o) noexcept;

// The outcome with exactly this word; nothing for any other text.
std::optional<outcome> parse_outcome(std::string_view text) noexcept;

// seen or unmodified: what we hold about the bug is as fresh as the check.
bool is_success(outcome o) noexcept;

// The tracker as a whole failed: nothing was learnt about this bug in particular.
bool is_tracker_failure(outcome o) noexcept;

} // namespace checkwatches
