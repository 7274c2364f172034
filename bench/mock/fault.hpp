#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace checkwatches::mock {

// What can be wrong with a tracker, besides its data. The word in brackets is the name on the command line.
enum class fault {
    none,             // [none]
    refuse,           // [refuse] nothing listens: connection refused; open connections are reset
    reset,            // [reset] connections are accepted and reset at once
    reset_mid_body,   // [reset_mid_body] half of the answer, then a reset
    stall,            // [stall] the request is read and never answered
    stall_mid_body,   // [stall_mid_body] half of the answer, then nothing more
    truncate,         // [truncate] Content-Length says more than is sent, then the connection is closed
    close_idle,       // [close_idle] a good answer with keep-alive, and the connection is closed behind it
    garbage,          // [garbage] random bytes in the place of HTTP
    garbage_body,     // [garbage_body] 200, the right type, random bytes
    login_page,       // [login_page] 200 text/html: a form to log in
    bot_page,         // [bot_page] 200 text/html: a challenge for bots
    maintenance_page, // [maintenance_page] 200 text/html: down for maintenance
    huge_body,        // [huge_body] a body without end (1 GiB), chunked
    huge_length,      // [huge_length] a body announced as 1 TiB
    huge_header,      // [huge_header] a header of 4 MiB
    gzip_bomb,        // [gzip_bomb] 64 KiB that unpack to 64 MiB
    redirect_loop,    // [redirect_loop] 302 to the same address
    redirect_away,    // [redirect_away] 302 to the same path of tracker_options::away
    status_401,       // [401] … the status with a page of HTML
    status_403,
    status_404,
    status_429,      // [429] with Retry-After
    status_429_bare, // [429_bare] without
    status_500,
    status_502,
    status_503,      // [503] with Retry-After
    status_503_bare, // [503_bare] without
    slow_drip,       // [slow_drip] the answer one byte at a time
};

std::string_view name(fault what) noexcept;
std::optional<fault> parse_fault(std::string_view name) noexcept;

// A fault and when it holds: it begins after `after` good requests and lasts for `lasts` requests (0: until
// it is changed). `refuse` can count no requests, so it lasts until it is changed.
struct fault_plan {
    fault what = fault::none;
    std::uint32_t after{};
    std::uint32_t lasts{};

    // The fault of the next request; counts it.
    fault next() noexcept;
    // The fault the next request would meet.
    fault now() const noexcept;

    std::uint32_t seen{};
};

} // namespace checkwatches::mock
