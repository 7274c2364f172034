#include "engine/serve/http/request_parser.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <string_view>

using namespace checkwatches::serve;

namespace {

struct reading {
    unsigned refused = 0;
    bool whole = false;
    std::size_t used = 0;
    http_request rq{};

    std::string text() const
    {
        auto out = std::to_string(refused) + (whole ? " whole " : " ") + rq.method + " " + rq.path;
        for (auto const& part : rq.parts)
            out += " [" + part + "]";
        for (auto const& [name, value] : rq.query)
            out += " " + name + "=" + value;
        for (auto const& [name, value] : rq.headers)
            out += " <" + name + ": " + value + ">";
        return out + " " + rq.body;
    }
};

reading read(std::string_view bytes, std::size_t piece, request_bounds const& bounds = {})
{
    request_parser parser{bounds};
    reading out;
    while (!bytes.empty() && !parser.is_whole() && !parser.refused()) {
        auto const part = bytes.substr(0, piece);
        auto const used = parser.put(part);
        out.used += used;
        if (used != part.size())
            break;
        bytes.remove_prefix(used);
    }
    out.whole = parser.is_whole();
    if (parser.refused())
        out.refused = parser.refused()->status;
    if (out.whole)
        out.rq = parser.take();
    return out;
}

reading read(std::string_view bytes)
{
    return read(bytes, bytes.size());
}

std::string get(std::string_view target, std::string_view lines = "")
{
    return "GET " + std::string{target} + " HTTP/1.1\r\nHost: a\r\n" + std::string{lines} + "\r\n";
}

struct hostile {
    char const* what;
    std::string bytes;
    unsigned status;
};

std::vector<hostile> hostile_requests()
{
    std::string const chunked = "Transfer-Encoding: chunked\r\n";
    std::string const post = "POST / HTTP/1.1\r\nHost: a\r\n";
    return {
        {"no Host", "GET / HTTP/1.1\r\n\r\n", 400},
        {"no Host, old", "GET / HTTP/1.0\r\n\r\n", 400},
        {"two Hosts", get("/", "Host: a\r\n"), 400},
        {"an empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400},
        {"a length and a coding", post + "Content-Length: 5\r\n" + chunked + "\r\n0\r\n\r\n", 400},
        {"a coding and a length", post + chunked + "Content-Length: 5\r\n\r\n0\r\n\r\n", 400},
        {"two lengths", post + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello", 400},
        {"two equal lengths", post + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello", 400},
        {"a list of lengths", post + "Content-Length: 5, 5\r\n\r\nhello", 400},
        {"a signed length", post + "Content-Length: +5\r\n\r\nhello", 400},
        {"a negative length", post + "Content-Length: -5\r\n\r\nhello", 400},
        {"a hexadecimal length", post + "Content-Length: 0x5\r\n\r\nhello", 400},
        {"an empty length", post + "Content-Length:\r\n\r\nhello", 400},
        {"a length beyond numbers", post + "Content-Length: 99999999999999999999999\r\n\r\nhello", 400},
        {"two codings", post + chunked + chunked + "\r\n0\r\n\r\n", 400},
        {"another coding", post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501},
        {"chunked twice", post + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", 501},
        {"no coding", post + "Transfer-Encoding: identity\r\n\r\n", 501},
        {"a coding with a tail", post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 501},
        {"a coding of HTTP/1.0", "POST / HTTP/1.0\r\nHost: a\r\n" + chunked + "\r\n0\r\n\r\n", 400},
        {"a chunk without size", post + chunked + "\r\nz\r\n\r\n", 400},
        {"a chunk beyond its size", post + chunked + "\r\n1\r\nab\r\n0\r\n\r\n", 400},
        {"a chunk's size beyond numbers", post + chunked + "\r\nfffffffffffffffff\r\n", 400},
        {"a line that goes on", get("/", "X: a\r\n b\r\n"), 400},
        {"a tab that goes on", get("/", "X: a\r\n\tb\r\n"), 400},
        {"a bare LF", "GET / HTTP/1.1\nHost: a\n\n", 400},
        {"a bare CR", get("/", "X: a\rb\r\n"), 400},
        {"a NUL", get("/", std::string{"X: a\0b\r\n", 8}), 400},
        {"a bell", get("/", "X: a\ab\r\n"), 400},
        {"DEL", get("/", "X: a\x7F\r\n"), 400},
        {"a blank before the colon", get("/", "X : a\r\n"), 400},
        {"no colon", get("/", "X\r\n"), 400},
        {"no name", get("/", ": a\r\n"), 400},
        {"a name with a slash", get("/", "X/Y: a\r\n"), 400},
        {"a header of bytes", get("/", "X: \xFF\xFE\r\n"), 400},
        {"an expectation", get("/", "Expect: the unexpected\r\n"), 417},
        {"another host in the target", get("http://b/"), 400},
        {"another scheme", get("ftp://a/"), 400},
        {"no host in the target", get("http:///x"), 400},
        {"a scheme alone", get("http"), 400},
        {"a scheme and a colon", get("https:/"), 400},
        {"an asterisk", get("*"), 400},
        {"an authority", get("a:80"), 400},
        {"a relative path", get("x/y"), 400},
        {"an empty part", get("/a//b"), 400},
        {"two slashes first", get("//a"), 400},
        {"a dot", get("/a/./b"), 400},
        {"two dots", get("/a/../b"), 400},
        {"two dots last", get("/a/.."), 400},
        {"escaped dots", get("/a/%2e%2E/b"), 400},
        {"one escaped dot", get("/a/.%2e"), 400},
        {"an escaped backslash", get("/a%5Cb"), 400},
        {"a backslash", get("/a\\b"), 400},
        {"an escaped NUL", get("/a%00b"), 400},
        {"an escaped line end", get("/a%0d%0ab"), 400},
        {"a NUL in the query", get("/?a=%00"), 400},
        {"a broken escape", get("/a%2"), 400},
        {"no escape", get("/a%zz"), 400},
        {"a signed escape", get("/a%+1"), 400},
        {"a broken escape in the query", get("/?a=%"), 400},
        {"escapes that are no UTF-8", get("/%ff"), 400},
        {"a surrogate", get("/%ed%a0%80"), 400},
        {"an overlong slash", get("/%c0%af"), 400},
        {"a query that is no UTF-8", get("/?a=%80"), 400},
        {"raw UTF-8 in the target", get("/\xC3\xA9"), 400},
        {"a fragment", get("/a#b"), 400},
        {"a blank in the target", get("/a b"), 400},
        {"two blanks", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"a tab between", "GET\t/\tHTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"no version", "GET /\r\nHost: a\r\n\r\n", 400},
        {"a blank first", " GET / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"a CR first", "\r" + get("/"), 400},
        {"an empty line and a blank", "\r\n " + get("/"), 400},
        {"an empty line twice", "\r\n\r\n" + get("/"), 400},
        {"HTTP/0.9", "GET / HTTP/0.9\r\nHost: a\r\n\r\n", 505},
        {"HTTP/1.2", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", 505},
        {"HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
        {"lower case", "GET / http/1.1\r\nHost: a\r\n\r\n", 400},
        {"a version with a tail", "GET / HTTP/1.10\r\nHost: a\r\n\r\n", 400},
        {"an unknown method", "BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 501},
        {"a method in lower case", "get / HTTP/1.1\r\nHost: a\r\n\r\n", 501},
        {"a method that is none", "G@T / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"CONNECT", "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", 405},
        {"TRACE", "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 405},
        {"TLS", std::string{"\x16\x03\x01\x02\x00\x01\x00\x01\xfc", 9}, 400},
        {"a long target", get("/" + std::string(8192, 'a')), 414},
        {"a target without end", "GET /" + std::string(20'000, 'a'), 414},
        {"a long header", get("/", "X: " + std::string(17'000, 'a') + "\r\n"), 431},
        {"a header just too long", get("/", "X: " + std::string(16'384 - 31, 'a') + "\r\n"), 431},
        {"a header without end", "GET / HTTP/1.1\r\nX: " + std::string(20'000, 'a'), 431},
        {"many fields",
         get("/",
             [] {
                 std::string out;
                 for (int i = 0; i != 5000; ++i)
                     out += "X: a\r\n";
                 return out;
             }()),
         431},
        {"many arguments",
         get("/?" +
             [] {
                 std::string out;
                 for (int i = 0; i != 65; ++i)
                     out += "a=1&";
                 return out;
             }()),
         400},
        {"a body that is said to be long", post + "Content-Length: 262145\r\n\r\n", 413},
        {"a chunk that is said to be long", post + chunked + "\r\n40001\r\n", 413},
        {"many chunks",
         post + chunked + "\r\n" +
             [] {
                 std::string out;
                 for (int i = 0; i != 300; ++i)
                     out += "400\r\n" + std::string(1024, 'x') + "\r\n";
                 return out;
             }(),
         413},
        {"a chunk's head without end", post + chunked + "\r\n1;" + std::string(20'000, 'x'), 431},
        {"a long trailer", post + chunked + "\r\n0\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n", 431},
        {"many heads of chunks",
         post + chunked + "\r\n" +
             [] {
                 std::string out;
                 for (int i = 0; i != 4'000; ++i)
                     out += "1\r\nx\r\n";
                 return out;
             }()
             + "0\r\n\r\n",
         431},
        {"a trailer without end", post + chunked + "\r\n0\r\nX: " + std::string(20'000, 'x'), 431},
    };
}

} // namespace

TEST_CASE("http parser: a hostile request is refused, however it comes")
{
    for (auto const& one : hostile_requests()) {
        INFO(one.what);
        auto const whole = read(one.bytes);
        CHECK(whole.refused == one.status);
        CHECK_FALSE(whole.whole);
        for (std::size_t piece : {1U, 2U, 3U, 7U, 1000U})
            CHECK(read(one.bytes, piece).refused == one.status);
    }
}

TEST_CASE("http parser: a hostile request that is cut off is refused or waits for more, and is never whole")
{
    for (auto const& one : hostile_requests()) {
        INFO(one.what);
        auto const all = std::string_view{one.bytes};
        auto const step = std::max<std::size_t>(1, all.size() / 400);
        for (std::size_t cut = 0; cut < all.size(); cut += step) {
            auto const got = read(all.substr(0, cut), 5);
            CHECK_FALSE(got.whole);
        }
    }
}

TEST_CASE("http parser: a request is the same however it comes, and ends where the next begins")
{
    std::string const body = "a=1&b=2";
    auto const bytes = GENERATE_COPY(
        get("/"),
        get("/api/v1/bugs/caf%C3%A9/?q=a+b%26c&empty&=x&&"),
        "\r\n" + get("/after/an/empty/line"),
        get("http://a/absolute?x=1"),
        get("http://A"),
        "GET /old HTTP/1.0\r\nHost: a\r\n\r\n",
        "HEAD /x HTTP/1.1\r\nhost:  a \t\r\nX: \xC3\xA9\r\n\r\n",
        "POST /form HTTP/1.1\r\nHost: a\r\nContent-Length: 7\r\n\r\n" + body,
        std::string{"POST /chunks HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n"}
            + "3;x=y\r\na=1\r\n4\r\n&b=2\r\n0\r\nTrailer: dropped\r\n\r\n",
        "POST /none HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
    auto const whole = read(bytes);
    INFO(bytes);
    CHECK(whole.whole);
    CHECK(whole.used == bytes.size());
    for (std::size_t piece = 1; piece < bytes.size(); ++piece) {
        auto const got = read(bytes, piece);
        CHECK(got.text() == whole.text());
        CHECK(got.used == bytes.size());
    }
    auto const two = bytes + get("/next");
    CHECK(read(two).text() == whole.text());
    CHECK(read(two).used == bytes.size());
    for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
        auto const got = read(std::string_view{bytes}.substr(0, cut));
        CHECK_FALSE(got.whole);
        CHECK(got.refused == 0);
    }
}

TEST_CASE("http parser: what is read is what was asked")
{
    CHECK(
        read(get("/api/v1/caf%C3%A9%20x/?q=a+b%26c&empty&=x&&")).text()
        == "0 whole GET /api/v1/caf%C3%A9%20x/ [api] [v1] [café x] q=a b&c empty= =x <Host: a> ");
    CHECK(
        read(get("/trackers/a%2fb/check")).text()
        == "0 whole GET /trackers/a%2fb/check [trackers] [a/b] [check] <Host: a> ");
    CHECK(read(get("http://A/x?y=%2f")).text() == "0 whole GET /x [x] y=/ <Host: a> ");
    CHECK(read(get("http://a?y")).text() == "0 whole GET / y= <Host: a> ");
    CHECK(
        read("POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na=1\r\n0\r\nX: y\r\n\r\n")
            .text()
        == "0 whole POST /p [p] <Host: a> <Transfer-Encoding: chunked> a=1");
    CHECK(read(get("/" + std::string(8191, 'a'))).whole);
    CHECK(read(get("/", "X: " + std::string(16'384 - 32, 'a') + "\r\n")).whole);
    auto const full = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 262144\r\n\r\n"
                      + std::string(262'144, 'x');
    CHECK(read(full).rq.body.size() == 262'144);
}

TEST_CASE("http parser: the client's wishes are known")
{
    request_bounds const bounds;
    struct sample {
        std::string bytes;
        bool keeps, head, continues;
    };
    std::string const expects = "Content-Length: 2\r\nExpect: 100-Continue\r\n\r\n";
    std::vector<sample> const samples{
        {get("/"), true, false, false},
        {get("/", "Connection: Close\r\n"), false, false, false},
        {"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", true, true, false},
        {"GET / HTTP/1.0\r\nHost: a\r\n\r\n", false, false, false},
        {"GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n", true, false, false},
        {"POST / HTTP/1.1\r\nHost: a\r\n" + expects, true, false, true},
        {"POST / HTTP/1.0\r\nHost: a\r\n" + expects, false, false, false},
        {"POST / HTTP/1.1\r\nHost: a\r\n" + expects + "x", true, false, false},
        {"POST / HTTP/1.1\r\nHost: a\r\n" + expects + "xy", true, false, false}};
    for (auto const& one : samples) {
        INFO(one.bytes);
        request_parser parser{bounds};
        CHECK_FALSE(parser.has_begun());
        CHECK(parser.put(one.bytes) == one.bytes.size());
        CHECK(parser.has_begun());
        CHECK(parser.keeps_alive() == one.keeps);
        CHECK(parser.is_head() == one.head);
        CHECK(parser.wants_continue() == one.continues);
        CHECK(parser.is_http_11() == (one.bytes.find("HTTP/1.1") != std::string::npos));
    }
}
