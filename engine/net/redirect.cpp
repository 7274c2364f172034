#include "engine/net/redirect.hpp"

#include "engine/core/ascii.hpp"
#include "engine/net/login.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace checkwatches::net {
namespace {

bool one_of(std::string_view name, std::initializer_list<std::string_view> names)
{
    return std::ranges::any_of(names, [&](std::string_view n) { return same_word(n, name); });
}

error refused(std::string message)
{
    return error{.kind = error_kind::protocol_error, .message = std::move(message)};
}

bool keeps_method(request const& rq, unsigned status)
{
    if (rq.method == "GET" || rq.method == "HEAD" || status == 307 || status == 308)
        return true;
    return rq.on_redirect == redirect_policy::repost;
}

} // namespace

bool is_redirect(unsigned status) noexcept
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

bool is_permanent(unsigned status) noexcept
{
    return status == 301 || status == 308;
}

result<web_url> redirect_target(request const& rq, std::string_view location)
{
    auto to = resolve(rq.url, location);
    // The reason would quote the address, and with it what the server repeats of our request.
    if (!to)
        return refused("the server redirects to something that is not a web address");
    if (rq.login && rq.login->place == login::where::query)
        return without_parameter(std::move(*to), rq.login->name);
    return to;
}

request redirected(request rq, unsigned status, web_url to)
{
    if (!keeps_method(rq, status)) {
        rq.method = "GET";
        rq.body.clear();
        std::erase_if(rq.headers, [](auto const& h) {
            return one_of(h.first, {"Content-Type", "Content-Encoding", "Content-Language"});
        });
    }
    if (to.origin() != rq.url.origin())
        std::erase_if(rq.headers, [](auto const& h) {
            return one_of(h.first, {"Authorization", "Cookie", "Proxy-Authorization"});
        });
    rq.url = std::move(to);
    return rq;
}

result<bool> redirects::follow(request& rq, unsigned status, std::string_view location)
{
    if (!is_redirect(status) || location.empty())
        return false;
    auto to = redirect_target(rq, location);
    if (!to && rq.on_redirect != redirect_policy::ignore)
        return to.error();
    permanent_ = permanent_ && is_permanent(status);
    if (permanent_ && to)
        moved_to_ = *to;
    if (rq.on_redirect == redirect_policy::ignore)
        return false;
    if (left_ == 0)
        return refused(fmt::format("redirected more than {} times, at last to {}", followed_, redacted(*to)));
    if (rq.login && rq.url.scheme == "https" && to->scheme == "http")
        return refused("the server redirects a request with a login from https to http");
    --left_;
    ++followed_;
    rq = redirected(std::move(rq), status, std::move(*to));
    return true;
}

} // namespace checkwatches::net
