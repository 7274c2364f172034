#include "adapters/wire/page.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace checkwatches;
using namespace std::chrono_literals;
using adapters::reply;
using wire::explain;

namespace {

reply html(std::string body, unsigned status = 200)
{
    return {
        .status = status,
        .headers = {{"Content-Type", "text/html; charset=UTF-8"}},
        .body = std::move(body),
        .request = "GET https://bugs.example.org/x"};
}

reply text(std::string body, unsigned status, std::string type = "text/plain")
{
    return {.status = status, .headers = {{"Content-Type", std::move(type)}}, .body = std::move(body)};
}

std::string page(std::string_view title, std::string_view body)
{
    return "<!DOCTYPE html>\n<html lang=\"en\">\n  <head>\n    <title>" + std::string{title}
           + "</title>\n<script>\n// " + std::string(4000, 'x') + "\n</script></head><body>\n"
           + std::string{body} + "</body></html>";
}

// The login box that Bugzilla puts on every page.
constexpr std::string_view mini_login =
    "<li id=\"mini_login_container_top\"><a id=\"login_link_top\" href=\"rest?GoAheadAndLogIn=1\" "
    "onclick=\"return show_mini_login_form('_top')\">Log In</a><form class=\"mini_login bz_default_hidden\">"
    "<input class=\"bz_password\" name=\"Bugzilla_password\" type=\"password\" required></form></li>";

std::string bugzilla_page(std::string_view title, std::string_view says)
{
    return page(title, std::string{mini_login} + "<div id=\"bugzilla-body\">" + std::string{says} + "</div>");
}

struct sample {
    reply answer{};
    error_kind kind{};
};

} // namespace

TEST_CASE("the status tells what a failure is")
{
    auto const [status, kind] = GENERATE(
        std::pair{301U, error_kind::protocol_error},
        std::pair{400U, error_kind::protocol_error},
        std::pair{401U, error_kind::auth_failed},
        std::pair{403U, error_kind::forbidden},
        std::pair{404U, error_kind::not_found},
        std::pair{410U, error_kind::gone},
        std::pair{413U, error_kind::too_large},
        std::pair{414U, error_kind::too_large},
        std::pair{415U, error_kind::protocol_error},
        std::pair{429U, error_kind::rate_limited},
        std::pair{500U, error_kind::protocol_error},
        std::pair{502U, error_kind::protocol_error},
        std::pair{503U, error_kind::maintenance},
        std::pair{504U, error_kind::protocol_error});
    INFO(status);
    CHECK(explain(html(bugzilla_page("Bugzilla", "words"), status)).kind == kind);
    CHECK(explain(text("words", status)).kind == kind);
    CHECK(explain(reply{.status = status}).kind == kind);
    CHECK(wire::expect(text("words", status, "text/csv"), {"text/csv"})->kind == kind);
}

TEST_CASE("a page that came in place of data tells itself what it is")
{
    auto const s = GENERATE(
        // Bugzilla: a site that requires login, a rejected login, a missing bug; all of them with status 200.
        sample{
            html(page(
                "Log in to Bugzilla",
                "<p>Bugzilla needs a legitimate login and password to continue.</p>"
                "<input type=\"password\" id=\"Bugzilla_password\">")),
            error_kind::auth_failed},
        sample{
            html(bugzilla_page("Untrusted Authentication Request", "You have used credentials in the URL.")),
            error_kind::auth_failed},
        sample{html(bugzilla_page("Missing Bug ID", "No bug number given")), error_kind::protocol_error},
        sample{
            html(
                bugzilla_page("42 &ndash; Log in to the shop fails", "login required? captcha! maintenance")),
            error_kind::protocol_error},
        sample{html(bugzilla_page("Bug 42 - site is down for maintenance", "x")), error_kind::protocol_error},
        sample{
            html("<html><title>#42 (Server is down) – Demo</title><h1>Server is down for "
                 "maintenance</h1></html>"),
            error_kind::protocol_error},
        sample{html(bugzilla_page("Bugzilla is Down", "Back at noon")), error_kind::maintenance},
        sample{
            html("Down for maintenance If you are an administrator, you can reactivate\nBugzilla by clearing "
                 "the "
                 "shutdownhtml parameter."),
            error_kind::maintenance},
        // Trac: the documentation of its XML-RPC, a ticket, an environment of an older version.
        sample{
            html(page(
                "\n      XML-RPC – Demo\n    ",
                "<li><a href=\"/login\">Login</a></li><a href=\"/login/rpc\">/login/rpc</a>")),
            error_kind::protocol_error},
        sample{
            html(page(
                "#42 (Just a moment... takes too long, anubis blocks) – Demo", "captcha, login required")),
            error_kind::protocol_error},
        sample{
            html(page("Error", "<h1>The Trac Environment needs to be upgraded.</h1>"), 500),
            error_kind::maintenance},
        // MantisBT and Redmine: the name of the site is the title of their login pages.
        sample{
            html(page(
                "MantisBT",
                "<form id=\"login-form\" method=\"post\" action=\"login_password_page.php\">"
                "<input name=\"username\" type=\"text\"></form>")),
            error_kind::auth_failed},
        sample{
            html(page(
                "Tracker", "<form action=\"/login\"><input type=\"password\" name=\"password\"></form>")),
            error_kind::auth_failed},
        sample{html(page("Sign in · GitLab", "x")), error_kind::auth_failed},
        sample{html(page("Welcome", "<h1>You must log in</h1>")), error_kind::auth_failed},
        // Challenges.
        sample{
            html(page(
                "Making sure you&#39;re not a bot!",
                "<script src=\"/.within.website/x/cmd/anubis/static/js/main.mjs\"></script>")),
            error_kind::bot_wall},
        sample{
            html(page("Un momento", "<img src=\"/.within.website/x/cmd/anubis/static/img/pensive.webp\">")),
            error_kind::bot_wall},
        sample{
            html(page("Just a moment...", "<script>window._cf_chl_opt={}</script>"), 403),
            error_kind::bot_wall},
        sample{html(page("Just a moment...", "x"), 503), error_kind::bot_wall},
        sample{html(page("Attention Required! | Cloudflare", "x"), 403), error_kind::bot_wall},
        sample{html(page("Just a moment...", "x"), 429), error_kind::rate_limited},
        // Neither.
        sample{
            html(page("Bug List", "a captcha, a login form, and maintenance")), error_kind::protocol_error},
        sample{html(""), error_kind::protocol_error},
        sample{text("Just a moment... captcha", 200), error_kind::protocol_error},
        sample{text("<html><title>Login</title></html>", 200), error_kind::auth_failed},
        sample{text("\xEF\xBB\xBF<!DOCTYPE HTML><title>Login</title>", 200, ""), error_kind::auth_failed});
    INFO(s.answer.body.substr(0, 200));
    CHECK(explain(s.answer).kind == s.kind);
}

TEST_CASE("a challenge may be told by a header")
{
    auto answer = html(page("x", "y"), 403);
    answer.headers.emplace_back("Cf-Mitigated", "challenge");
    CHECK(explain(answer).kind == error_kind::bot_wall);
    answer.status = 200;
    CHECK(explain(answer).kind == error_kind::bot_wall);
}

TEST_CASE("Retry-After is read as seconds, or as a date against the answer's own")
{
    struct wait {
        std::string_view value{};
        std::optional<std::chrono::seconds> after{};
    };
    auto const w = GENERATE(
        wait{"3600", 3600s},
        wait{" 0 ", 0s},
        wait{"Sat, 21 Nov 2026 23:16:08 GMT", 60s},
        wait{"Sat, 21 Nov 2026 23:15:08 GMT", 0s},
        wait{"Sat, 21 Nov 2026 22:15:08 GMT", 0s},
        wait{"Sat, 21 Nov 2099 23:15:08 GMT", std::chrono::days{30}},
        wait{"2592001", std::chrono::days{30}},
        wait{"99999999999999999999999", std::chrono::days{30}},
        wait{"-5", std::nullopt},
        wait{"1.5", std::nullopt},
        wait{"soon", std::nullopt},
        wait{"", std::nullopt});
    INFO(w.value);
    auto answer = html("x", 503);
    answer.headers.emplace_back("Date", "Sat, 21 Nov 2026 23:15:08 GMT");
    CHECK_FALSE(explain(answer).retry_after);
    answer.headers.emplace_back("Retry-after", std::string{w.value});
    CHECK(explain(answer).retry_after == w.after);
}

TEST_CASE("a date in Retry-After says nothing without the answer's own")
{
    auto answer = html("x", 503);
    answer.headers.emplace_back("Retry-After", "Sat, 21 Nov 2026 23:16:08 GMT");
    CHECK_FALSE(explain(answer).retry_after);
}

TEST_CASE("the message tells status, type and the page's title")
{
    auto const e = explain(html(page("\n  Missing   Bug\n ID ", "x")));
    CHECK(e.message == "answered 200 text/html \"Missing Bug ID\"");
    CHECK(e.request == "GET https://bugs.example.org/x");
    CHECK(
        explain(text("No protocol matching\nContent-Type", 415)).message
        == "answered 415 text/plain \"No protocol matching Content-Type\"");
    CHECK(explain(reply{.status = 500}).message == "answered 500");
    CHECK(explain(html("<html><body>no title", 500)).message == "answered 500 text/html");
    CHECK(
        explain(text("{\"error\":true}", 400, "application/json; charset=UTF-8")).message
        == "answered 400 application/json \"{\"error\":true}\"");
    auto latin = text("<title>Zugriff verweigert f\xFCr Gast</title>", 403, "text/html; charset=iso-8859-1");
    CHECK(explain(latin).message == "answered 403 text/html \"Zugriff verweigert für Gast\"");
}

TEST_CASE("a quote is at most 120 bytes of whole characters, without control characters")
{
    std::string const x(118, 'x');
    CHECK(explain(text(x + "yz", 500)).message == "answered 500 text/plain \"" + x + "yz\"");
    CHECK(explain(text(x + "yzz", 500)).message == "answered 500 text/plain \"" + x + "yz…\"");
    CHECK(explain(text(x + "€€", 500)).message == "answered 500 text/plain \"" + x + "…\"");
    CHECK(explain(text("a\x1B[31m", 500)).message == "answered 500 text/plain \"a [31m\"");
    CHECK(
        explain(text("", 500, std::string(5000, 't'))).message
        == "answered 500 " + std::string(120, 't') + "…");
}

TEST_CASE("an answer of an expected type is no error")
{
    auto const csv = text("id\n", 200, "Text/CSV;charset=utf-8");
    CHECK_FALSE(wire::expect(csv, {"text/csv"}));
    CHECK_FALSE(wire::expect(csv, {"application/json", "text/csv"}));
    auto const wrong = wire::expect(csv, {"application/json"});
    REQUIRE(wrong);
    CHECK(wrong->kind == error_kind::protocol_error);
    CHECK(wrong->message == "answered 200 text/csv \"id\"");
    CHECK(wire::expect(csv, {}));
    CHECK(wire::expect(text("id\n", 204, "text/csv"), {"text/csv"}));
    CHECK(wire::expect(text("id\n", 206, "text/csv"), {"text/csv"}));
    CHECK(wire::expect(html(page("Log in to Bugzilla", "")), {"text/csv"})->kind == error_kind::auth_failed);
}
