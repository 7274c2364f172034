#include "bench/mock/bugzilla.hpp"
#include "bench/mock/xmlrpc_call.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace checkwatches::mock {

namespace {

constexpr std::string_view declaration = R"(<?xml version="1.0" encoding="UTF-8"?>)";

void append_text(std::string& out, std::string_view text)
{
    if (text.empty()) {
        out += "<string />";
        return;
    }
    out += "<string>";
    for (char const c : text) { // SOAP::Lite leaves quotes alone
        if (c == '"')
            out += c;
        else
            append_xml(out, {&c, 1});
    }
    out += "</string>";
}

struct xml_writer {
    std::string& out;

    void operator()(std::monostate) const {}
    void operator()(std::int64_t n) const { fmt::format_to(std::back_inserter(out), "<int>{}</int>", n); }
    void operator()(bool yes) const { out += yes ? "<boolean>1</boolean>" : "<boolean>0</boolean>"; }
    void operator()(std::string_view text) const { append_text(out, text); }
    void operator()(moment m) const
    {
        fmt::format_to(std::back_inserter(out), "<dateTime.iso8601>{}</dateTime.iso8601>", xmlrpc_time(m.at));
    }
    void operator()(person p) const
    {
        fmt::format_to(
            std::back_inserter(out),
            "<struct><member><name>email</name><value><string>{0}</string></value></member>"
            "<member><name>name</name><value><string>{0}</string></value></member>"
            "<member><name>id</name><value><int>2</int></value></member></struct>",
            p.name);
    }
    void operator()(std::vector<std::string_view> const& list) const
    {
        out += list.empty() ? "<array><data />" : "<array><data>";
        for (auto const item : list) {
            out += "<value>";
            append_text(out, item);
            out += "</value>";
        }
        out += list.empty() ? "</array>" : "</data></array>";
    }
};

void append_member(std::string& out, std::string_view name, field_value const& value)
{
    fmt::format_to(std::back_inserter(out), "<member><name>{}</name><value>", name);
    std::visit(xml_writer{out}, value);
    out += "</value></member>";
}

// <member> NAME holding these elements, which are <value>s already.
std::string array_member(std::string_view name, std::string_view values)
{
    return fmt::format(
        "<member><name>{}</name><value><array>{}{}{}</array></value></member>",
        name,
        values.empty() ? "<data />" : "<data>",
        values,
        values.empty() ? "" : "</data>");
}

} // namespace

// A value, or a fault with a number or with a word.
struct bugzilla_xmlrpc::reply {
    std::string value{};
    int fault = 0;
    std::string fault_word{};
    std::string message{};
    bool anonymous = true;
    std::vector<told> tells{};
    form headers{};

    static reply refused(bugzilla_refusal const& why) { return {.fault = why.code, .message = why.message}; }

    std::string document(bool swapped) const
    {
        if (fault == 0 && fault_word.empty())
            return fmt::format(
                "{}<methodResponse><params><param><value>{}</value></param></params></methodResponse>",
                declaration,
                value);
        std::string code = "<member><name>faultCode</name><value>";
        code += fault_word.empty() ? fmt::format("<int>{}</int>", fault)
                                   : fmt::format("<string>{}</string>", fault_word);
        code += "</value></member>";
        std::string text;
        append_member(text, "faultString", std::string_view{message});
        return fmt::format(
            "{}<methodResponse><fault><value><struct>{}{}</struct></value></fault></methodResponse>",
            declaration,
            swapped ? text : code,
            swapped ? code : text);
    }
};

namespace {

struct asked_bugs {
    std::string bugs{};
    std::string faults{};
    std::vector<told> tells{};
    std::optional<bugzilla_refusal> refused{};
};

// The bugs of Bug.get and Bug.search, one <value> each.
class bug_writer {
public:
    bug_writer(bugzilla_ground& ground, row_cache& rows, rpc_value const& args) : ground_(ground), rows_(rows)
    {
        std::vector<std::string_view> wanted;
        if (auto const* list = args.member("include_fields"))
            wanted = list->texts();
        bool const old = !version_at_least(ground.flavour.version, "4.0");
        if (!version_at_least(ground.flavour.version, "3.6"))
            wanted.clear();
        fields_ = known_fields(wanted, old, false);
        for (auto const name : fields_)
            shape_ += fmt::format("{},", name);
    }

    void append(asked_bugs& to, bug const& b)
    {
        to.bugs += rows_.row(shape_, b, [&](std::string& row, bug const&) {
            row += "<value><struct>";
            auto const first = first_member(b, fields_.size());
            for (std::size_t i = 0; i < fields_.size(); ++i) {
                auto const name = fields_[(first + i) % fields_.size()];
                auto const value = value_of(ground_, b, name);
                // Null members are left out, as SOAP::Lite's server strips them.
                if (!std::holds_alternative<std::monostate>(value))
                    append_member(row, name, value);
            }
            row += "</struct></value>";
        });
        to.tells.push_back({b.id, b.version()});
    }

private:
    bugzilla_ground& ground_;
    row_cache& rows_;
    std::vector<std::string_view> fields_;
    std::string shape_;
};

void append_fault(asked_bugs& to, std::string_view id, bugzilla_refusal const& why)
{
    to.faults += "<value><struct>";
    append_member(to.faults, "faultString", std::string_view{why.message});
    if (auto const number = read_id(id))
        append_member(to.faults, "id", *number);
    else
        append_member(to.faults, "id", id);
    append_member(to.faults, "faultCode", std::int64_t{why.code});
    to.faults += "</struct></value>";
}

asked_bugs get_bugs(bugzilla_ground& ground, row_cache& rows, rpc_value const& args, visitor const& by)
{
    asked_bugs got;
    auto const* ids = args.member("ids");
    if (ids == nullptr) {
        got.refused = bugzilla_refusal{
            50, "The function Bug.get requires a ids argument, and that argument was not set."};
        return got;
    }
    bug_writer writer{ground, rows, args};
    auto const permissive = args.text_of("permissive");
    bool const tolerant = !permissive.empty() && permissive != "0";
    for (auto const id : ids->texts()) {
        auto const found = ground.bug_for(by, id);
        if (auto const* b = std::get_if<bug const*>(&found)) {
            writer.append(got, **b);
            continue;
        }
        auto const& why = std::get<bugzilla_refusal>(found);
        if (!tolerant) {
            got.refused = why;
            return got;
        }
        append_fault(got, id, why);
    }
    return got;
}

asked_bugs search_bugs(bugzilla_ground& ground, row_cache& rows, rpc_value const& args, visitor const& by)
{
    asked_bugs got;
    bug_writer writer{ground, rows, args};
    auto const since = read_time(args.text_of("last_change_time")).value_or(0);
    auto const limit = static_cast<std::size_t>(read_id(args.text_of("limit")).value_or(0));
    std::vector<bug const*> candidates;
    if (auto const* ids = args.member("id")) {
        for (auto const text : ids->texts()) {
            auto const id = read_id(text).value_or(0);
            ground.site.bugs.record_asked(id);
            if (auto const* b = ground.site.bugs.find(id))
                candidates.push_back(b);
        }
        std::ranges::sort(candidates, {}, &bug::id);
    }
    else {
        for (auto const& b : ground.site.bugs.all())
            candidates.push_back(&b);
    }
    for (auto const* b : candidates) {
        if (limit != 0 && got.tells.size() == limit)
            break;
        if ((!b->hidden || by.known) && b->now().since >= since)
            writer.append(got, *b);
    }
    return got;
}

// Bug.comments: a refusal, or the struct.
std::variant<bugzilla_refusal, std::string>
comments(bugzilla_ground& ground, rpc_value const& args, visitor const& by)
{
    auto const* ids = args.member("ids");
    if (ids == nullptr)
        return bugzilla_refusal{
            50, "The function Bug.comments requires a ids argument, and that argument was not set."};
    auto const since = read_time(args.text_of("new_since"));
    bool const old = !version_at_least(ground.flavour.version, "4.0");
    std::string by_bug;
    for (auto const id : ids->texts()) {
        auto const found = ground.bug_for(by, id);
        if (auto const* why = std::get_if<bugzilla_refusal>(&found))
            return *why;
        auto const& b = *std::get<bug const*>(found);
        std::string list;
        for (auto const& written : remarks_of(b)) {
            if (since && written.at <= *since)
                continue;
            list += "<value><struct>";
            append_member(list, "id", written.id);
            append_member(list, "bug_id", std::int64_t{b.id});
            append_member(list, "time", moment{written.at});
            append_member(list, old ? "author" : "creator", std::string_view{written.author});
            append_member(list, "text", std::string_view{written.text});
            append_member(list, "is_private", false);
            list += "</struct></value>";
        }
        by_bug += fmt::format(
            "<member><name>{}</name><value><struct>{}</struct></value></member>",
            b.id,
            array_member("comments", list));
    }
    return fmt::format(
        "<struct><member><name>bugs</name><value><struct>{}</struct></value></member>"
        "<member><name>comments</name><value><struct></struct></value></member></struct>",
        by_bug);
}

std::string time_value(bugzilla_ground const& ground)
{
    auto const now = ground.site.now();
    std::string value = "<struct>";
    append_member(value, "db_time", moment{now});
    append_member(value, "web_time", moment{now});
    append_member(value, "tz_name", std::string_view{"UTC"});
    if (ground.flavour.utc_time)
        append_member(value, "web_time_utc", moment{now});
    return value + "</struct>";
}

} // namespace

bugzilla_xmlrpc::reply bugzilla_xmlrpc::call(request const& rq)
{
    auto const type = rq.header("Content-Type");
    if (!type.starts_with("text/xml"))
        return {
            .fault_word = "Client",
            .message = fmt::format(
                "Content-Type must be 'text/xml,' 'multipart/*,' 'application/soap+xml,' 'or "
                "'application/dime' instead of '{}'",
                type)};
    auto const read = read_call(rq.body);
    if (!read)
        return {
            .fault_word = "Client",
            .message = "Application failed during request deserialization: \nno element found at line 1, "
                       "column 0, byte -1"};
    auto const& method = read->method;
    if (method.starts_with("system."))
        return {
            .fault_word = "Client",
            .message = "Can't locate .pm in @INC (@INC contains: ./extensions . lib /etc/perl) at "
                       "Bugzilla/WebService/Server/XMLRPC.pm line 115.\n"};
    if (method == "Bugzilla.version") {
        reply r{.value = "<struct>"};
        append_member(r.value, "version", std::string_view{ground_.flavour.version});
        r.value += "</struct>";
        return r;
    }

    rpc_value const none;
    auto const& args = read->params.empty() ? none : read->params.front();
    auto const by = who(rq, args, method == "User.login");
    if (by.refused)
        return reply::refused(*by.refused);
    if (ground_.flavour.require_login && !by.known)
        return reply::refused({410, std::string{login_needed}});
    return run(method, args, by);
}

visitor bugzilla_xmlrpc::who(request const& rq, rpc_value const& args, bool logs_in) const
{
    auto by = ground_.who(
        ground_.key_of(rq, args.text_of("Bugzilla_api_key")),
        args.text_of(logs_in ? "login" : "Bugzilla_login"),
        args.text_of(logs_in ? "password" : "Bugzilla_password"),
        args.text_of("Bugzilla_token"));
    by.known = by.known || rq.cookie("Bugzilla_logincookie") == good_logincookie;
    return by;
}

bugzilla_xmlrpc::reply bugzilla_xmlrpc::run(std::string_view method, rpc_value const& args, visitor const& by)
{
    bool const modern = version_at_least(ground_.flavour.version, "5.0");
    reply r{.anonymous = !by.known};
    if (method == "User.login") {
        r.value = "<struct>";
        append_member(r.value, "id", std::int64_t{3});
        if (modern)
            append_member(r.value, "token", good_token);
        else
            r.headers = {
                {"Set-Cookie", "Bugzilla_login=3; path=/"},
                {"Set-Cookie", fmt::format("Bugzilla_logincookie={}; path=/; HttpOnly", good_logincookie)}};
        r.value += "</struct>";
    }
    else if (method == "User.valid_login" && modern) {
        bool const valid = by.known && args.text_of("login") == good_user;
        r.value = fmt::format("<boolean>{}</boolean>", valid ? 1 : 0);
    }
    else if (method == "Bugzilla.time") {
        r.value = time_value(ground_);
    }
    else if (method == "Bug.comments") {
        auto made = comments(ground_, args, by);
        if (auto const* why = std::get_if<bugzilla_refusal>(&made))
            return reply::refused(*why);
        r.value = std::get<std::string>(std::move(made));
    }
    else if (method == "Bug.get" || method == "Bug.search") {
        bool const get = method == "Bug.get";
        auto got = get ? get_bugs(ground_, rows_, args, by) : search_bugs(ground_, rows_, args, by);
        if (got.refused)
            return reply::refused(*got.refused);
        auto const bugs = array_member("bugs", got.bugs);
        auto const faults = get ? array_member("faults", got.faults) : std::string{};
        bool const faults_first = ground_.answers % 2 == 1;
        r.value = fmt::format(
            "<struct>{}{}</struct>", faults_first ? faults : bugs, faults_first ? bugs : faults);
        r.tells = std::move(got.tells);
    }
    else {
        return reply::refused({-32601, fmt::format("The requested method '{}' was not found.", method)});
    }
    return r;
}

answer bugzilla_xmlrpc::serve(request const& rq)
{
    auto made = call(rq);
    auto headers = std::move(made.headers);
    headers.emplace_back("ETag", base64_tag(scramble(ground_.answers), ground_.answers));
    auto a = ground_.page(
        200, {{"SOAPServer", "SOAP::Lite/Perl/1.27"}}, "text/xml", made.anonymous, std::move(headers));
    a.body = made.document(ground_.answers % 2 == 0);
    a.tells = std::move(made.tells);
    return a;
}

} // namespace checkwatches::mock
