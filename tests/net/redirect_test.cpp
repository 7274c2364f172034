#include "engine/net/redirect.hpp"
#include "tests/support/print.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace checkwatches;
using namespace checkwatches::net;

namespace {

request asking(std::string const& method, redirect_policy policy = redirect_policy::follow)
{
    return {
        .method = method,
        .url = parse_url("https://bugs.example/a/b?id=1").value(),
        .headers =
            {{"Content-Type", "text/xml"}, {"Authorization", "mine"}, {"cookie", "c=1"}, {"Accept", "*/*"}},
        .body = method == "POST" ? "<call/>" : "",
        .on_redirect = policy};
}

std::string names(header_list const& headers)
{
    std::string out;
    for (auto const& [name, value] : headers)
        out += name + " ";
    return out;
}

} // namespace

TEST_CASE("redirect: what follows each method, status and policy")
{
    using enum redirect_policy;
    struct row {
        std::string method;
        redirect_policy policy;
        unsigned status;
        std::string next; // the method; empty: the redirect is the answer
    };
    for (auto const& [method, policy, status, next] : std::vector<row>{
             {"GET", follow, 301, "GET"},   {"GET", follow, 302, "GET"},   {"GET", follow, 303, "GET"},
             {"GET", follow, 307, "GET"},   {"GET", follow, 308, "GET"},   {"HEAD", follow, 301, "HEAD"},
             {"HEAD", follow, 303, "HEAD"}, {"POST", follow, 301, "GET"},  {"POST", follow, 302, "GET"},
             {"POST", follow, 303, "GET"},  {"POST", follow, 307, "POST"}, {"POST", follow, 308, "POST"},
             {"POST", repost, 301, "POST"}, {"POST", repost, 302, "POST"}, {"POST", repost, 303, "POST"},
             {"POST", repost, 307, "POST"}, {"GET", ignore, 301, ""},      {"POST", ignore, 307, ""},
             {"GET", follow, 200, ""},      {"GET", follow, 300, ""},      {"GET", follow, 304, ""},
             {"GET", follow, 305, ""},      {"POST", repost, 404, ""},
         }) {
        INFO(method << " " << status << " policy " << static_cast<int>(policy));
        auto rq = asking(method, policy);
        redirects way{5};
        auto const on = way.follow(rq, status, "/next");
        REQUIRE(on);
        CHECK(*on == !next.empty());
        CHECK(rq.method == (next.empty() ? method : next));
        CHECK(
            rq.url.text() == (next.empty() ? "https://bugs.example/a/b?id=1" : "https://bugs.example/next"));
        bool const posted = rq.method == "POST";
        CHECK(rq.body == (posted ? "<call/>" : ""));
        if (method == "POST")
            CHECK(find_header(rq.headers, "Content-Type").empty() != posted);
    }
}

TEST_CASE("redirect: Location")
{
    struct row {
        std::string location, to;
    };
    for (auto const& [location, to] : std::vector<row>{
             {"https://other.example/x", "https://other.example/x"},
             {"//other.example/x", "https://other.example/x"},
             {"/x?y", "https://bugs.example/x?y"},
             {"c", "https://bugs.example/a/c"},
             {"../c", "https://bugs.example/c"},
             {"?id=2", "https://bugs.example/a/b?id=2"},
         }) {
        INFO(location);
        auto const got = redirect_target(asking("GET"), location);
        REQUIRE(got);
        CHECK(got->text() == to);
    }
    for (auto const* bad :
         {"mailto:me@example", "https://user:hunter2@bugs.example/", "http://[", "javascript:x"}) {
        INFO(bad);
        auto rq = asking("GET");
        redirects way{5};
        auto const refused = way.follow(rq, 302, bad);
        REQUIRE(refused.has_error());
        CHECK(refused.error().kind == error_kind::protocol_error);
        CHECK(to_string(refused.error()).find("hunter2") == std::string::npos);
    }
    auto rq = asking("GET");
    redirects way{5};
    CHECK(way.follow(rq, 302, "").value() == false);
}

TEST_CASE("redirect: the caller's own credentials stay with their origin")
{
    auto const same = redirected(asking("GET"), 302, parse_url("https://bugs.example/x").value());
    CHECK(names(same.headers) == "Content-Type Authorization cookie Accept ");
    for (auto const* other :
         {"https://other.example/", "http://bugs.example/", "https://bugs.example:8443/"}) {
        auto const away = redirected(asking("GET"), 302, parse_url(other).value());
        CHECK(names(away.headers) == "Content-Type Accept ");
    }
}

TEST_CASE("redirect: a login that the server repeats in the address is taken out of it")
{
    auto rq = asking("GET");
    rq.login = login{
        .place = login::where::query,
        .name = "key2",
        .who = {.origin = "https://bugs.example", .value = secret{"hunter2"}}};
    redirects way{5};
    REQUIRE(way.follow(rq, 301, "https://other.example/x?id=1&key2=hunter2&n=3").value());
    CHECK(rq.url.text() == "https://other.example/x?id=1&n=3");
    CHECK(way.moved_to().value_or(web_url{}).text() == "https://other.example/x?id=1&n=3");
}

TEST_CASE("redirect: a permanent move is reported as far as all was permanent")
{
    struct row {
        std::vector<unsigned> hops;
        std::string moved;
    };
    for (auto const& [hops, moved] : std::vector<row>{
             {{301}, "/1"},
             {{308, 301}, "/2"},
             {{302}, ""},
             {{302, 301}, ""},
             {{301, 302, 301}, "/1"},
             {{307, 308}, ""},
         }) {
        auto rq = asking("GET");
        redirects way{5};
        int n = 0;
        for (auto const status : hops)
            REQUIRE(way.follow(rq, status, "/" + std::to_string(++n)).value());
        CHECK(way.moved_to().value_or(web_url{}).target() == (moved.empty() ? "/" : moved));
    }
    auto ignored = asking("GET", redirect_policy::ignore);
    redirects way{5};
    CHECK_FALSE(way.follow(ignored, 301, "/new").value());
    CHECK(way.moved_to().value_or(web_url{}).target() == "/new");
}

TEST_CASE("redirect: a circle ends, naming where")
{
    auto rq = asking("GET");
    redirects way{3};
    for (int i = 0; i != 3; ++i)
        REQUIRE(way.follow(rq, 302, i % 2 ? "/a" : "/b").value());
    auto const refused = way.follow(rq, 302, "/last?token=hunter2");
    REQUIRE(refused.has_error());
    CHECK(refused.error().kind == error_kind::protocol_error);
    CHECK(refused.error().message.find("https://bugs.example/last?token=***") != std::string::npos);
}

TEST_CASE("redirect: a login does not leave https")
{
    auto rq = asking("GET");
    redirects way{3};
    CHECK(way.follow(rq, 302, "http://bugs.example/plain").value());
    rq = asking("GET");
    rq.login = login{.who = {.origin = "https://bugs.example"}};
    auto const refused = way.follow(rq, 302, "http://bugs.example/plain");
    REQUIRE(refused.has_error());
    CHECK(refused.error().kind == error_kind::protocol_error);
}
