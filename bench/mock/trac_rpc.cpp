#include "bench/mock/trac.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>

namespace checkwatches::mock {

// A value, a fault, or the end of the whole request.
struct trac_rpc::outcome {
    std::string value{};
    int fault = 0;
    std::string message{};
    std::string title{"Trac Error"}; // of what a failure in a multicall is made
    bool hidden = false;             // a failure that the plugin cannot write into a multicall
    unsigned refused = 0;            // an HTTP status
    std::vector<told> tells{};
};

namespace {

constexpr std::string_view wire_head = "<?xml version='1.0'?>\n<methodResponse>\n";

std::string text_value(std::string_view text)
{
    std::string out = "<value><string>";
    for (char const c : text) // Python's marshaller leaves quotes alone
        if (c == '"')
            out += c;
        else
            append_xml(out, {&c, 1});
    return out + "</string></value>\n";
}

std::string number_value(std::int64_t n)
{
    return fmt::format("<value><int>{}</int></value>\n", n);
}

std::string time_value(std::int64_t t)
{
    return fmt::format("<value><dateTime.iso8601>{}</dateTime.iso8601></value>\n", xmlrpc_time(t));
}

std::string array_value(std::string_view values)
{
    return fmt::format("<value><array><data>\n{}</data></array></value>\n", values);
}

std::string struct_value(std::string_view members)
{
    return fmt::format("<value><struct>\n{}</struct></value>\n", members);
}

std::string member(std::string_view name, std::string_view value)
{
    return fmt::format("<member>\n<name>{}</name>\n{}</member>\n", name, value);
}

std::string fault_struct(int code, std::string_view message)
{
    return struct_value(member("faultCode", number_value(code)) + member("faultString", text_value(message)));
}

void append_ticket(std::string& out, trac_ground const& at, bug const& b)
{
    constexpr std::string_view names[]{
        "summary",
        "reporter",
        "owner",
        "description",
        "type",
        "status",
        "priority",
        "milestone",
        "component",
        "version",
        "severity",
        "resolution",
        "keywords"};
    std::string members;
    for (auto const name : names) {
        if (name == "severity" && !at.flavour.severities)
            continue;
        // The plugin reads the database: an open ticket's resolution is empty whatever the pages show.
        auto const value = name == "resolution" ? b.now().resolution : ticket_field(at, b, name);
        members += member(name, text_value(value));
    }
    members += member("cc", text_value("alice, x@example.org"));
    members += member("time", time_value(b.created));
    members += member("changetime", time_value(b.now().since));
    if (!at.flavour.rpc_old)
        members += member("_ts", text_value(fmt::format("{}000000", b.now().since)));
    out += array_value(
        number_value(b.id) + time_value(b.created) + time_value(b.now().since) + struct_value(members));
}

// TracQuery text as the fields of a URL: "id=1|2", "status!=closed".
form query_fields(std::string_view text)
{
    form fields;
    for (auto const part : split(text, '&')) {
        auto const equals = std::min(part.find('='), part.size());
        auto name = part.substr(0, equals);
        bool const negated = name.ends_with('!');
        if (negated)
            name.remove_suffix(1);
        for (auto const value : split(part.substr(std::min(equals + 1, part.size())), '|'))
            fields.emplace_back(name, fmt::format("{}{}", negated ? "!" : "", value));
    }
    return fields;
}

} // namespace

trac_rpc::outcome trac_rpc::ticket_get(rpc_value const& id, bool known)
{
    auto const number = read_id(id.text).value_or(0);
    ground_.site.bugs.record_asked(number);
    auto const* b = ground_.site.bugs.find(number);
    if (b == nullptr)
        return {
            .fault = 404,
            .message = fmt::format("Ticket {} does not exist.", number),
            .title = "Invalid ticket number"};
    if (b->hidden && !known)
        return {
            .fault = 403,
            .message = fmt::format(
                "TICKET_VIEW privileges are required to perform this operation on Ticket #{}. You don't have "
                "the "
                "required permissions.",
                b->id),
            .hidden = true};
    outcome made{.tells = {{b->id, b->version()}}};
    made.value = rows_.row("get", *b, [&](std::string& row, bug const&) { append_ticket(row, ground_, *b); });
    return made;
}

// [[time, author, field, before, after, permanent], …]: with each remark but the report, a status changes.
trac_rpc::outcome trac_rpc::change_log(rpc_value const& id, bool known)
{
    auto found = ticket_get(id, known);
    if (found.fault != 0)
        return found;
    auto const all = remarks_of(*ground_.site.bugs.find(read_id(id.text).value_or(0)));
    std::string rows;
    for (std::size_t i = 1; i < all.size(); ++i) {
        auto const row = [&](std::string_view field, std::string_view before, std::string_view after) {
            rows += array_value(
                time_value(all[i].at) + text_value(all[i].author) + text_value(field) + text_value(before)
                + text_value(after) + number_value(1));
        };
        row("status", "new", "assigned");
        row("comment", i % 2 == 0 ? fmt::format("1.{}", i) : fmt::format("{}", i), all[i].text);
    }
    return {.value = array_value(rows)};
}

trac_rpc::outcome trac_rpc::ticket_query(rpc_value const& text, bool known)
{
    bool const old = !version_at_least(ground_.flavour.version, "0.12");
    trac_query query{query_fields(text.text.empty() ? "status!=closed" : text.text), old};
    if (query.bad_ids)
        return {.fault = 1, .message = "'Invalid query constraint value' while executing 'ticket.query()'"};
    auto found = query.run(ground_, known);
    auto const most = query.most.value_or(100);
    if (most != 0)
        found.resize(std::min(found.size(), most));
    std::string ids;
    for (auto const* b : found)
        ids += number_value(b->id);
    return {.value = array_value(ids)};
}

trac_rpc::outcome trac_rpc::recent_changes(rpc_value const& since, bool known)
{
    auto const from = read_time(since.text);
    if (!from)
        return {.fault = 1, .message = "'bad date' while executing 'ticket.getRecentChanges()'"};
    std::string ids;
    for (auto const& b : ground_.site.bugs.all())
        if (b.now().since >= *from && (!b.hidden || known))
            ids += number_value(b.id);
    return {.value = array_value(ids)};
}

trac_rpc::outcome trac_rpc::multicall(rpc_value const& calls, bool known)
{
    outcome all;
    std::string elements;
    for (auto const& one : calls.items) {
        rpc_call what{.method = std::string{one.text_of("methodName")}};
        if (auto const* params = one.member("params"))
            what.params = params->items;
        auto made = call(what, known);
        if (made.fault == 0) {
            elements += array_value(made.value);
            all.tells.insert(all.tells.end(), made.tells.begin(), made.tells.end());
        }
        else if (ground_.flavour.rpc_old) {
            elements += fault_struct(
                2, fmt::format("'{}' while executing '{}()'", made.message, what.method));
        }
        else if (made.hidden) {
            // The exception holds a resource, which cannot be written.
            return {
                .message = "Unhandled protocol error calling 'system.multicall': cannot marshal <class "
                           "'trac.resource.Resource'> objects",
                .refused = 500};
        }
        else {
            elements += struct_value(
                member("_message", text_value(made.message)) + member("title", text_value(made.title))
                + member("show_traceback", "<value><boolean>0</boolean></value>\n"));
        }
    }
    all.value = array_value(elements);
    return all;
}

trac_rpc::outcome trac_rpc::call(rpc_call const& what, bool known)
{
    rpc_value const none;
    auto const& first = what.params.empty() ? none : what.params.front();
    if (what.method.starts_with("launchpad.") && ground_.flavour.launchpad)
        return launchpad_call(what, known);
    if (!ground_.flavour.rpc_anonymous && !known)
        return {
            .fault = 403,
            .message =
                "XML_RPC privileges are required to perform this operation. You don't have the required "
                "permissions."};
    if (ground_.flavour.rpc) {
        if (what.method == "system.getAPIVersion")
            return {
                .value = array_value(
                    number_value(ground_.flavour.rpc_old ? 0 : 1) + number_value(1)
                    + number_value(ground_.flavour.rpc_old ? 2 : 9))};
        if (what.method == "ticket.get")
            return ticket_get(first, known);
        if (what.method == "ticket.changeLog")
            return change_log(first, known);
        if (what.method == "ticket.query")
            return ticket_query(first, known);
        if (what.method == "ticket.getRecentChanges")
            return recent_changes(first, known);
        if (what.method == "system.multicall")
            return multicall(first, known);
    }
    return {.fault = -32601, .message = fmt::format("RPC method \"{}\" not found", what.method)};
}

trac_rpc::outcome trac_rpc::bug_info(rpc_value const& level, rpc_value const& criteria, bool known)
{
    auto const since = read_id(criteria.text_of("modified_since")).value_or(0);
    outcome made;
    std::string rows;
    auto const* ids = criteria.member("bugs");
    for (auto const text : ids == nullptr ? std::vector<std::string_view>{} : ids->texts()) {
        auto const id = read_id(text).value_or(0);
        ground_.site.bugs.record_asked(id);
        auto const* b = ground_.site.bugs.find(id);
        if (b == nullptr || (b->hidden && !known)) {
            rows += struct_value(member("id", text_value(text)) + member("status", text_value("missing")));
            continue;
        }
        if (b->now().since < since)
            continue;
        auto members = member("id", text_value(std::to_string(b->id)));
        if (level.text != "0") {
            members += member("status", text_value(b->now().status));
            members += member("resolution", text_value(b->now().resolution));
            members += member("priority", text_value(b->now().priority));
            made.tells.push_back({b->id, b->version()});
        }
        if (level.text == "2") {
            std::string written;
            for (auto const& one : remarks_of(*b))
                written += text_value(std::to_string(one.id));
            members += member("comments", array_value(written));
        }
        rows += struct_value(members);
    }
    made.value = array_value(number_value(ground_.site.now()) + array_value(rows));
    return made;
}

trac_rpc::outcome trac_rpc::get_comments(rpc_value const& ids, bool known)
{
    std::map<std::int64_t, remark> written;
    for (auto const& b : ground_.site.bugs.all())
        for (auto const& one : b.hidden && !known ? std::vector<remark>{} : remarks_of(b))
            written.emplace(one.id, one);
    std::string rows;
    for (auto const text : ids.texts()) {
        auto const found = written.find(read_id(text).value_or(0));
        if (found == written.end()) {
            rows += struct_value(member("id", text_value(text)) + member("type", text_value("missing")));
            continue;
        }
        auto const& one = found->second;
        rows += struct_value(
            member("id", text_value(text)) + member("type", text_value("comment"))
            + member("user", text_value(one.author)) + member("comment", text_value(one.text))
            + member("timestamp", number_value(one.at)));
    }
    return {.value = array_value(number_value(ground_.site.now()) + array_value(rows))};
}

trac_rpc::outcome trac_rpc::launchpad_call(rpc_call const& what, bool known)
{
    if (!known)
        return {.message = "Forbidden\n", .refused = 403};
    if (what.method == "launchpad.bugtracker_version")
        return {
            .value = array_value(
                text_value(ground_.flavour.version) + text_value("1.0")
                + "<value><boolean>0</boolean></value>\n")};
    if (what.method == "launchpad.time_snapshot") {
        auto const now = ground_.site.now();
        return {.value = array_value(text_value("UTC") + number_value(now) + number_value(now))};
    }
    if (what.method == "launchpad.bug_info" && what.params.size() == 2)
        return bug_info(what.params[0], what.params[1], known);
    if (what.method == "launchpad.get_comments" && what.params.size() == 1)
        return get_comments(what.params[0], known);
    return {.fault = -32601, .message = fmt::format("RPC method \"{}\" not found", what.method)};
}

answer trac_rpc::serve(request const& rq, bool authenticated)
{
    bool const known = authenticated || ground_.knows(rq);
    if (rq.method == "GET")
        return ground_.html(200, "Remote Procedure Call (RPC)");
    auto const type = rq.header("Content-Type");
    if (!type.starts_with("text/xml") && !type.starts_with("application/xml")) {
        auto a = ground_.page(415, "text/plain;charset=utf-8", false);
        a.body = fmt::format("No protocol matching Content-Type '{}' at path '{}'.", type, rq.path);
        return a;
    }
    auto const read = read_call(rq.body);
    auto made = read ? call(*read, known)
                     : outcome{.fault = -32700, .message = "unclosed token: line 1, column 12"};
    if (made.refused != 0) {
        auto a = ground_.page(made.refused, "text/plain;charset=utf-8", !known);
        a.body = made.message;
        return a;
    }
    auto a = ground_.page(200, type, !known);
    a.frame = answer::framing::length;
    if (made.fault != 0 && ground_.flavour.rpc_old)
        made = {
            .fault = made.fault == -32601 ? 1 : 2,
            .message = fmt::format("'{}' while executing '{}()'", made.message, read ? read->method : "")};
    a.body = wire_head;
    if (made.fault != 0)
        a.body += fmt::format("<fault>\n{}</fault>\n", fault_struct(made.fault, made.message));
    else
        a.body += fmt::format("<params>\n<param>\n{}</param>\n</params>\n", made.value);
    a.body += "</methodResponse>\n";
    a.tells = std::move(made.tells);
    return a;
}

} // namespace checkwatches::mock
