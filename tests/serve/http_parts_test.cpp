#include "engine/serve/http/forwarded.hpp"
#include "engine/serve/http/hosts.hpp"
#include "engine/serve/http/message.hpp"
#include "engine/serve/http/negotiation.hpp"
#include "engine/serve/http/problem.hpp"
#include "engine/serve/http/reply.hpp"
#include "engine/serve/http/router.hpp"
#include "tests/support/run.hpp"

#include <boost/json/parse.hpp>

#include <catch2/catch.hpp>
#include <zlib.h>

#include <stdexcept>

using namespace checkwatches;
using namespace checkwatches::serve;

namespace {

std::string text_of(http_fields const& fields)
{
    std::string out;
    for (auto const& [name, value] : fields)
        out += "[" + name + "|" + value + "]";
    return out;
}

std::string form(std::string_view text)
{
    auto const got = read_form(text);
    return got ? text_of(*got) : "none";
}

std::string gunzipped(std::string_view coded)
{
    std::string out(1 << 20, '\0');
    z_stream z{};
    REQUIRE(inflateInit2(&z, 15 + 16) == Z_OK);
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(coded.data()));
    z.avail_in = static_cast<uInt>(coded.size());
    z.next_out = reinterpret_cast<Bytef*>(out.data());
    z.avail_out = static_cast<uInt>(out.size());
    CHECK(inflate(&z, Z_FINISH) == Z_STREAM_END);
    out.resize(z.total_out);
    inflateEnd(&z);
    return out;
}

bool has(http_reply const& in, std::string_view line)
{
    return in.head.find("\r\n" + std::string{line} + "\r\n") != std::string::npos;
}

std::size_t count(http_reply const& in, std::string_view name)
{
    std::size_t out = 0;
    for (auto at = in.head.find(name); at != std::string::npos; at = in.head.find(name, at + 1))
        ++out;
    return out;
}

http_answer page(std::string body, std::string type = "text/html; charset=utf-8")
{
    http_answer out;
    out.headers.emplace_back("Content-Type", std::move(type));
    out.body = std::move(body);
    return out;
}

utc_time const day{std::chrono::milliseconds{1'784'000'000'123}};
asked_how const usual{.is_http_11 = true, .keep_alive = true};

} // namespace

TEST_CASE("http: a form is decoded, or there is none")
{
    CHECK(form("") == "");
    CHECK(form("a=1&b=&c&&=d") == "[a|1][b|][c|][|d]");
    CHECK(form("a=x+y%2Bz%3D=w") == "[a|x y+z==w]");
    CHECK(form("caf%C3%A9=%E2%82%AC") == "[café|€]");
    CHECK(form("a=line%0D%0Aline") == "[a|line\r\nline]");
    for (auto const* broken : {"a=%", "a=%4", "a=%4g", "%zz=1", "a=%ff", "a=%00", "a=\xFF", "a=% 1"})
        CHECK(form(broken) == "none");
    std::string many;
    for (std::size_t i = 0; i != most_form_fields; ++i)
        many += "a&";
    CHECK(form(many) != "none");
    CHECK(form(many + "a") == "none");
}

TEST_CASE("http: cookies and fields are found by their names")
{
    http_request rq;
    rq.headers = {{"Cookie", "a=1; session=x=y ;b"}, {"X", "1"}, {"cookie", "late=2"}, {"x", "2"}};
    rq.query = {{"q", "1"}, {"q", "2"}};
    CHECK(rq.cookie("a") == "1");
    CHECK(rq.cookie("session") == "x=y");
    CHECK(rq.cookie("b") == "");
    CHECK(rq.cookie("late") == "2");
    CHECK(rq.cookie("A") == "");
    CHECK(rq.cookie("sess") == "");
    CHECK(rq.header("x") == "1");
    CHECK(rq.header("y") == "");
    CHECK(rq.argument("q") == "1");
}

TEST_CASE("http: a problem says what is wrong, in JSON")
{
    auto const got = problem(404, "there is no bug \"7\"\n");
    CHECK(got.status == 404);
    CHECK(find_field(got.headers, "content-type") == "application/problem+json");
    auto const what = boost::json::parse(got.body).as_object();
    CHECK(what.at("type") == "about:blank");
    CHECK(what.at("title") == "Not Found");
    CHECK(what.at("status") == 404);
    CHECK(what.at("detail") == "there is no bug \"7\"\n");
}

TEST_CASE("http: only our own names are ours")
{
    known_hosts const ours{{"Bugs.Example.org", "other.example:8443"}};
    asio::ip::tcp::endpoint const here{asio::ip::make_address("192.0.2.7"), 8060};
    auto const knows = [&](std::string_view text) {
        auto const host = read_host(text);
        return host ? ours.knows(*host, here) ? "yes" : "no" : "none";
    };
    for (auto const* good :
         {"localhost:8060",
          "LOCALHOST:8060",
          "127.0.0.1:8060",
          "[::1]:8060",
          "[0:0::1]:8060",
          "192.0.2.7:8060",
          "bugs.example.org",
          "bugs.example.org:443",
          "BUGS.example.ORG:",
          "other.example:8443"}) {
        INFO(good);
        CHECK(knows(good) == std::string_view{"yes"});
    }
    for (auto const* strange :
         {"evil.example:8060",
          "localhost",
          "localhost:8061",
          "127.0.0.1",
          "192.0.2.8:8060",
          "[2001:db8::1]:8060",
          "other.example",
          "bugs.example.org.evil.example",
          "localhost.:8060"}) {
        INFO(strange);
        CHECK(knows(strange) == std::string_view{"no"});
    }
    for (auto const* broken :
         {"",
          ":80",
          "a:b",
          "a:99999",
          "a:0",
          "a b",
          "[::1",
          "[::1]x",
          "[::1]x:80",
          "[evil]",
          "a/b",
          "u@a",
          "a:1:2",
          "::1"}) {
        INFO(broken);
        CHECK(knows(broken) == std::string_view{"none"});
    }
    asio::ip::tcp::endpoint const plain{asio::ip::make_address("127.0.0.1"), 80};
    CHECK(ours.knows(*read_host("localhost"), plain));
}

TEST_CASE("http: a proxy is believed where it is trusted, and only its own word")
{
    auto const address = [](char const* text) { return asio::ip::make_address(text); };
    std::vector<asio::ip::address> const trusted{address("10.0.0.1"), address("::1")};
    http_fields const said{
        {"X-Forwarded-For", "1.1.1.1"},
        {"x-forwarded-for", "6.6.6.6, 2.2.2.2"},
        {"X-Forwarded-Proto", "https"}};
    auto const text = [](request_origin const& from) {
        return from.peer + (from.is_secure ? " secure" : "");
    };
    CHECK(text(origin_of(address("10.0.0.1"), said, trusted)) == "2.2.2.2 secure");
    CHECK(text(origin_of(address("::ffff:10.0.0.1"), said, trusted)) == "2.2.2.2 secure");
    CHECK(text(origin_of(address("10.0.0.2"), said, trusted)) == "10.0.0.2");
    CHECK(text(origin_of(address("::1"), {}, trusted)) == "::1");
    auto const named = [&](std::string value) {
        return text(origin_of(address("::1"), {{"X-Forwarded-For", std::move(value)}}, trusted));
    };
    CHECK(named("2.2.2.2:4711") == "2.2.2.2");
    CHECK(named("[2001:db8::1]:4711") == "2001:db8::1");
    CHECK(named("2001:db8::1") == "2001:db8::1");
    CHECK(named("unknown") == "::1");
    CHECK(named("") == "::1");
    CHECK(named("[") == "::1");
}

TEST_CASE("http: entity tags are compared weakly, in lists")
{
    CHECK(names_tag("\"a\"", "\"a\""));
    CHECK(names_tag("W/\"a\"", "\"a\""));
    CHECK(names_tag("\"a\"", "W/\"a\""));
    CHECK(names_tag("\"x\", W/\"y,z\" ,\"a\"", "\"a\""));
    CHECK(names_tag("\"x\", W/\"y,z\"", "\"y,z\""));
    CHECK(names_tag(" * ", "\"a\""));
    CHECK_FALSE(names_tag("*", ""));
    CHECK_FALSE(names_tag("", "\"a\""));
    CHECK_FALSE(names_tag("\"b\"", "\"a\""));
    CHECK_FALSE(names_tag("a", "\"a\""));
    CHECK_FALSE(names_tag("\"a", "\"a\""));
}

TEST_CASE("http: gzip is sent to whoever takes it")
{
    for (auto const* yes : {"gzip", "deflate, GZip;q=0.5", "*", "br, *;q=0.1", "gzip;q=1.000", "x-gzip"})
        CHECK(accepts_gzip(yes));
    for (auto const* no : {"", "br", "gzip;q=0", "gzip; q=0.000", "*;q=0", "gzip;q=0, *", "gzipped"})
        CHECK_FALSE(accepts_gzip(no));
    std::string const text(100'000, 'x');
    auto how = usual;
    how.gzip = true;
    auto answer = page(text);
    answer.headers.emplace_back("ETag", "\"1\"");
    auto const coded = make_reply(answer, how, day);
    CHECK(has(coded, "Content-Encoding: gzip"));
    CHECK(has(coded, "Vary: Accept-Encoding"));
    CHECK(has(coded, "ETag: W/\"1\""));
    CHECK(has(coded, "Content-Length: " + std::to_string(coded.content().size())));
    CHECK(coded.content().size() < 1000);
    CHECK(gunzipped(coded.content()) == text);
    auto const plain = make_reply(answer, usual, day);
    CHECK(plain.content() == text);
    CHECK(has(plain, "Vary: Accept-Encoding"));
    CHECK(has(plain, "ETag: \"1\""));
    CHECK_FALSE(has(make_reply(page("short"), how, day), "Content-Encoding: gzip"));
    CHECK_FALSE(has(make_reply(page(text, "image/png"), how, day), "Content-Encoding: gzip"));
    CHECK(has(make_reply(page(text, "application/json"), how, day), "Content-Encoding: gzip"));
    auto shared = page("");
    shared.shared_body = std::make_shared<std::string const>(text);
    CHECK(gunzipped(make_reply(shared, how, day).content()) == text);
    CHECK(make_reply(shared, usual, day).content() == text);
}

TEST_CASE("http: every answer carries what protects a browser")
{
    for (unsigned status : {200U, 204U, 303U, 404U, 500U}) {
        auto answer = page("x");
        answer.status = status;
        auto const got = make_reply(answer, usual, day);
        CHECK(has(got, "X-Content-Type-Options: nosniff"));
        CHECK(has(got, "X-Frame-Options: DENY"));
        CHECK(has(got, "Referrer-Policy: same-origin"));
        CHECK(has(got, "Cross-Origin-Opener-Policy: same-origin"));
        CHECK(has(got, "Cross-Origin-Resource-Policy: same-origin"));
        CHECK(has(got, "Cache-Control: no-store"));
        CHECK(
            has(got,
                "Content-Security-Policy: default-src 'none'; style-src 'self'; script-src 'self'; img-src "
                "'self'; "
                "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"));
        CHECK(has(got, "Date: Tue, 14 Jul 2026 03:33:20 GMT"));
        CHECK(got.keep_alive);
    }
    auto own = page("x");
    own.headers.emplace_back("cache-control", "max-age=60");
    own.headers.emplace_back("Content-Length", "99");
    own.headers.emplace_back("X-Bad", "a\r\nSet-Cookie: b");
    auto const got = make_reply(own, usual, day);
    CHECK(has(got, "cache-control: max-age=60"));
    CHECK_FALSE(has(got, "Cache-Control: no-store"));
    CHECK(has(got, "Content-Length: 1"));
    CHECK(count(got, "Content-Length") == 1);
    CHECK(has(got, "X-Bad: a  Set-Cookie: b"));
}

TEST_CASE("http: the form of an answer is what was asked for")
{
    auto how = usual;
    how.is_head = true;
    auto const head = make_reply(page("hello"), how, day);
    CHECK(has(head, "Content-Length: 5"));
    CHECK(head.content().empty());

    auto tagged = page("hello");
    tagged.headers.emplace_back("ETag", "\"7\"");
    how = usual;
    how.if_none_match = "W/\"7\"";
    auto const known = make_reply(tagged, how, day);
    CHECK(known.head.starts_with("HTTP/1.1 304 Not Modified\r\n"));
    CHECK(has(known, "ETag: \"7\""));
    CHECK(count(known, "Content-Length") == 0);
    CHECK(count(known, "Content-Type:") == 0);
    CHECK(known.content().empty());
    how.if_none_match = "\"8\"";
    CHECK(make_reply(tagged, how, day).content() == "hello");
    tagged.status = 404;
    how.if_none_match = "\"7\"";
    CHECK(make_reply(tagged, how, day).content() == "hello");

    auto nothing = page("hello");
    nothing.status = 204;
    CHECK(make_reply(nothing, usual, day).content().empty());
    CHECK(count(make_reply(nothing, usual, day), "Content-Length") == 0);

    how = usual;
    how.is_http_11 = false;
    CHECK(has(make_reply(page("x"), how, day), "Connection: keep-alive"));
    how.keep_alive = false;
    CHECK(has(make_reply(page("x"), how, day), "Connection: close"));
    auto streaming = page("");
    streaming.stream = [](http_stream&) -> awaitable<void> { co_return; };
    auto const stream = make_reply(streaming, usual, day);
    CHECK(stream.stream);
    CHECK(has(stream, "Connection: close"));
    CHECK(count(stream, "Content-Length") == 0);
    how.is_head = true;
    CHECK_FALSE(make_reply(streaming, how, day).stream);
}

TEST_CASE("http router: a request finds its route, whatever was added first")
{
    route_table table;
    for (auto const* pattern : {"/", "/bugs/{id}", "/bugs/new", "/{any}/list", "/bugs/{id}/checks/{check}"})
        table.add("GET", pattern);
    table.add("POST", "/bugs/{id}");
    table.add("DELETE", "/bugs/{id}");
    auto const find = [&](std::string_view method, std::vector<std::string> const& parts) {
        auto const got = table.find(method, parts);
        if (got.status != 200)
            return std::to_string(got.status) + " " + got.allow;
        return std::to_string(got.index) + text_of(got.match.captured);
    };
    CHECK(find("GET", {}) == "0");
    CHECK(find("GET", {"bugs", "7"}) == "1[id|7]");
    CHECK(find("GET", {"bugs", "new"}) == "2");
    CHECK(find("GET", {"bugs", "list"}) == "1[id|list]");
    CHECK(find("GET", {"x", "list"}) == "3[any|x]");
    CHECK(find("GET", {"bugs", "7", "checks", "8"}) == "4[id|7][check|8]");
    CHECK(find("POST", {"bugs", "7"}) == "5[id|7]");
    CHECK(find("POST", {"bugs", "new"}) == "5[id|new]");
    CHECK(find("PUT", {"bugs", "7"}) == "405 DELETE, GET, HEAD, POST");
    CHECK(find("POST", {}) == "405 GET, HEAD");
    CHECK(find("GET", {"bugs"}) == "404 ");
    CHECK(find("GET", {"bugs", "7", "checks"}) == "404 ");
    CHECK(find("GET", {"Bugs", "7", "x"}) == "404 ");
    CHECK_THROWS_AS(table.add("GET", "/bugs/{other}"), std::logic_error);
    CHECK_THROWS_AS(table.add("GET", "bugs"), std::logic_error);
    CHECK_THROWS_AS(table.add("GET", "/a//b"), std::logic_error);
}
