#include "engine/net/parser.hpp"
#include "tests/support/print.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace checkwatches;
using namespace checkwatches::net;

namespace {

struct script {
    std::string text;
    std::string body;
    bool by_end = false; // the body ends where the connection does
    std::string method{"GET"};
    unsigned status = 200;
};

std::vector<script> const scripts{
    {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello"},
    {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", ""},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhell\r\n1\r\no\r\n0\r\n\r\n", "hello"},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;ext=1\r\nhello\r\n0\r\nTrailer: x\r\n\r\n",
     "hello"},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", ""},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: b\r\n\r\n", ""},
    {"HTTP/1.1 200 OK\r\nX: y\r\n\r\nhello", "hello", true},
    {"HTTP/1.0 200 OK\r\n\r\nhello", "hello", true},
    {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Wait\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: "
     "5\r\n\r\nhello",
     "hello"},
    {"HTTP/1.1 204 No Content\r\nX: y\r\n\r\n", "", false, "GET", 204},
    {"HTTP/1.1 304 Not Modified\r\nContent-Length: 77\r\n\r\n", "", false, "GET", 304},
    {"HTTP/1.1 200 OK\r\nContent-Length: 77\r\n\r\n", "", false, "HEAD"},
    {"HTTP/1.1 200 Connected\r\n\r\n", "", false, "CONNECT"},
};

} // namespace

TEST_CASE("parser: every framing, in one piece and byte by byte")
{
    settings const limits;
    for (auto const& s : scripts) {
        INFO(s.text);
        for (std::size_t const piece : {s.text.size(), std::size_t{1}, std::size_t{3}}) {
            reply_parser parser{limits, s.method};
            for (std::size_t at = 0; at < s.text.size(); at += piece) {
                CHECK_FALSE(parser.done());
                REQUIRE(parser.put(std::string_view{s.text}.substr(at, piece)));
            }
            CHECK(parser.done() == !s.by_end);
            if (s.by_end)
                REQUIRE(parser.put_end());
            REQUIRE(parser.done());
            auto const reply = parser.take();
            CHECK(reply.status == s.status);
            CHECK(reply.body == s.body);
            CHECK(reply.keep_alive == !s.by_end);
            CHECK(find_header(reply.headers, "Trailer").empty());
        }
    }
}

TEST_CASE("parser: an answer that is cut at any byte is an error")
{
    settings const limits;
    for (auto const& s : scripts) {
        for (std::size_t cut = 0; cut < s.text.size(); ++cut) {
            INFO(s.text << " cut at " << cut);
            reply_parser parser{limits, s.method};
            REQUIRE(parser.put(std::string_view{s.text}.substr(0, cut)));
            CHECK_FALSE(parser.done());
            auto const ended = parser.put_end();
            bool const in_body = s.by_end && cut >= s.text.size() - s.body.size();
            CHECK(ended.has_value() == in_body);
            if (ended.has_error())
                CHECK(ended.error().kind == error_kind::protocol_error);
        }
    }
}

TEST_CASE("parser: what is not HTTP")
{
    settings const limits;
    for (std::string const text :
         {"SSH-2.0-OpenSSH_9.2\r\n\r\n",
          "<html>\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
          "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nhello",
          "HTTP/1.1 101 Switching Protocols\r\n\r\n",
          "HTTP/1.1 2000 OK\r\n\r\n"}) {
        INFO(text);
        reply_parser parser{limits, "GET"};
        auto const got = parser.put(text);
        REQUIRE(got.has_error());
        CHECK(got.error().kind == error_kind::protocol_error);
    }
    reply_parser endless{limits, "GET"};
    std::string interim;
    for (int i = 0; i != 100; ++i)
        interim += "HTTP/1.1 102 Wait\r\n\r\n";
    CHECK(endless.put(interim).error().kind == error_kind::protocol_error);
}

TEST_CASE("parser: bytes behind the answer make the connection unusable")
{
    settings const limits;
    reply_parser parser{limits, "GET"};
    REQUIRE(parser.put("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n"));
    REQUIRE(parser.done());
    auto const reply = parser.take();
    CHECK(reply.body == "ok");
    CHECK_FALSE(reply.keep_alive);

    reply_parser closing{limits, "GET"};
    REQUIRE(closing.put("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"));
    CHECK_FALSE(closing.take().keep_alive);
}

TEST_CASE("parser: limits")
{
    settings limits;
    limits.most_header = 1000;
    limits.most_body = 100;
    auto const kind = [&](std::string const& text) {
        reply_parser parser{limits, "GET"};
        for (std::size_t at = 0; at < text.size(); at += 50)
            if (auto const ok = parser.put(std::string_view{text}.substr(at, 50)); !ok)
                return word(ok.error().kind);
        return std::string_view{parser.done() ? "done" : "open"};
    };
    std::string const begin = "HTTP/1.1 200 OK\r\n";
    CHECK(kind(begin + "X: " + std::string(2000, 'x') + "\r\n\r\n") == "too_large");
    CHECK(kind(begin + "X: " + std::string(800, 'x') + "\r\nContent-Length: 0\r\n\r\n") == "done");
    CHECK(kind(begin + "Content-Length: 101\r\n\r\n") == "too_large");
    CHECK(kind(begin + "Content-Length: 100\r\n\r\n" + std::string(100, 'x')) == "done");
    std::string chunks;
    for (int i = 0; i != 3; ++i)
        chunks += "28\r\n" + std::string(40, 'x') + "\r\n";
    CHECK(kind(begin + "Transfer-Encoding: chunked\r\n\r\n" + chunks) == "too_large");
    CHECK(kind(begin + "\r\n" + std::string(100, 'x')) == "open");
    CHECK(kind(begin + "\r\n" + std::string(101, 'x')) == "too_large");
    CHECK(kind(begin + "Transfer-Encoding: chunked\r\n\r\n5;" + std::string(5000, 'x')) == "too_large");
}

TEST_CASE("parser: an interim answer alone is no answer")
{
    settings const limits;
    reply_parser parser{limits, "GET"};
    REQUIRE(parser.put("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nA: b"));
    CHECK_FALSE(parser.done());
    auto const end = parser.put_end();
    REQUIRE(end.has_error());
    CHECK(end.error().kind == error_kind::protocol_error);

    // Beast takes a status below 100 as well.
    reply_parser odd{limits, "GET"};
    REQUIRE(odd.put("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 001 Odd\r\n\r\n"));
    CHECK(odd.put_end().has_error());
    CHECK_FALSE(odd.done());
}
