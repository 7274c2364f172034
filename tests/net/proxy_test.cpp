#include "engine/net/http_client.hpp"
#include "engine/net/proxy.hpp"
#include "tests/net/quick_settings.hpp"
#include "tests/support/loopback_server.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

#include <map>

using namespace checkwatches;
using namespace checkwatches::net;

namespace {

std::function<std::optional<std::string>(std::string const&)> variables(std::map<std::string, std::string> of)
{
    return [of = std::move(of)](std::string const& name) -> std::optional<std::string> {
        auto const at = of.find(name);
        return at == of.end() ? std::nullopt : std::optional{at->second};
    };
}

} // namespace

TEST_CASE("proxy: no_proxy")
{
    struct row {
        std::string url, entry;
        bool direct;
    };
    for (auto const& [url, entry, direct] : std::vector<row>{
             {"http://a.example/", "a.example", true},
             {"http://a.example/", "A.EXAMPLE", true},
             {"http://b.a.example/", "a.example", true},
             {"http://b.a.example/", ".a.example", true},
             {"http://b.a.example/", "*.a.example", true},
             {"http://nota.example/", "a.example", false},
             {"http://example/", "a.example", false},
             {"http://a.example:8080/", "a.example:8080", true},
             {"http://a.example/", "a.example:8080", false},
             {"https://a.example/", "a.example:443", true},
             {"http://127.0.0.1/", "127.0.0.1", true},
             {"http://127.0.0.1/", "127.0.0.2", false},
             {"http://[::1]/", "::1", true},
             {"http://[::1]:81/", "[::1]:81", true},
             {"http://[::1]/", "[::1]:81", false},
             {"http://anything/", "*", true},
             {"http://a.example/", "", false},
             {"http://a.example/", ".", false},
         }) {
        INFO(url << " against " << entry);
        CHECK(bypasses_proxy(parse_url(url).value(), {entry}) == direct);
    }
    CHECK(bypasses_proxy(parse_url("http://b/").value(), {"a", "b"}));
}

TEST_CASE("proxy: the environment")
{
    auto const got = read_proxies(variables({
        {"http_proxy", "proxy.example:3128"},
        {"HTTPS_PROXY", "http://secure.example:3129/"},
        {"no_proxy", "localhost, .internal.example,10.0.0.1"},
    }));
    REQUIRE(got);
    CHECK(got->http.value_or(web_url{}).text() == "http://proxy.example:3128/");
    CHECK(got->https.value_or(web_url{}).text() == "http://secure.example:3129/");
    CHECK(got->bypass == std::vector<std::string>{"localhost", ".internal.example", "10.0.0.1"});
    CHECK(proxy_for(*got, parse_url("http://a.example/").value()).value_or(web_url{}).port == 3128);
    CHECK(proxy_for(*got, parse_url("https://a.example/").value()).value_or(web_url{}).port == 3129);
    CHECK_FALSE(proxy_for(*got, parse_url("https://x.internal.example/").value()));

    auto const cgi = read_proxies(variables({{"HTTP_PROXY", "http://evil.example/"}, {"https_proxy", ""}}));
    REQUIRE(cgi);
    CHECK_FALSE(cgi->http);
    CHECK_FALSE(cgi->https);

    auto const bad = read_proxies(variables({{"https_proxy", "http://me:hunter2@proxy.example:3128"}}));
    REQUIRE(bad.has_error());
    CHECK(bad.error().kind == error_kind::configuration);
    CHECK(to_string(bad.error()).find("hunter2") == std::string::npos);
    CHECK(read_proxies(variables({{"http_proxy", "socks5://p:1"}})).has_error());
}

TEST_CASE("proxy: plain requests name the whole URL to the proxy, and what is on the list goes directly")
{
    asio::io_context loop{1};
    std::vector<std::string> asked;
    test::loopback_server proxy{loop, [&](test::peer& p) -> awaitable<void> {
                                    asked.push_back(co_await p.request());
                                    co_await p.say(test::answer("via proxy"));
                                }};
    test::loopback_server direct{loop, [](test::peer& p) -> awaitable<void> {
                                     co_await p.request();
                                     co_await p.say(test::answer("direct"));
                                 }};
    auto s = test::quick_settings();
    s.proxy.http = proxy.url();
    s.proxy.bypass = {"127.0.0.1"};
    http_client client{loop.get_executor(), s};
    auto scenario = [&]() -> awaitable<bool> {
        cookie_jar jar;
        request const named{.url = parse_url("http://bugs.invalid:81/x?y=1").value()};
        auto const far = co_await client.send(named, jar);
        REQUIRE(far);
        CHECK(far->body == "via proxy");
        request const near{.url = direct.url()};
        auto const own = co_await client.send(near, jar);
        REQUIRE(own);
        CHECK(own->body == "direct");
        co_return true;
    };
    test::run(loop, scenario());
    REQUIRE(asked.size() == 1);
    CHECK(asked[0].starts_with("GET http://bugs.invalid:81/x?y=1 HTTP/1.1\r\nHost: bugs.invalid:81\r\n"));
}

TEST_CASE("proxy: a refused tunnel is an error that sends nothing on")
{
    asio::io_context loop{1};
    std::vector<std::string> asked;
    test::loopback_server proxy{loop, [&](test::peer& p) -> awaitable<void> {
                                    asked.push_back(co_await p.request());
                                    co_await p.say(test::answer("who are you?", "", "407 Auth"));
                                    asked.push_back(co_await p.request());
                                }};
    auto s = test::quick_settings();
    s.proxy.https = proxy.url();
    http_client client{loop.get_executor(), s};
    auto scenario = [&]() -> awaitable<bool> {
        cookie_jar jar;
        request const rq{.url = parse_url("https://bugs.invalid/?token=hunter2").value()};
        auto const refused = co_await client.send(rq, jar);
        REQUIRE(refused.has_error());
        CHECK(refused.error().kind == error_kind::connect_failed);
        CHECK(refused.error().message.find("407") != std::string::npos);
        CHECK(refused.error().request == "GET https://bugs.invalid/?token=***");
        auto const left = co_await test::until([&] { return asked.size() == 2; });
        CHECK(left);
        co_return true;
    };
    test::run(loop, scenario());
    CHECK(asked[0].starts_with("CONNECT bugs.invalid:443 HTTP/1.1\r\nHost: bugs.invalid:443\r\n"));
    CHECK(asked[1].empty());
}
