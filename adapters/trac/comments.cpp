// ticket.changeLog(42) → [[time, author, field, before, after, permanent], …]
//
// A comment is a change of the field "comment": `before` is its number ("7", or "3.7" where it answers the
// third), `after` its text, which is empty where only other fields changed. Earlier wordings of an edited
// comment are fields "_comment0", …. The second parameter is a time and not a beginning: the whole log is
// read. ticket.get(42) → [id, created, changed, {description, reporter, …}] has the report.
//
// launchpad.bug_info(2, {bugs: [42]}) → [epoch, [{id, status, …, comments: [id, …]}]], and
// launchpad.get_comments([id, …]) → [epoch, [{id, type, user, comment, timestamp}, …]], where a comment that
// is not there is of the type "missing". It neither tells the report nor what is new since a time.

#include "adapters/trac/comments.hpp"

#include "adapters/trouble.hpp"
#include "adapters/wire/text.hpp"

#include <algorithm>

namespace checkwatches::adapters::trac {
namespace {

namespace xmlrpc = wire::xmlrpc;
using comments = std::vector<comment>;

constexpr std::size_t most_comments = 5'000; // of one ticket
constexpr std::size_t most_at_once = 100;    // asked for by their ids

error not_as_promised(std::string_view what, rpc_answer const& in)
{
    return error{
        .kind = error_kind::unparsable,
        .message = "answered with something else than " + std::string{what},
        .request = in.request};
}

// The value that a call about one ticket came to.
result<xmlrpc::value const*> value_of(rpc_answer const& in)
{
    auto const* const fault = std::get_if<xmlrpc::fault>(&in.what);
    if (fault == nullptr)
        return &std::get<xmlrpc::value>(in.what);
    auto e = fault_error(*fault, in.request);
    auto const what = fault_outcome(fault->code, fault->text);
    if (what == outcome::not_found)
        e.kind = error_kind::not_found;
    else if (what == outcome::forbidden)
        e.kind = error_kind::forbidden;
    return e;
}

xmlrpc::value to_number(std::string const& id)
{
    auto const number = xmlrpc::value{id}.integer();
    return number ? xmlrpc::value{*number} : xmlrpc::value{id};
}

std::string text_of(xmlrpc::value const& in, std::string_view name)
{
    auto const* const member = in.member(name);
    return member == nullptr ? std::string{} : member->as_text();
}

// A row of the log of changes, where it is a comment.
std::optional<comment> to_comment(xmlrpc::value const& row)
{
    auto const* const parts = row.items();
    if (parts == nullptr || parts->size() < 5 || (*parts)[2].as_text() != "comment")
        return std::nullopt;
    auto const number = (*parts)[3].as_text();
    comment out{
        .remote_id = number.substr(number.rfind('.') + 1),
        .author = (*parts)[1].as_text(),
        .at = (*parts)[0].as_utc(),
        .text = (*parts)[4].as_text()};
    if (out.remote_id.empty() && out.at) // of a Trac before 0.10, whose comments have no numbers
        out.remote_id = format_time(*out.at);
    if (out.remote_id.empty() || wire::trimmed(out.text).empty())
        return std::nullopt;
    return out;
}

// Those of `since` or later, oldest first.
comments in_order(comments all, std::optional<utc_time> since)
{
    if (since)
        std::erase_if(all, [&](comment const& c) { return c.at && *c.at < *since; });
    sort_by_time(all);
    return all;
}

awaitable<result<comment>> read_report(remote& at, rpc_place const& place, std::string const& id)
{
    xmlrpc::array params;
    params.push_back(to_number(id));
    auto const got = co_await call(at, place, "ticket.get", params);
    if (!got)
        co_return got.error();
    auto const ticket = value_of(*got);
    if (!ticket)
        co_return ticket.error();
    auto const* const parts = (*ticket)->items();
    if (parts == nullptr || parts->size() < 4)
        co_return not_as_promised("a ticket", *got);
    co_return comment{
        .remote_id = "description",
        .author = text_of((*parts)[3], "reporter"),
        .at = (*parts)[1].as_utc(),
        .text = text_of((*parts)[3], "description")};
}

// The ids of the comments of the one ticket in [epoch, [{id, status, comments}]].
result<std::vector<std::string>> ids_in(rpc_answer const& in)
{
    auto const value = value_of(in);
    if (!value)
        return value.error();
    auto const* const pair = (*value)->items();
    auto const* const bugs = pair == nullptr || pair->size() < 2 ? nullptr : (*pair)[1].items();
    if (bugs == nullptr || bugs->size() != 1)
        return not_as_promised("one bug", in);
    auto const& bug = bugs->front();
    if (text_of(bug, "status") == "missing")
        return error{
            .kind = error_kind::not_found,
            .message = "the tracker calls the bug missing",
            .request = in.request};
    auto const* const list = bug.member("comments");
    if (list == nullptr || list->items() == nullptr)
        return not_as_promised("a bug with comments", in);
    std::vector<std::string> out;
    for (auto const& id : *list->items())
        if (auto text = id.as_text(); !text.empty() && out.size() < most_comments)
            out.push_back(std::move(text));
    return out;
}

// Adds the comments in [epoch, [{id, type, user, comment, timestamp}, …]].
std::optional<error> add_comments(rpc_answer const& in, comments& to)
{
    auto const value = value_of(in);
    if (!value)
        return value.error();
    auto const* const pair = (*value)->items();
    auto const* const list = pair == nullptr || pair->size() < 2 ? nullptr : (*pair)[1].items();
    if (list == nullptr)
        return not_as_promised("comments", in);
    for (auto const& one : *list) {
        comment c{
            .remote_id = text_of(one, "id"), .author = text_of(one, "user"), .text = text_of(one, "comment")};
        auto const* const seconds = one.member("timestamp");
        if (auto const number = seconds == nullptr ? std::nullopt : seconds->integer())
            c.at = utc_time{std::chrono::seconds{*number}};
        if (!c.remote_id.empty() && text_of(one, "type") != "missing")
            to.push_back(std::move(c));
    }
    return std::nullopt;
}

} // namespace

awaitable<result<comments>>
read_change_log(remote& at, rpc_place const& place, std::string const& id, std::optional<utc_time> since)
{
    xmlrpc::array params;
    params.push_back(to_number(id));
    auto const got = co_await call(at, place, "ticket.changeLog", params);
    if (!got)
        co_return got.error();
    auto const log = value_of(*got);
    if (!log)
        co_return log.error();
    if ((*log)->items() == nullptr)
        co_return not_as_promised("a log of changes", *got);
    comments out;
    if (!since) {
        auto report = co_await read_report(at, place, id);
        if (!report)
            co_return report.error();
        out.push_back(std::move(*report));
    }
    for (auto const& row : *(*log)->items())
        if (auto c = to_comment(row); c && out.size() < most_comments)
            out.push_back(std::move(*c));
    co_return in_order(std::move(out), since);
}

awaitable<result<comments>>
read_by_launchpad_plugin(remote& at, std::string const& id, std::optional<utc_time> since)
{
    constexpr std::int64_t with_ids_of_comments = 2;
    rpc_place const place{.path = "xmlrpc"};
    xmlrpc::array bugs;
    bugs.emplace_back(id);
    xmlrpc::members criteria;
    criteria.emplace_back("bugs", std::move(bugs));
    xmlrpc::array params;
    params.emplace_back(with_ids_of_comments);
    params.emplace_back(std::move(criteria));
    auto const info = co_await call(at, place, "launchpad.bug_info", params);
    if (!info)
        co_return info.error();
    auto const ids = ids_in(*info);
    if (!ids)
        co_return ids.error();
    comments out;
    for (std::size_t next = 0; next < ids->size(); next += most_at_once) {
        xmlrpc::array some;
        for (auto i = next; i != std::min(next + most_at_once, ids->size()); ++i)
            some.emplace_back((*ids)[i]);
        xmlrpc::array wanted;
        wanted.emplace_back(std::move(some));
        auto const got = co_await call(at, place, "launchpad.get_comments", wanted);
        if (!got)
            co_return got.error();
        if (auto wrong = add_comments(*got, out))
            co_return std::move(*wrong);
    }
    co_return in_order(std::move(out), since);
}

} // namespace checkwatches::adapters::trac
