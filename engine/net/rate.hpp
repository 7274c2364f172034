#pragma once

#include "engine/core/time.hpp"
#include "engine/net/client.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace checkwatches::net {

// What is left of a rate limit, and for how long.
struct quota {
    std::size_t left{};           // requests
    std::chrono::seconds reset{}; // from now

    bool operator==(quota const&) const = default;
};

// What one answer says about when to come again.
struct announcement {
    std::optional<std::chrono::seconds> retry_after{}; // Retry-After
    std::optional<std::chrono::seconds> exhausted{};   // a rate limit with nothing left, until its reset
    std::optional<quota> remaining{};                  // the scarcest of the limits that have something left
    // Of the limit with the least left, for people: how many requests, of how many, and until when.
    std::optional<std::int64_t> left{};
    std::optional<std::int64_t> limit{};
    std::optional<std::chrono::seconds> reset{};
};

// Retry-After as seconds or as an HTTP date, from 1 second to a day.
std::optional<std::chrono::seconds> parse_retry_after(std::string_view text, utc_time now);

// The reset of a rate limit: seconds since 1970 (GitHub, GitLab), seconds to go (Roundup) or an ISO date
// (Jira); from 1 second to a day.
std::optional<std::chrono::seconds> parse_reset(std::string_view text, utc_time now);

// Reads Retry-After and the X-RateLimit- and RateLimit- headers. The server's own Date, where it sends one,
// is used in place of `now`, so that a wrong clock here does no harm.
announcement read_announcement(header_list const& headers, utc_time now);

// An answer that says that its request was one too many.
struct refusal {
    std::chrono::seconds wait{}; // how long to stay away
    bool is_named = false;       // the server said so; otherwise it is our own guess
};

// 429 is one always, for a minute where it names no time; 403 where it names a time or a limit is used up
// (GitHub). Nothing for any other answer. Retry-After wins over the reset of a limit.
std::optional<refusal> read_refusal(unsigned status, announcement const& told);

} // namespace checkwatches::net
