#pragma once

#include "engine/net/client.hpp"

#include <optional>
#include <string_view>

namespace checkwatches::net {

// 301, 302, 303, 307 or 308.
bool is_redirect(unsigned status) noexcept;
// 301 or 308.
bool is_permanent(unsigned status) noexcept;

// Where a Location header points when `rq` is answered with it. A login's query parameter that the server
// repeats is taken out: it may go to another host, and into records.
result<web_url> redirect_target(request const& rq, std::string_view location);

// The request that follows when `rq` was redirected by `status` to `to`. Towards another origin the caller's
// own Authorization and Cookie headers are left behind.
request redirected(request rq, unsigned status, web_url to);

// Follows the redirects of one request.
class redirects {
public:
    explicit redirects(std::size_t most) : left_{most} {}

    // True: `rq` has become the request to send next. False: the answer with this status is the last one.
    // Errors: protocol_error for too many redirects, for a Location that is no web address, and for leaving
    // https with a login.
    result<bool> follow(request& rq, unsigned status, std::string_view location);

    // Where the thing lives for good: only as far as every redirect was permanent.
    std::optional<web_url> const& moved_to() const noexcept { return moved_to_; }

private:
    std::size_t left_;
    std::size_t followed_ = 0;
    bool permanent_ = true;
    std::optional<web_url> moved_to_{};
};

} // namespace checkwatches::net
