// GET {root}/rest/bug/ID/comment?new_since=2026-11-20T10:00:00Z&include_fields=…
//   → {"bugs":{"42":{"comments":[{"id":7,"creator":"…","time":"…Z","text":"…","is_private":false},…]}},
//      "comments":{}}
// POST {root}/xmlrpc.cgi, Bug.comments({ids:[42], new_since}) → the same as structs; since 3.4.
//
// `new_since` means later than, not at, and comes in whole seconds: a second earlier is asked for. The key
// below "bugs" is the bug's number, also where it was asked for by its alias. Before 4.0 a creator is called
// "author". The first comment is the report.

#include "adapters/bugzilla/comments.hpp"

#include "adapters/bugzilla/fault.hpp"
#include "adapters/bugzilla/protocol.hpp"
#include "adapters/bugzilla/rest.hpp"
#include "adapters/bugzilla/rpc.hpp"
#include "adapters/wire/text.hpp"

#include <fmt/format.h>

#include <charconv>

namespace checkwatches::adapters::bugzilla {
namespace {

namespace xmlrpc = wire::xmlrpc;
using comments = std::vector<comment>;

// What a fault of this code says about the one bug that was asked for, or about the tracker.
error fault_error(std::int64_t code, std::string_view message, std::string const& request)
{
    auto e = error_of(code, message, request);
    auto const what = outcome_of(code);
    if (what == outcome::forbidden)
        e.kind = error_kind::forbidden;
    else if (what)
        e.kind = error_kind::not_found;
    return e;
}

request rest_request(place const& where, std::string const& id, std::optional<utc_time> after)
{
    auto relative = fmt::format(
        "{}/bug/{}/comment?include_fields=id,creator,author,time,creation_time,text,is_private",
        where.can.protocol,
        percent_encode(id));
    if (after)
        relative += "&new_since=" + format_time(*after);
    return rest_get(where.root, relative, way_of(where));
}

std::optional<comment> to_comment(wire::json_object const& in)
{
    using wire::text_member;
    auto const first_of = [&](std::string_view name, std::string_view old) {
        auto text = text_member(in, name);
        return text.empty() ? text_member(in, old) : text;
    };
    comment out{
        .remote_id = text_member(in, "id"),
        .author = first_of("creator", "author"),
        .at = parse_time(first_of("time", "creation_time"), naive_time::is_utc),
        .text = text_member(in, "text")};
    bool const for_insiders = wire::flag_member(in, "is_private").value_or(false);
    if (out.remote_id.empty() || for_insiders)
        return std::nullopt;
    return out;
}

result<comments> read_rest_comments(reply const& answer)
{
    auto const in = read_rest(answer);
    if (!in)
        return in.error();
    if (auto const code = in->fault())
        return fault_error(*code, in->message(), answer.request);
    auto const bugs = wire::object_member(in->root, "bugs");
    if (!bugs || bugs->size() != 1)
        return unreadable(answer, "the JSON does not speak of one bug");
    wire::json_object bug;
    if ((*bugs->begin()).value.get_object().get(bug) != simdjson::SUCCESS)
        return unreadable(answer, "the JSON has no comments of the bug");
    auto const list = wire::array_member(bug, "comments");
    if (!list)
        return unreadable(answer, "the JSON has no list of comments");
    comments out;
    for (auto const item : *list) {
        wire::json_object one;
        if (item.get_object().get(one) != simdjson::SUCCESS)
            continue;
        if (auto c = to_comment(one))
            out.push_back(std::move(*c));
    }
    return out;
}

std::optional<comment> to_comment(xmlrpc::value const& in)
{
    auto const text_of = [&](std::string_view name) {
        auto const* const found = in.member(name);
        return found == nullptr ? std::string{} : found->as_text();
    };
    comment out{.remote_id = text_of("id"), .author = text_of("creator"), .text = text_of("text")};
    if (out.author.empty())
        out.author = text_of("author");
    if (auto const* const time = in.member("time"))
        out.at = time->as_utc();
    auto const* const hidden = in.member("is_private");
    auto const* const flag = hidden == nullptr ? nullptr : std::get_if<bool>(&hidden->get());
    bool const for_insiders = (flag != nullptr && *flag) || text_of("is_private") == "1";
    if (out.remote_id.empty() || for_insiders)
        return std::nullopt;
    return out;
}

result<comments> read_rpc_comments(reply const& answer)
{
    auto const in = read_rpc(answer);
    if (!in)
        return in.error();
    if (auto const* const fault = in->fault())
        return fault_error(fault->code, fault->text, answer.request);
    auto const* const bugs = in->value()->member("bugs");
    auto const* const by_id = bugs == nullptr ? nullptr : bugs->fields();
    if (by_id == nullptr || by_id->size() != 1)
        return unreadable(answer, "the XML-RPC response does not speak of one bug");
    auto const* const list = by_id->front().second.member("comments");
    if (list == nullptr || list->items() == nullptr)
        return unreadable(answer, "the XML-RPC response has no list of comments");
    comments out;
    for (auto const& item : *list->items())
        if (auto c = to_comment(item))
            out.push_back(std::move(*c));
    return out;
}

request rpc_request(place const& where, std::string const& id, std::optional<utc_time> after)
{
    std::int64_t number = 0;
    auto const read = std::from_chars(id.data(), id.data() + id.size(), number);
    bool const whole = read.ec == std::errc{} && read.ptr == id.data() + id.size();
    xmlrpc::array ids;
    ids.push_back(whole ? xmlrpc::value{number} : xmlrpc::value{id});
    xmlrpc::members params;
    params.emplace_back("ids", std::move(ids));
    if (after)
        params.emplace_back("new_since", xmlrpc::to_date_time(*after));
    return rpc_call(where.root, "Bug.comments", std::move(params), way_of(where));
}

} // namespace

awaitable<result<comments>>
read_comments(remote& at, place where, std::string const& id, std::optional<utc_time> since)
{
    bool const by_rpc = where.can.protocol == xmlrpc_protocol().word();
    bool const by_rest = where.can.protocol == rest_protocol().word()
                         || where.can.protocol == rest_cgi_protocol().word();
    if (!by_rpc && !by_rest)
        co_return error{
            .kind = error_kind::unsupported,
            .message = fmt::format("no comments are read by \"{}\"", where.can.protocol)};
    std::optional<utc_time> after;
    if (since)
        after = std::chrono::floor<std::chrono::seconds>(*since) - std::chrono::seconds{1};
    auto rq = by_rpc ? rpc_request(where, id, after) : rest_request(where, id, after);
    auto const answer = co_await at.ask(std::move(rq));
    if (!answer)
        co_return answer.error();
    auto out = by_rpc ? read_rpc_comments(*answer) : read_rest_comments(*answer);
    if (out)
        sort_by_time(*out);
    co_return out;
}

} // namespace checkwatches::adapters::bugzilla
