#include "bench/mock/trac.hpp"

#include "bench/mock/kinds.hpp"

#include <fmt/format.h>

namespace checkwatches::mock {

namespace {

class trac_site final : public site {
public:
    explicit trac_site(site_ground ground)
        : ground_{.site = std::move(ground), .flavour = ground_.site.options.trac}
    {}

    answer answer_to(request const& rq) override
    {
        ++ground_.answers;
        return dispatch(rq);
    }

private:
    answer dispatch(request const& rq)
    {
        std::string_view const path = rq.path;
        auto const& flavour = ground_.flavour;
        bool const speaks_rpc = flavour.rpc || flavour.launchpad;
        if (path == "/login")
            return log_in(rq);
        if (speaks_rpc && (path == "/login/xmlrpc" || (path == "/login/rpc" && flavour.rpc)))
            return trac_ground::has_password(rq) ? rpc_.serve(rq, true) : refuse_login();
        if (speaks_rpc && (path == "/xmlrpc" || (path == "/rpc" && flavour.rpc)))
            return rpc_.serve(rq, false);
        if (path.starts_with("/launchpad-auth/") && flavour.launchpad)
            return launchpad_auth(path.substr(16));
        if (flavour.require_login && !ground_.knows(rq))
            return ground_.html(403, "Error: Forbidden");
        if (path == "/query" && flavour.query)
            return web_.query(rq);
        if (path.starts_with("/ticket/"))
            return web_.ticket(rq, path.substr(8));
        if (path == "/" || path == "/about" || path == "/wiki")
            return ground_.html(200, "About Trac");
        return ground_.html(404, "Error: Not Found");
    }

    answer refuse_login() const
    {
        answer a{.status = 401, .frame = answer::framing::length};
        a.headers = {
            {"Server", fmt::format("tracd/{} Python/3.11.2", ground_.flavour.version)},
            {"Date", http_time(ground_.site.now())},
            {"WWW-Authenticate", "Basic realm=\"mocktrac\""},
            {std::string{framing_mark}, ""}};
        return a;
    }

    answer log_in(request const& rq) const
    {
        if (!trac_ground::has_password(rq))
            return refuse_login();
        answer a{.status = 302, .frame = answer::framing::length};
        a.headers = {
            {"Server", fmt::format("tracd/{} Python/3.11.2", ground_.flavour.version)},
            {"Date", http_time(ground_.site.now())},
            {"Location", ground_.site.origin},
            {"Content-Type", "text/plain"},
            {std::string{framing_mark}, ""},
            {"Pragma", "no-cache"},
            {"Cache-Control", "no-cache"},
            {"Expires", "Fri, 01 Jan 1999 00:00:00 GMT"},
            {"Set-Cookie", fmt::format("trac_auth={}; HttpOnly; Path=/", good_trac_auth)}};
        return a;
    }

    // Launchpad's plugin: a token in the path is exchanged for the cookie.
    answer launchpad_auth(std::string_view token)
    {
        bool const good = token == good_key;
        auto a = ground_.page(good ? 200 : 401, "text/plain", false);
        if (good)
            a.headers.insert(
                a.headers.begin() + 2,
                {"Set-Cookie", fmt::format("trac_auth={}; HttpOnly; Path=/", good_trac_auth)});
        a.body = good ? "" : "Invalid authentication token\n";
        a.frame = answer::framing::length;
        return a;
    }

    trac_ground ground_;
    trac_web web_{ground_};
    trac_rpc rpc_{ground_};
};

} // namespace

bool trac_ground::knows(request const& rq) const
{
    return rq.cookie("trac_auth") == good_trac_auth;
}

bool trac_ground::has_password(request const& rq)
{
    auto const [user, password] = rq.basic();
    return user == good_user && password == good_password;
}

answer trac_ground::page(unsigned status, std::string_view content_type, bool anonymous)
{
    answer a{.status = status};
    a.headers = {
        {"Server", fmt::format("tracd/{} Python/3.11.2", flavour.version)}, {"Date", http_time(site.now())}};
    if (status >= 400) {
        a.headers.emplace_back("Cache-Control", "must-revalidate");
        a.headers.emplace_back("Expires", "Fri, 01 Jan 1999 00:00:00 GMT");
    }
    a.headers.emplace_back("Content-Type", content_type);
    if (anonymous)
        a.headers.emplace_back(
            "Set-Cookie",
            fmt::format(
                "trac_session={}; expires={}; HttpOnly; Path=/",
                hex_tag(answers),
                http_time(site.now() + 90 * 86400)));
    a.headers.emplace_back(framing_mark, "");
    return a;
}

answer trac_ground::html(unsigned status, std::string_view title)
{
    auto a = page(status, "text/html;charset=utf-8", true);
    a.headers.insert(
        a.headers.end() - 2,
        {"Set-Cookie", fmt::format("trac_form_token={}; HttpOnly; Path=/", hex_tag(answers + 1))});
    a.body = fmt::format(
        "\n<!DOCTYPE html>\n<html lang=\"en-US\">   <head>\n    <title>\n      {0}\n          – Mock Trac\n\n"
        "    </title>\n    <link rel=\"stylesheet\"  href=\"/chrome/common/css/trac.css\" type=\"text/css\" "
        "/>\n"
        "  </head>\n  <body>\n    <div id=\"content\" class=\"error\"><h1>{0}</h1></div>\n"
        "    <div id=\"footer\"><a id=\"tracpowered\" href=\"https://trac.edgewall.org/\">Trac</a> Powered "
        "by "
        "<strong>Trac {1}</strong></div>\n  </body>\n</html>\n",
        title,
        flavour.version);
    return a;
}

mock_kind trac_kind() noexcept
{
    return {
        .name = "trac",
        .make = [](site_ground ground) -> std::unique_ptr<site> {
            return std::make_unique<trac_site>(std::move(ground));
        },
        .words = trac_words,
        .set_flavour = set_trac_flavour,
        .links_duplicates = false};
}

} // namespace checkwatches::mock
