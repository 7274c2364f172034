#include "adapters/jira/ask.hpp"

#include "adapters/trouble.hpp"
#include "adapters/wire/page.hpp"
#include "adapters/wire/text.hpp"

namespace checkwatches::adapters::jira {
namespace {

constexpr unsigned ok = 200;
constexpr unsigned bad_request = 400;

void add_login(request& rq, std::string_view login)
{
    if (login == by_basic)
        rq.login = login_place{.place = login_place::where::basic};
    else if (login == by_bearer)
        rq.login = login_place{
            .place = login_place::where::header, .name = "Authorization", .prefix = "Bearer "};
}

std::vector<std::string> complaints_in(wire::json_object const& root)
{
    std::vector<std::string> out;
    std::string_view text;
    if (auto const messages = wire::array_member(root, "errorMessages"))
        for (auto const one : *messages)
            if (one.get_string().get(text) == simdjson::SUCCESS)
                out.emplace_back(text);
    if (auto const errors = wire::object_member(root, "errors"))
        for (auto const one : *errors)
            if (one.value.get_string().get(text) == simdjson::SUCCESS)
                out.emplace_back(text);
    return out;
}

// Why a login was not taken, in the words of Jira's headers; empty where it was.
std::string login_refusal(reply const& from, std::string_view login)
{
    auto const reason = from.header("X-Seraph-LoginReason");
    auto const denied = from.header("X-Authentication-Denied-Reason");
    if (denied.find("CAPTCHA") != std::string_view::npos)
        return "too many wrong logins: a person must log in there and solve the CAPTCHA";
    if (login.empty())
        return {};
    if (reason.starts_with("AUTHENTICATED_FAILED") || reason.starts_with("AUTHENTICATION_DENIED"))
        return "the login was refused: " + shortened(reason);
    if (from.header("X-AUSERNAME") == "anonymous")
        return "the login was ignored: the answer is for nobody";
    return {};
}

} // namespace

std::string_view login_of(remote const& at)
{
    if (!at.has_credential())
        return {};
    return at.has_user() ? by_basic : by_bearer;
}

request get(remote const& at, std::string_view relative, std::string_view login)
{
    request rq{.url = join(at.api().value_or(at.base()), relative)};
    rq.headers.emplace_back("Accept", "application/json");
    add_login(rq, login);
    return rq;
}

request post(remote const& at, std::string_view relative, std::string body, std::string_view login)
{
    auto rq = get(at, relative, login);
    rq.method = "POST";
    rq.headers.emplace_back("Content-Type", "application/json");
    rq.headers.emplace_back("X-Atlassian-Token", "no-check"); // it takes a POST for a forged one without
    rq.body = std::move(body);
    return rq;
}

result<document> read_document(reply const& from, std::string_view login)
{
    auto const type = from.header("Content-Type");
    if (auto refusal = login_refusal(from, login); !refusal.empty())
        return error{.kind = error_kind::auth_failed, .message = std::move(refusal), .request = from.request};
    if (wire::media_type(type) != "application/json")
        return wire::explain(from);
    auto json = wire::decode_json(from.body, type);
    bool const good = from.status == ok || from.status == bad_request;
    if (!json && !good)
        return wire::explain(from);
    if (!json)
        return error{
            .kind = error_kind::unparsable, .message = json.error().message, .request = from.request};
    document out{.json = std::move(json->document), .root = {}, .replaced = json->replaced};
    if (out.json.root().get_object().get(out.root) != simdjson::SUCCESS)
        return good
                   ? error{.kind = error_kind::unparsable, .message = "the JSON is no object", .request = from.request}
                   : wire::explain(from);
    out.complaints = complaints_in(out.root);
    if (good)
        return out;
    auto why = wire::explain(from);
    if (!out.complaints.empty())
        why.message = shortened(out.complaints.front());
    return why;
}

bool is_own_refusal(reply const& from)
{
    if (wire::media_type(from.header("Content-Type")) != "application/json")
        return false;
    auto const json = wire::decode_json(from.body, from.header("Content-Type"));
    wire::json_object root;
    return json && json->document.root().get_object().get(root) == simdjson::SUCCESS
           && !complaints_in(root).empty();
}

} // namespace checkwatches::adapters::jira
