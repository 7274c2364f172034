#include "bench/mock/bugzilla.hpp"

#include "bench/mock/kinds.hpp"

#include <fmt/format.h>

namespace checkwatches::mock {

namespace {

constexpr std::string_view too_long =
    R"(<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN" "http://www.w3.org/TR/html4/strict.dtd">
<html><head>
<title>414 Request-URI Too Long</title>
</head><body>
<h1>Request-URI Too Long</h1>
<p>The requested URL's length exceeds the capacity
limit for this server.<br />
</p>
</body></html>
)";

class bugzilla_site final : public site {
public:
    explicit bugzilla_site(site_ground ground)
        : ground_{.site = std::move(ground), .flavour = ground_.site.options.bugzilla}
    {}

    answer answer_to(request const& rq) override
    {
        ++ground_.answers;
        auto const& flavour = ground_.flavour;
        auto const line = rq.method.size() + rq.target.size() + std::string_view{"  HTTP/1.1"}.size();
        if (flavour.line_limit != 0 && line > flavour.line_limit)
            return from_apache(414, too_long);
        return dispatch(rq);
    }

private:
    answer dispatch(request const& rq)
    {
        auto const& flavour = ground_.flavour;
        std::string_view const path = rq.path;
        if (flavour.rest)
            for (std::string_view const root : {"/rest.cgi", "/rest"})
                if (path.starts_with(root) && path.substr(root.size()).starts_with('/')
                    && (flavour.rewrite || root == "/rest.cgi"))
                    return flavour.maintenance ? ground_.maintenance(true)
                                               : rest_.serve(rq, path.substr(root.size()));
        if (flavour.xmlrpc && path == "/xmlrpc.cgi")
            return flavour.maintenance ? ground_.maintenance(true) : xmlrpc_.serve(rq);
        if (flavour.web && path == "/buglist.cgi")
            return flavour.maintenance ? ground_.maintenance(false) : web_.buglist(rq);
        if (flavour.web && path == "/show_bug.cgi")
            return flavour.maintenance ? ground_.maintenance(false) : web_.show_bug(rq);
        if (path == "/xml.cgi")
            return flavour.maintenance ? ground_.maintenance(false) : web_.xml_cgi(rq);
        if (path == "/" || path == "/index.cgi")
            return flavour.maintenance ? ground_.maintenance(true) : ground_.html(200, "Bugzilla Main Page");
        return from_apache(
            404,
            "<html><head><title>404 Not Found</title></head><body>\n<h1>Not Found</h1>\n"
            "<p>The requested URL was not found on this server.</p>\n</body></html>\n");
    }

    answer from_apache(unsigned status, std::string_view body) const
    {
        answer a{.status = status, .frame = answer::framing::length, .close = status == 414};
        a.headers = {
            {"Date", http_time(ground_.site.now())},
            {"Server", "Apache/2.4.71 (Debian)"},
            {std::string{framing_mark}, ""},
            {"Content-Type", "text/html; charset=iso-8859-1"}};
        a.body = body;
        return a;
    }

    bugzilla_ground ground_;
    bugzilla_rest rest_{ground_};
    bugzilla_xmlrpc xmlrpc_{ground_};
    bugzilla_web web_{ground_};
};

} // namespace

visitor bugzilla_ground::who(
    std::string_view key, std::string_view login, std::string_view password, std::string_view token) const
{
    if (!key.empty() && version_at_least(flavour.version, "5.0")) {
        if (key == good_key)
            return {.known = true};
        return {
            .refused = bugzilla_refusal{
                306, "The API key you specified is invalid. Please check that you typed it correctly."}};
    }
    if (!login.empty()) {
        if (login == good_user && password == good_password)
            return {.known = true};
        return {.refused = bugzilla_refusal{300, "The login or password you entered is not valid."}};
    }
    return {.known = !token.empty() && token == good_token};
}

std::string_view bugzilla_ground::key_of(request const& rq, std::string_view as_parameter) const
{
    if (flavour.key == key_place::query)
        return as_parameter;
    if (flavour.key == key_place::header)
        return rq.header("X-BUGZILLA-API-KEY");
    auto const given = rq.header("Authorization");
    return given.starts_with("Bearer ") ? given.substr(7) : std::string_view{};
}

visitor bugzilla_ground::who(request const& rq) const
{
    auto const in_query = [&](std::string_view name) { return field(rq.query, name).value_or(""); };
    auto const key = in_query("api_key").empty() ? in_query("Bugzilla_api_key") : in_query("api_key");
    return who(key_of(rq, key), in_query("Bugzilla_login"), in_query("Bugzilla_password"), in_query("token"));
}

std::variant<bug const*, bugzilla_refusal>
bugzilla_ground::bug_for(visitor const& by, std::string_view id) const
{
    bug const* found = nullptr;
    if (auto const number = read_id(id)) {
        site.bugs.record_asked(*number);
        found = site.bugs.find(*number);
        if (found == nullptr)
            return bugzilla_refusal{101, fmt::format("Bug #{} does not exist.", *number)};
    }
    else {
        if (id == alias_text)
            found = site.bugs.find(alias_bug);
        if (found == nullptr)
            return bugzilla_refusal{
                100, fmt::format("'{}' is not a valid bug number nor an alias to a bug.", id)};
        site.bugs.record_asked(alias_bug);
    }
    if (found->hidden && !by.known)
        return bugzilla_refusal{
            102,
            fmt::format(
                "You are not authorized to access bug #{}. To see this bug, you must first log in to an "
                "account "
                "with the appropriate permissions.",
                found->id)};
    return found;
}

answer
bugzilla_ground::page(unsigned status, form first, std::string_view content_type, bool anonymous, form last)
{
    answer a{.status = status, .close = status == 400 || status == 503};
    a.headers = {{"Date", http_time(site.now())}, {"Server", "Apache/2.4.71 (Debian)"}};
    for (auto& header : first)
        a.headers.push_back(std::move(header));
    a.headers.emplace_back("X-content-type-options", "nosniff");
    a.headers.emplace_back("X-frame-options", "SAMEORIGIN");
    a.headers.emplace_back("X-xss-protection", "1; mode=block");
    if (anonymous && version_at_least(flavour.version, "4.4"))
        a.headers.emplace_back(
            "Set-Cookie",
            fmt::format(
                "Bugzilla_login_request_cookie={}; path=/; HttpOnly", hex_tag(answers).substr(0, 10)));
    for (auto& header : last)
        a.headers.push_back(std::move(header));
    a.headers.emplace_back(framing_mark, "");
    if (!content_type.empty())
        a.headers.emplace_back("Content-Type", content_type);
    return a;
}

answer bugzilla_ground::html(unsigned status, std::string_view title, std::string_view text)
{
    auto a = page(status, {}, "text/html; charset=UTF-8", true);
    a.body = fmt::format(
        "<!DOCTYPE html>\n<html lang=\"en\">\n  <head>\n    <title>{0}</title>\n\n"
        "      <meta http-equiv=\"Content-Type\" content=\"text/html; charset=UTF-8\">\n  </head>\n"
        "  <body class=\"yui-skin-sam\">\n  <div id=\"header\"><div id=\"banner\"></div></div>\n"
        "  <div id=\"bugzilla-body\">\n<div id=\"error_msg\">{1}</div>\n  </div>\n</body>\n</html>\n",
        title,
        text.empty() ? title : text);
    return a;
}

answer bugzilla_ground::maintenance(bool long_page)
{
    constexpr std::string_view text = "Down for maintenance If you are an administrator, you can reactivate\n"
                                      "Bugzilla by clearing the shutdownhtml parameter.\n";
    auto const wait = site.options.retry_after == 0 ? 3600 : site.options.retry_after;
    auto a = page(503, {{"Retry-after", std::to_string(wait)}}, "text/html; charset=UTF-8", true);
    a.body = long_page ? html(503, "Bugzilla is Down", text).body : std::string{text};
    return a;
}

mock_kind bugzilla_kind() noexcept
{
    return {
        .name = "bugzilla",
        .make = [](site_ground ground) -> std::unique_ptr<site> {
            return std::make_unique<bugzilla_site>(std::move(ground));
        },
        .words = bugzilla_words,
        .set_flavour = set_bugzilla_flavour,
        .retry_after = 3600};
}

} // namespace checkwatches::mock
