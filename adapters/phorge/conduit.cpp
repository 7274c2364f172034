#include "adapters/phorge/conduit.hpp"

#include "adapters/trouble.hpp"
#include "adapters/wire/page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace checkwatches::adapters::phorge {
namespace {

constexpr std::array<std::string_view, 4> of_the_login{
    "ERR-INVALID-AUTH", "ERR-INVALID-SESSION", "ERR-OAUTH-ACCESS", "ERR-INVALID-TOKEN"};

error_kind kind_of(std::string_view code)
{
    if (std::ranges::find(of_the_login, code) != of_the_login.end())
        return error_kind::auth_failed;
    return code == "ERR-CONDUIT-CALL" ? error_kind::unsupported : error_kind::protocol_error;
}

request call_request(remote const& at, std::string_view method, fields const& params)
{
    request rq{.method = "POST", .on_redirect = request::redirects::repost};
    rq.url = join(at.api().value_or(join(at.base(), "api")), method);
    rq.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    rq.headers.emplace_back("Accept", "application/json");
    rq.body = form_encode(params);
    if (at.has_credential()) {
        rq.body += fmt::format("{}api.token={}", rq.body.empty() ? "" : "&", secret_slot);
        rq.login = login_place{.place = login_place::where::body};
    }
    return rq;
}

error protocol_error(std::string message, reply const& from)
{
    return error{.kind = error_kind::protocol_error, .message = std::move(message), .request = from.request};
}

} // namespace

awaitable<result<conduit_answer>> call(remote& at, std::string_view method, fields const& params)
{
    auto const answer = co_await at.ask(call_request(at, method, params));
    if (!answer)
        co_return answer.error();
    if (auto wrong = wire::expect(*answer, {"application/json"}))
        co_return tracker_trouble(std::move(*wrong));
    auto json = wire::decode_json(answer->body, answer->header("Content-Type"));
    if (!json)
        co_return protocol_error(json.error().message, *answer);
    wire::json_object root;
    wire::json_element result;
    bool const of_conduit = json->document.root().get_object().get(root) == simdjson::SUCCESS
                            && root["result"].get(result) == simdjson::SUCCESS
                            && root["error_code"].error() == simdjson::SUCCESS;
    if (!of_conduit)
        co_return protocol_error("the JSON is no answer of Conduit", *answer);
    auto const code = wire::text_member(root, "error_code");
    if (!code.empty()) {
        auto const info = wire::text_member(root, "error_info");
        error why{.kind = kind_of(code), .request = answer->request};
        why.message = shortened(code + ": " + info);
        co_return why;
    }
    co_return conduit_answer{
        .json = std::move(json->document),
        .result = result,
        .replaced = json->replaced,
        .request = answer->request};
}

} // namespace checkwatches::adapters::phorge
