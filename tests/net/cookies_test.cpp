#include "engine/net/cookies.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace checkwatches;
using net::cookie_jar;
using namespace std::chrono_literals;

namespace {

utc_time const now = parse_time("2031-03-04T05:06:00Z").value();

std::string sent(std::string const& from, std::string const& set, std::string const& to, utc_time when = now)
{
    cookie_jar jar;
    jar.store(parse_url(from).value(), set, now);
    return jar.header(parse_url(to).value(), when);
}

} // namespace

TEST_CASE("cookies: which request a cookie goes with")
{
    struct row {
        std::string from, set, to, expected;
    };
    for (auto const& [from, set, to, expected] : std::vector<row>{
             // host
             {"https://a.example/x", "s=1", "https://a.example/", "s=1"},
             {"https://a.example/", "s=1", "https://a.example/y", "s=1"},
             {"https://a.example/", "s=1", "https://b.a.example/", ""},
             {"https://a.example/", "s=1", "https://example/", ""},
             {"https://a.example/", "s=1", "https://a.example:8443/", "s=1"}, // ports share cookies
             // domain
             {"https://bugs.a.example/", "s=1; Domain=a.example", "https://www.a.example/", "s=1"},
             {"https://bugs.a.example/", "s=1; domain=.A.Example", "https://a.example/", "s=1"},
             {"https://bugs.a.example/", "s=1; Domain=a.example", "https://nota.example/", ""},
             {"https://bugs.a.example/", "s=1; Domain=other.example", "https://other.example/", ""},
             {"https://bugs.a.example/", "s=1; Domain=other.example", "https://bugs.a.example/", ""},
             {"https://bugs.a.example/", "s=1; Domain=example", "https://bugs.a.example/", ""}, // a top level
             {"https://a.example/", "s=1; Domain=bugs.a.example", "https://bugs.a.example/", ""},
             {"http://localhost/", "s=1; Domain=localhost", "http://localhost/", "s=1"},
             {"http://127.0.0.1/", "s=1; Domain=0.0.1", "http://127.0.0.1/", ""},
             {"http://127.0.0.1/", "s=1", "http://127.0.0.1/", "s=1"},
             // path
             {"https://a.example/bugs/show", "s=1", "https://a.example/bugs/list", "s=1"},
             {"https://a.example/bugs/show", "s=1", "https://a.example/bugs", "s=1"},
             {"https://a.example/bugs/show", "s=1", "https://a.example/bugsy", ""},
             {"https://a.example/", "s=1; Path=/trac", "https://a.example/trac/login", "s=1"},
             {"https://a.example/", "s=1; Path=/trac", "https://a.example/tracker", ""},
             {"https://a.example/", "s=1; Path=/trac/", "https://a.example/trac", ""},
             {"https://a.example/x/y", "s=1; Path=relative", "https://a.example/x/z", "s=1"},
             // secure
             {"https://a.example/", "s=1; Secure", "https://a.example/", "s=1"},
             {"https://a.example/", "s=1; Secure", "http://a.example/", ""},
             {"http://a.example/", "s=1; Secure", "https://a.example/", ""}, // cannot be set from http
             {"https://a.example/", "s=1", "http://a.example/", "s=1"},
             // syntax
             {"https://a.example/", " s = 1 2 ; HttpOnly; SameSite=Lax", "https://a.example/", "s=1 2"},
             {"https://a.example/", "s=a=b", "https://a.example/", "s=a=b"},
             {"https://a.example/", "s=\"q\"", "https://a.example/", "s=\"q\""},
             {"https://a.example/", "s=", "https://a.example/", "s="},
             {"https://a.example/", "nothing", "https://a.example/", ""},
             {"https://a.example/", "=1", "https://a.example/", ""},
             {"https://a.example/", "s=1\r\nX: y", "https://a.example/", ""},
         }) {
        INFO(from << " set " << set << " to " << to);
        CHECK(sent(from, set, to) == expected);
    }
}

TEST_CASE("cookies: how long a cookie lives")
{
    struct row {
        std::string attribute;
        bool at_once, in_an_hour, in_a_day;
    };
    for (auto const& [attribute, at_once, in_an_hour, in_a_day] : std::vector<row>{
             {"", true, true, true},
             {"; Max-Age=3601", true, true, false},
             {"; Max-Age=0", false, false, false},
             {"; Max-Age=-1", false, false, false},
             {"; Max-Age=99999999999999999999", true, true, true},
             {"; Max-Age=x", true, true, true},
             {"; Expires=Tue, 04 Mar 2031 10:00:00 GMT", true, true, false},
             {"; Expires=Tuesday, 04-Mar-31 10:00:00 GMT", true, true, false},
             {"; Expires=Tue Mar  4 10:00:00 2031", true, true, false},
             {"; Expires=Thu, 01 Jan 1970 00:00:00 GMT", false, false, false},
             {"; Expires=never", true, true, true},
             {"; Expires=Thu, 31 Feb 2030 00:00:00 GMT", true, true, true},
             {"; Max-Age=3601; Expires=Thu, 01 Jan 1970 00:00:00 GMT", true, true, false},
             {"; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=3601", true, true, false},
         }) {
        INFO(attribute);
        std::string const url = "https://a.example/";
        CHECK((sent(url, "s=1" + attribute, url) == "s=1") == at_once);
        CHECK((sent(url, "s=1" + attribute, url, now + 1h) == "s=1") == in_an_hour);
        CHECK((sent(url, "s=1" + attribute, url, now + 24h) == "s=1") == in_a_day);
    }
}

TEST_CASE("cookies: namesakes replace each other, longer paths go first, expiry takes away")
{
    auto const url = parse_url("https://a.example/x/y").value();
    cookie_jar jar;
    jar.store(url, "a=1; Path=/", now);
    jar.store(url, "b=2; Path=/x", now);
    jar.store(url, "c=3; Path=/", now);
    jar.store(url, "a=4; Path=/", now);
    CHECK(jar.header(url, now) == "b=2; c=3; a=4");
    jar.store(url, "c=; Path=/; Max-Age=0", now);
    CHECK(jar.header(url, now) == "b=2; a=4");
    jar.clear();
    CHECK(jar.header(url, now).empty());
}

TEST_CASE("cookies: neither many nor long ones are kept")
{
    auto const url = parse_url("https://a.example/").value();
    cookie_jar jar;
    jar.store(url, "long=" + std::string(5000, 'x'), now);
    CHECK(jar.header(url, now).empty());
    for (int i = 0; i != 60; ++i)
        jar.store(url, "n" + std::to_string(i) + "=1", now);
    auto const all = jar.header(url, now);
    CHECK(all.starts_with("n10=1; "));
    CHECK(all.ends_with("n59=1"));
}
