#include "bench/mock/bugzilla.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace checkwatches::mock {

namespace {

constexpr std::string_view json_type = "application/json; charset=UTF-8";

struct json_writer {
    std::string& out;

    void operator()(std::monostate) const { out += "null"; }
    void operator()(std::int64_t n) const { fmt::format_to(std::back_inserter(out), "{}", n); }
    void operator()(bool yes) const { out += yes ? "true" : "false"; }
    void operator()(std::string_view text) const { append_json(out, text); }
    void operator()(moment m) const { append_json(out, iso_time(m.at)); }
    void operator()(person p) const
    {
        fmt::format_to(
            std::back_inserter(out),
            R"({{"real_name":"Somebody","id":2,"email":"{0}","name":"{0}"}})",
            p.name);
    }
    void operator()(std::vector<std::string_view> const& list) const
    {
        out += '[';
        for (auto const item : list) {
            out += out.back() == '[' ? "" : ",";
            append_json(out, item);
        }
        out += ']';
    }
};

std::uint64_t mix(std::uint64_t tag, std::uint64_t more)
{
    return scramble(tag ^ (more + 0x9e37U + (tag << 6U)));
}

std::uint64_t mix(std::uint64_t tag, std::string_view text)
{
    for (char const c : text)
        tag = (tag ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    return scramble(tag);
}

bool wants_page(request const& rq)
{
    auto const accept = rq.header("Accept");
    return accept.starts_with("text/html") && accept.find("application/json") == std::string_view::npos;
}

unsigned status_of(int code)
{
    switch (code) {
    case 101:
    case 51:
    case 32614: return 404;
    case 102:
    case 300:
    case 410: return 401;
    default: return 400;
    }
}

std::string joined(std::span<std::string_view const> parts)
{
    std::string all;
    for (auto const part : parts) {
        all += part;
        all += ',';
    }
    return all;
}

} // namespace

answer
bugzilla_rest::json(request const& rq, unsigned status, std::string body, std::uint64_t tag, bool anonymous)
{
    auto const etag = base64_tag(tag, scramble(tag));
    form last;
    if (ground_.flavour.etag) {
        last.emplace_back("Etag", etag);
        for (auto part : split(rq.header("If-None-Match"), ',')) {
            std::string bare{part};
            std::erase_if(bare, [](char c) { return c == '"' || c == ' '; });
            if (status == 200 && (bare == etag || bare == "*"))
                status = 304;
        }
    }
    form const first{
        {"Access-control-allow-headers", "origin, content-type, accept, x-requested-with"},
        {"Access-control-allow-origin", "*"}};
    bool const page = wants_page(rq);
    std::string_view const type = page ? "text/html; charset=UTF-8" : json_type;
    auto a = ground_.page(status, first, status == 304 ? "" : type, anonymous, last);
    if (page) {
        std::string escaped;
        append_xml(escaped, body);
        body = fmt::format(
            "<!DOCTYPE html>\n<html>\n  <head>\n    <title>Bugzilla::REST::API</title>\n  </head>\n  <body>\n"
            "    <pre>{}</pre>\n  </body>\n</html>\n",
            escaped);
    }
    a.body = std::move(body);
    return a;
}

answer bugzilla_rest::refuse(request const& rq, bugzilla_refusal const& why, bool anonymous)
{
    std::string const members[]{
        fmt::format("\"code\":{}", why.code),
        "\"error\":true",
        "\"documentation\":\"https://bugzilla.readthedocs.org/en/5.0/api/\"",
        [&] {
            std::string member = "\"message\":";
            append_json(member, why.message);
            return member;
        }(),
    };
    std::string body = "{";
    for (std::size_t i = 0; i < std::size(members); ++i) {
        body += i == 0 ? "" : ",";
        body += members[(i + ground_.answers) % std::size(members)];
    }
    body += '}';
    return json(rq, status_of(why.code), std::move(body), mix(1, why.message), anonymous);
}

void bugzilla_rest::append_bug(
    std::string& out, bug const& b, std::span<std::string_view const> fields, std::string_view shape)
{
    out += rows_.row(shape, b, [&](std::string& row, bug const&) {
        row += '{';
        auto const first = first_member(b, fields.size());
        for (std::size_t i = 0; i < fields.size(); ++i) {
            auto const name = fields[(first + i) % fields.size()];
            auto const value = value_of(ground_, b, name);
            bool const left_out = name == "dupe_of" && !ground_.flavour.null_duplicate;
            if (left_out && std::holds_alternative<std::monostate>(value))
                continue;
            fmt::format_to(std::back_inserter(row), "{}\"{}\":", row.size() == 1 ? "" : ",", name);
            std::visit(json_writer{row}, value);
        }
        row += '}';
    });
}

// bugzilla.mozilla.org: so many anonymous looks at one bug in a minute; then everything is refused for an
// hour, and each request while refused starts the hour anew.
std::optional<answer> bugzilla_rest::limit_gets(request const& rq)
{
    using namespace std::chrono_literals;
    auto const now = std::chrono::steady_clock::now();
    gets_.push_back(now);
    while (gets_.front() < now - 60s)
        gets_.pop_front();
    if (gets_.size() <= ground_.flavour.get_limit)
        return std::nullopt;
    blocked_until_ = now + 60min;
    return refuse(rq, {32000, "Rate limit exceeded"});
}

answer bugzilla_rest::get(request const& rq, std::string_view id, visitor const& by)
{
    if (ground_.flavour.rate_limit && !by.known)
        if (auto limited = limit_gets(rq))
            return *std::move(limited);

    std::vector<std::string_view> ids;
    if (!id.empty())
        ids.push_back(id);
    for (auto const more : listed(rq.query, "ids"))
        ids.push_back(more);
    auto const fields = known_fields(
        listed(rq.query, "include_fields"), false, ground_.flavour.alias == alias_form::text_or_null);
    auto const shape = joined(fields);

    std::string bugs = "\"bugs\":[";
    auto tag = mix(2, shape);
    std::vector<told> tells;
    for (auto const one : ids) {
        auto const found = ground_.bug_for(by, one);
        if (auto const* why = std::get_if<bugzilla_refusal>(&found))
            return refuse(rq, *why, !by.known);
        auto const& b = *std::get<bug const*>(found);
        bugs += tells.empty() ? "" : ",";
        append_bug(bugs, b, fields, shape);
        tells.push_back({b.id, b.version()});
        tag = mix(mix(tag, static_cast<std::uint64_t>(b.id)), b.version());
    }
    bugs += ']';
    auto body = ground_.answers % 2 == 0 ? fmt::format("{{{},\"faults\":[]}}", bugs)
                                         : fmt::format("{{\"faults\":[],{}}}", bugs);
    auto a = json(rq, 200, std::move(body), tag, !by.known);
    a.tells = std::move(tells);
    return a;
}

// /bug/ID/comment; `new_since` leaves only what was written later.
answer bugzilla_rest::comments(request const& rq, std::string_view id, visitor const& by)
{
    auto const found = ground_.bug_for(by, id);
    if (auto const* why = std::get_if<bugzilla_refusal>(&found))
        return refuse(rq, *why, !by.known);
    auto const& b = *std::get<bug const*>(found);
    auto const since = read_time(field(rq.query, "new_since").value_or(""));
    std::string list;
    std::int64_t count = 0;
    for (auto const& written : remarks_of(b)) {
        auto const place = count++;
        if (since && written.at <= *since)
            continue;
        list += list.empty() ? "" : ",";
        list += fmt::format(
            R"({{"id":{},"bug_id":{},"count":{},"attachment_id":null,"is_private":false,"tags":[],"time":"{}","text":)",
            written.id,
            b.id,
            place,
            iso_time(written.at));
        append_json(list, written.text);
        list += R"(,"creator":)";
        append_json(list, written.author);
        list += fmt::format(R"(,"creation_time":"{}"}})", iso_time(written.at));
    }
    return json(
        rq,
        200,
        fmt::format(R"({{"bugs":{{"{}":{{"comments":[{}]}}}},"comments":{{}}}})", b.id, list),
        mix(11, list),
        !by.known);
}

std::vector<bug const*> bugzilla_rest::found(request const& rq, visitor const& by) const
{
    auto const& bugs = ground_.site.bugs;
    std::vector<bug const*> rows;
    if (field(rq.query, "id")) {
        for (auto const text : listed(rq.query, "id")) {
            auto const id = read_id(text);
            if (!id)
                continue;
            ground_.site.bugs.record_asked(*id);
            if (auto const* b = bugs.find(*id))
                rows.push_back(b);
        }
        std::ranges::sort(rows, {}, &bug::id);
        auto const repeated = std::ranges::unique(rows);
        rows.erase(repeated.begin(), repeated.end());
    }
    else {
        auto const alias = field(rq.query, "alias");
        for (auto const& b : bugs.all())
            if (!alias || (!b.alias.empty() && b.alias == *alias))
                rows.push_back(&b);
    }
    auto const since = read_time(field(rq.query, "last_change_time").value_or("")).value_or(0);
    std::erase_if(rows, [&](bug const* b) { return (b->hidden && !by.known) || b->now().since < since; });
    return rows;
}

answer bugzilla_rest::search(request const& rq, visitor const& by)
{
    auto const& flavour = ground_.flavour;
    auto const asked_limit = field(rq.query, "limit");
    if (field(rq.query, "offset") && !asked_limit)
        return refuse(
            rq, {50, "The function Bug.search requires a limit argument, and that argument was not set."});

    auto rows = found(rq, by);
    auto const total = rows.size();
    std::size_t limit = 10000;
    if (asked_limit && read_id(*asked_limit).value_or(0) > 0)
        limit = std::min(limit, static_cast<std::size_t>(*read_id(*asked_limit)));
    if (flavour.capped)
        limit = by.known && asked_limit ? std::min<std::size_t>(limit, 1000)
                                        : std::min<std::size_t>(limit, 20);
    auto const offset = static_cast<std::size_t>(read_id(field(rq.query, "offset").value_or("")).value_or(0));
    rows.erase(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(std::min(offset, total)));
    rows.resize(std::min(limit, rows.size()));

    auto const fields = known_fields(
        listed(rq.query, "include_fields"), false, flavour.alias == alias_form::text_or_null);
    auto const shape = joined(fields);
    std::string body = "{\"bugs\":[";
    auto tag = mix(3, shape);
    std::vector<told> tells;
    tells.reserve(rows.size());
    for (auto const* b : rows) {
        if (!tells.empty())
            body += ',';
        append_bug(body, *b, fields, shape);
        tells.push_back({b->id, b->version()});
        tag = mix(mix(tag, static_cast<std::uint64_t>(b->id)), b->version());
    }
    body += flavour.capped ? fmt::format("],\"total_matches\":{}}}", total) : "]}";
    auto a = json(rq, 200, std::move(body), tag, !by.known);
    a.tells = std::move(tells);
    return a;
}

answer bugzilla_rest::account(request const& rq, std::string_view resource, visitor const& by)
{
    if (resource == "/login") {
        bool const good = field(rq.query, "login").value_or("") == good_user
                          && field(rq.query, "password").value_or("") == good_password;
        if (!good)
            return refuse(rq, {300, "The login or password you entered is not valid."});
        return json(rq, 200, fmt::format(R"({{"token":"{}","id":3}})", good_token), 4, false);
    }
    if (resource == "/valid_login") {
        auto const login = field(rq.query, "login");
        if (!login)
            return refuse(
                rq,
                {50,
                 "The function User.valid_login requires a login argument, and that argument was not set."});
        bool const valid = by.known && *login == good_user;
        return json(rq, 200, fmt::format(R"({{"result":{}}})", valid), valid ? 5 : 6, !by.known);
    }
    if (!by.known)
        return refuse(rq, {410, std::string{login_needed}});
    return json(rq, 200, fmt::format(R"({{"real_name":"Watcher","name":"{}","id":3}})", good_user), 7, false);
}

answer bugzilla_rest::serve(request const& rq, std::string_view resource)
{
    auto const& flavour = ground_.flavour;
    auto const now = std::chrono::steady_clock::now();
    if (now < blocked_until_) {
        blocked_until_ = now + std::chrono::minutes{60};
        return ground_.html(429, "Too Many Requests", "Your address is blocked for a while.");
    }
    bool const known_method = rq.method == "GET";
    if (known_method && resource == "/version")
        return json(
            rq, 200, fmt::format(R"({{"version":"{}"}})", flavour.version), mix(8, flavour.version), true);
    if (known_method && resource == "/parameters")
        return json(
            rq,
            200,
            fmt::format(
                R"({{"parameters":{{"requirelogin":"{}","maintainer":"admin@example.org"}}}})",
                flavour.require_login ? 1 : 0),
            9,
            true);

    auto const by = ground_.who(rq);
    if (by.refused)
        return refuse(rq, *by.refused);
    bool const is_account = resource == "/login" || resource == "/valid_login"
                            || (resource == "/whoami" && flavour.whoami);
    if (flavour.require_login && !by.known && resource != "/login")
        return refuse(rq, {410, std::string{login_needed}});
    if (known_method && is_account)
        return account(rq, resource, by);
    if (known_method && resource == "/time") {
        auto const t = ground_.site.now();
        return json(
            rq,
            200,
            fmt::format(
                R"({{"db_time":"{0}","web_time":"{0}","web_time_utc":"{0}","tz_name":"UTC","tz_offset":"+0000","tz_short_name":"UTC"}})",
                iso_time(t)),
            mix(10, static_cast<std::uint64_t>(t)),
            !by.known);
    }
    if (known_method && resource == "/bug")
        return search(rq, by);
    constexpr std::string_view below_bug = "/comment";
    if (known_method && resource.starts_with("/bug/") && resource.ends_with(below_bug))
        return comments(rq, resource.substr(5, resource.size() - 5 - below_bug.size()), by);
    if (known_method && resource.starts_with("/bug/") && resource.find('/', 5) == std::string_view::npos)
        return get(rq, resource.substr(5), by);
    return refuse(
        rq,
        {32614, fmt::format("A REST API resource was not found for '{} {}'.", rq.method, resource)},
        !by.known);
}

} // namespace checkwatches::mock
