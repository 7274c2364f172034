#include "engine/net/login.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using namespace checkwatches::net;

namespace {

request asking(std::string const& url, login l)
{
    request rq{.method = "POST", .url = parse_url(url).value(), .body = "<v>{{s}}</v><v>{{u}}</v>{{s}}"};
    rq.login = std::move(l);
    return rq;
}

login mine(login::where place)
{
    return {
        .place = place,
        .name = "api_key",
        .prefix = "Bearer ",
        .who = {.origin = "https://bugs.example", .user = "me", .value = secret{"s<&>\"'{{u}} 1"}},
        .secret_slot = "{{s}}",
        .user_slot = "{{u}}"};
}

std::string const here = "https://bugs.example/rest/bug?id=1";

} // namespace

TEST_CASE("login: each place")
{
    CHECK(
        with_login(asking(here, mine(login::where::query))).url.query
        == "id=1&api_key=s%3C%26%3E%22%27%7B%7Bu%7D%7D%201");
    auto const header = with_login(asking(here, mine(login::where::header)));
    CHECK(find_header(header.headers, "API_KEY") == "Bearer s<&>\"'{{u}} 1");
    auto const basic = with_login(asking(here, mine(login::where::basic)));
    CHECK(find_header(basic.headers, "Authorization") == "Basic bWU6czwmPiIne3t1fX0gMQ==");
    CHECK(
        with_login(asking(here, mine(login::where::body))).body
        == "<v>s&lt;&amp;&gt;&quot;&apos;{{u}} 1</v><v>me</v>s&lt;&amp;&gt;&quot;&apos;{{u}} 1");
}

TEST_CASE("login: a parameter of the same name is replaced, not doubled")
{
    auto const rq = asking("https://bugs.example/?api%5Fkey=old&id=1", mine(login::where::query));
    CHECK(with_login(rq).url.query.starts_with("id=1&api_key=s"));
}

TEST_CASE("login: only towards its origin")
{
    auto const l = mine(login::where::header);
    CHECK(carries_login(asking(here, l)));
    CHECK_FALSE(carries_login(asking("http://bugs.example/", l)));
    CHECK_FALSE(carries_login(asking("https://bugs.example:444/", l)));
    CHECK_FALSE(carries_login(asking("https://bugs.example.evil/", l)));
    CHECK_FALSE(carries_login(request{}));
}

TEST_CASE("login: identities")
{
    auto l = mine(login::where::header);
    auto const one = identity(asking(here, l));
    CHECK(one != 0);
    CHECK(identity(asking(here, mine(login::where::query))) == one);
    CHECK(identity(asking("https://other.example/", l)) == 0);
    CHECK(identity(request{}) == 0);
    l.who.value = secret{"other"};
    CHECK(identity(asking(here, l)) != one);
}

TEST_CASE("login: in a form it is encoded as one")
{
    auto rq = asking(here, mine(login::where::body));
    rq.body = "user={{u}}&pass={{s}}";
    rq.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
    CHECK(with_login(std::move(rq)).body == "user=me&pass=s%3C%26%3E%22%27%7B%7Bu%7D%7D%201");
}
