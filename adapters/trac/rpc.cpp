#include "adapters/trac/rpc.hpp"

#include "adapters/trouble.hpp"
#include "adapters/wire/page.hpp"
#include "adapters/wire/text.hpp"

#include <fmt/format.h>

namespace checkwatches::adapters::trac {
namespace {

constexpr std::string_view missing_mark = "does not exist";
constexpr std::string_view hidden_mark = "privileges are required";

request call_request(
    web_url const& base, rpc_place const& place, std::string_view method, wire::xmlrpc::array const& params)
{
    request rq{.method = "POST", .on_redirect = request::redirects::repost};
    rq.url = join(base, (place.logged_in ? "login/" : "") + place.path);
    rq.headers.emplace_back("Content-Type", "text/xml");
    rq.body = wire::xmlrpc::encode_call(method, params);
    if (place.logged_in)
        rq.login = login_place{.place = login_place::where::basic};
    return rq;
}

} // namespace

awaitable<result<rpc_answer>>
call(remote& at, rpc_place const& place, std::string_view method, wire::xmlrpc::array const& params)
{
    auto const answer = co_await at.ask(call_request(at.base(), place, method, params));
    if (!answer)
        co_return answer.error();
    if (auto wrong = wire::expect(*answer, {"text/xml", "application/xml"}))
        co_return tracker_trouble(std::move(*wrong));
    auto const decoded = wire::decode_text(answer->body, answer->header("Content-Type"));
    auto what = wire::xmlrpc::decode_answer(decoded.text);
    if (!what)
        co_return error{
            .kind = error_kind::protocol_error, .message = what.error().message, .request = answer->request};
    co_return rpc_answer{.what = std::move(*what), .replaced = decoded.replaced, .request = answer->request};
}

error fault_error(wire::xmlrpc::fault const& why, std::string request)
{
    return error{
        .kind = why.code == 403 ? error_kind::auth_failed : error_kind::protocol_error,
        .message = fmt::format("fault {}: {}", why.code, shortened(why.text)),
        .request = std::move(request)};
}

std::optional<outcome> fault_outcome(std::int64_t code, std::string_view text)
{
    auto const words = wire::lower(text);
    if (code == 404 || words.find(missing_mark) != std::string::npos)
        return outcome::not_found;
    if (code == 403 || words.find(hidden_mark) != std::string::npos)
        return outcome::forbidden;
    return std::nullopt;
}

} // namespace checkwatches::adapters::trac
