#include "engine/net/http_client.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/loopback_server.hpp"
#include "tests/support/name_server.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <catch2/catch.hpp>

using namespace checkwatches;
using namespace checkwatches::net;
namespace ssl = asio::ssl;

namespace {

// How the server ends a connection after its answer.
enum class ending { waits, says_goodbye, just_goes };

// An HTTPS server that answers every request with the name the client asked for in SNI.
class tls_site {
public:
    tls_site(asio::io_context& loop, test::identity const& as, int version = TLS1_3_VERSION)
        : server{loop, [this](test::peer& p) { return serve(p); }}
    {
        auto* const native = context_.native_handle();
        SSL_CTX_use_certificate(native, as.certificate.get());
        SSL_CTX_use_PrivateKey(native, as.key.get());
        SSL_CTX_set_max_proto_version(native, version);
        SSL_CTX_set_min_proto_version(native, TLS1_VERSION);
        SSL_CTX_set_cipher_list(native, "DEFAULT@SECLEVEL=0");
        unsigned char const id[] = "test";
        SSL_CTX_set_session_id_context(native, id, 4);
    }

    web_url url(std::string const& host) const
    {
        return parse_url("https://" + server.authority(host) + "/x").value();
    }

    void give_no_tickets() { SSL_CTX_set_num_tickets(context_.native_handle(), 0); }

    std::string reply{}; // in place of the name
    ending after = ending::waits;
    int asked = 0;

private:
    awaitable<void> serve(test::peer& p)
    {
        ssl::stream<asio::ip::tcp::socket&> stream{p.socket, context_};
        auto const [refused] = co_await stream.async_handshake(ssl::stream_base::server, use_tuple);
        if (refused)
            co_return;
        std::string buffer;
        for (;;) {
            auto const [ec, n] = co_await asio::async_read_until(
                stream, asio::dynamic_buffer(buffer), "\r\n\r\n", use_tuple);
            if (ec)
                co_return;
            buffer.erase(0, n);
            ++asked;
            char const* const name = SSL_get_servername(stream.native_handle(), TLSEXT_NAMETYPE_host_name);
            auto const text = reply.empty() ? test::answer(name ? name : "no name") : reply;
            co_await asio::async_write(stream, asio::buffer(text), use_tuple);
            if (after == ending::says_goodbye)
                co_await stream.async_shutdown(use_tuple);
            if (after != ending::waits) {
                p.close();
                co_return;
            }
        }
    }

    ssl::context context_{ssl::context::tls_server};

public:
    test::loopback_server server; // serves from what is above
};

struct fixture {
    result<response> get(tls_site const& site, std::string const& host)
    {
        request const rq{.url = site.url(host)};
        return test::run(loop, client().send(rq, jar));
    }

    // Made at the first request, so that a test can change the settings before.
    http_client& client()
    {
        if (!client_) {
            s.dns_servers = names.address();
            client_ = std::make_unique<http_client>(loop.get_executor(), s);
        }
        return *client_;
    }

    fixture() { s.ca_file = trusted.path(); }

    asio::io_context loop{1};
    test::name_server names{loop};
    test::identity authority = test::issue("Test authority", "", nullptr);
    test::pem_file trusted{authority};
    settings s;
    cookie_jar jar;

private:
    std::unique_ptr<http_client> client_;
};

std::string refusal(result<response> const& got)
{
    REQUIRE(got.has_error());
    CHECK(got.error().kind == error_kind::tls_failed);
    return got.error().message;
}

} // namespace

TEST_CASE("tls: the right name, told to the server")
{
    fixture f;
    f.names.known["bugs.test"] = {"127.0.0.1"};
    tls_site site{f.loop, test::issue("x", "DNS:bugs.test", &f.authority)};
    auto const got = f.get(site, "bugs.test");
    REQUIRE(got);
    CHECK(got->body == "bugs.test");
    REQUIRE(f.get(site, "bugs.test"));
    CHECK(f.client().counters().connections == 1);
    CHECK(f.client().counters().bytes_in > 500);
}

TEST_CASE("tls: an address in the certificate, and none told to the server")
{
    fixture f;
    tls_site site{f.loop, test::issue("x", "IP:127.0.0.1", &f.authority)};
    auto const got = f.get(site, "127.0.0.1");
    REQUIRE(got);
    CHECK(got->body == "no name");
}

TEST_CASE("tls: certificates that are refused, and why")
{
    fixture f;
    f.names.known["bugs.test"] = {"127.0.0.1"};
    auto const stranger = test::issue("Stranger", "", nullptr);
    struct row {
        test::identity as;
        std::string host;
        std::string why;
    };
    std::vector<row> rows;
    auto const refused = [&](test::identity as, std::string host, std::string why) {
        rows.push_back(row{std::move(as), std::move(host), "the server's certificate was refused: " + why});
    };
    refused(test::issue("bugs.test", "DNS:other.test", &f.authority), "bugs.test", "hostname mismatch");
    refused(test::issue("x", "DNS:localhost,IP:127.0.0.2", &f.authority), "127.0.0.1", "IP address mismatch");
    refused(
        test::issue("x", "DNS:bugs.test", &stranger), "bugs.test", "unable to get local issuer certificate");
    refused(test::issue("x", "DNS:bugs.test", &f.authority, -60), "bugs.test", "certificate has expired");
    refused(test::issue("x", "DNS:bugs.test", nullptr), "bugs.test", "self-signed certificate");

    std::vector<std::unique_ptr<tls_site>> sites; // all as long as the loop runs
    for (auto const& [as, host, why] : rows) {
        sites.push_back(std::make_unique<tls_site>(f.loop, as));
        CHECK(refusal(f.get(*sites.back(), host)) == why);
        CHECK(sites.back()->asked == 0);
    }
}

TEST_CASE("tls: old versions are refused, and so is what is not TLS")
{
    fixture f;
    tls_site old{f.loop, test::issue("x", "IP:127.0.0.1", &f.authority), TLS1_1_VERSION};
    CHECK(refusal(f.get(old, "127.0.0.1")).starts_with("TLS failed: "));

    test::loopback_server plain{f.loop, [](test::peer& p) -> awaitable<void> {
                                    co_await p.say("HTTP/1.1 400 Bad Request\r\n\r\n");
                                    co_await p.gone();
                                }};
    auto url = plain.url();
    url.scheme = "https";
    request const rq{.url = url};
    CHECK(refusal(test::run(f.loop, f.client().send(rq, f.jar))) == "TLS failed: wrong version number");

    test::loopback_server hangs_up{f.loop, [](test::peer& p) -> awaitable<void> {
                                       p.close();
                                       co_return;
                                   }};
    url.port = hangs_up.port();
    request const again{.url = url};
    refusal(test::run(f.loop, f.client().send(again, f.jar)));
}

TEST_CASE("tls: sessions are resumed")
{
    auto const version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
    fixture f;
    f.names.known["bugs.test"] = {"127.0.0.1"};
    f.names.known["other.test"] = {"127.0.0.1"};
    tls_site site{f.loop, test::issue("x", "DNS:bugs.test,DNS:other.test", &f.authority), version};
    site.after = ending::says_goodbye;
    site.reply = test::answer("x", "Connection: close\r\n");
    for (int i = 0; i != 4; ++i)
        REQUIRE(f.get(site, "bugs.test"));
    CHECK(f.client().counters().connections == 4);
    CHECK(f.client().counters().resumed == 3);
    // A session belongs to one host.
    REQUIRE(f.get(site, "other.test"));
    CHECK(f.client().counters().resumed == 3);
}

TEST_CASE("tls: each ticket is for one connection")
{
    fixture f;
    tls_site site{f.loop, test::issue("x", "IP:127.0.0.1", &f.authority)};
    site.after = ending::says_goodbye;
    site.reply = test::answer("x", "Connection: close\r\n");
    REQUIRE(f.get(site, "127.0.0.1")); // brings two
    site.give_no_tickets();
    for (int i = 0; i != 3; ++i)
        REQUIRE(f.get(site, "127.0.0.1"));
    CHECK(f.client().counters().resumed == 2);
}

TEST_CASE("tls: a connection that ends without TLS's goodbye")
{
    struct row {
        std::string reply;
        ending after;
        bool fine;
    };
    for (auto const& [reply, after, fine] :
         {row{test::answer("whole"), ending::just_goes, true},
          row{"HTTP/1.1 200 OK\r\n\r\nto the end", ending::says_goodbye, true},
          row{"HTTP/1.1 200 OK\r\n\r\nto the end", ending::just_goes, false},
          row{"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nshort", ending::just_goes, false},
          row{"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nshort", ending::says_goodbye, false}}) {
        INFO(reply);
        fixture f;
        tls_site site{f.loop, test::issue("x", "IP:127.0.0.1", &f.authority)};
        site.reply = reply;
        site.after = after;
        auto const got = f.get(site, "127.0.0.1");
        CHECK(got.has_value() == fine);
        if (!got)
            CHECK(got.error().kind == error_kind::protocol_error);
    }
}

TEST_CASE("tls: a kept connection that the server has closed is replaced")
{
    fixture f;
    tls_site site{f.loop, test::issue("x", "IP:127.0.0.1", &f.authority)};
    site.after = GENERATE(ending::says_goodbye, ending::just_goes);
    for (int i = 0; i != 3; ++i)
        CHECK(f.get(site, "127.0.0.1"));
    CHECK(f.client().counters().connections == 3);
    CHECK(f.client().counters().requests == 3);
}

TEST_CASE("tls: a large answer comes whole")
{
    fixture f;
    tls_site site{f.loop, test::issue("x", "IP:127.0.0.1", &f.authority)};
    std::string body;
    for (int i = 0; i != 200'000; ++i)
        body += std::to_string(i);
    site.reply = test::answer(body);
    auto const got = f.get(site, "127.0.0.1");
    REQUIRE(got);
    CHECK((got->body == body));
}

TEST_CASE("tls: through a proxy's tunnel")
{
    fixture f;
    tls_site site{f.loop, test::issue("x", "DNS:bugs.test", &f.authority)};
    std::string asked;
    auto pump = [](asio::ip::tcp::socket& from, asio::ip::tcp::socket& to) -> awaitable<void> {
        for (;;) {
            char bytes[8192];
            auto const [ec, n] = co_await from.async_read_some(asio::buffer(bytes), use_tuple);
            if (ec)
                co_return;
            co_await asio::async_write(to, asio::buffer(bytes, n), use_tuple);
        }
    };
    std::vector<std::unique_ptr<asio::ip::tcp::socket>> behind;
    test::loopback_server proxy{
        f.loop, [&](test::peer& p) -> awaitable<void> {
            asked = co_await p.request();
            auto const executor = co_await asio::this_coro::executor;
            behind.push_back(std::make_unique<asio::ip::tcp::socket>(executor));
            asio::ip::tcp::endpoint const to{asio::ip::address_v4::loopback(), site.server.port()};
            co_await behind.back()->async_connect(to, use_awaitable);
            co_await p.say("HTTP/1.1 200 Connection established\r\n\r\n");
            asio::co_spawn(executor, pump(*behind.back(), p.socket), [](std::exception_ptr) {});
            co_await pump(p.socket, *behind.back());
        }};
    f.s.proxy.https = proxy.url();
    auto const got = f.get(site, "bugs.test"); // which the test's name server does not know
    REQUIRE(got);
    CHECK(got->body == "bugs.test");
    CHECK(asked.starts_with("CONNECT " + site.server.authority("bugs.test") + " HTTP/1.1\r\n"));
    REQUIRE(f.get(site, "bugs.test"));
    CHECK(proxy.accepted == 1);
}

TEST_CASE("tls: a missing file of certificates is told at once")
{
    asio::io_context loop{1};
    settings s;
    s.ca_file = "/nonexistent/ca.pem";
    CHECK_THROWS_WITH(
        (http_client{loop.get_executor(), s}), "cannot load certificates from /nonexistent/ca.pem");
}
