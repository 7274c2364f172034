#include "engine/core/sha256.hpp"
#include "engine/serve/web/access.hpp"
#include "engine/serve/web/secrets.hpp"
#include "storage/store.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using namespace checkwatches::serve;
using namespace std::chrono_literals;

namespace {

// A database with the tokens "open sesame" of an operator and "let me see" of a reader.
class world {
public:
    world()
    {
        auto made = storage::store::open(folder_.file("db"));
        REQUIRE(made);
        store = std::move(*made);
        add("ops", "open sesame", storage::access_right::operate);
        add("eyes", "let me see", storage::access_right::read);
        auto in = storage::reader::open(folder_.file("db"));
        REQUIRE(in);
        reader.emplace(std::move(*in));
        doors.emplace(*reader, time, settings);
    }

    void add(std::string name, std::string_view token, storage::access_right right)
    {
        REQUIRE(store->add_token({.name = std::move(name), .right = right, .hash = sha256_of(token)}));
    }

    result<visitor> who(http_request const& rq) { return test::run(loop, doors->who(rq)); }
    result<std::string> log_in(http_request const& rq, std::string token)
    {
        return test::run(loop, doors->log_in(rq, std::move(token)));
    }

    test::manual_clock time;
    web_settings settings{};
    asio::io_context loop{1};
    std::unique_ptr<storage::store> store;
    std::optional<storage::background_reader> reader;
    std::optional<serve::access> doors;

private:
    test::temporary_folder folder_;
};

http_request from(std::string peer, http_fields headers = {})
{
    headers.emplace_back("Host", "localhost:8060");
    return {.method = "POST", .path = "/", .headers = std::move(headers), .peer = std::move(peer)};
}

http_request with_token(std::string_view token)
{
    return from("127.0.0.1", {{"Authorization", "Bearer " + std::string{token}}});
}

http_request with_cookie(std::string_view set_cookie)
{
    return from("127.0.0.1", {{"Cookie", std::string{set_cookie.substr(0, set_cookie.find(';'))}}});
}

} // namespace

TEST_CASE("Reading is open or closed to those that nobody knows, and changing is closed to them")
{
    world w;
    auto const open = w.who(from("127.0.0.1"));
    REQUIRE(open);
    CHECK(open->may_read);
    CHECK_FALSE(open->may_operate);
    CHECK(open->actor.empty());
    w.settings.open_reading = false;
    CHECK_FALSE(w.who(from("127.0.0.1"))->may_read);
}

TEST_CASE("A token says who a program is and what it may do, until it is revoked")
{
    world w;
    w.settings.open_reading = false;
    auto const operate = w.who(with_token("open sesame"));
    REQUIRE(operate);
    CHECK(operate->actor == "token ops");
    CHECK(operate->may_operate);
    CHECK(operate->csrf.empty());
    auto const read = w.who(with_token("let me see"));
    REQUIRE(read);
    CHECK(read->may_read);
    CHECK_FALSE(read->may_operate);
    CHECK(w.who(with_token("open sesam")).error().kind == error_kind::auth_failed);
    REQUIRE(w.store->revoke_token("ops", w.time.now()));
    CHECK(w.who(with_token("open sesame")).error().kind == error_kind::auth_failed);
}

TEST_CASE("A session begins with a token, and ends by time, by leaving, and with its token")
{
    world w;
    auto const cookie = w.log_in(from("127.0.0.1"), "open sesame");
    REQUIRE(cookie);
    CHECK(cookie->find("; Path=/; HttpOnly; SameSite=Strict; Max-Age=43200") != std::string::npos);
    CHECK(cookie->find("Secure") == std::string::npos);
    CHECK(cookie->find("sesame") == std::string::npos);
    auto const known = w.who(with_cookie(*cookie));
    REQUIRE(known);
    CHECK(known->may_operate);
    CHECK(known->csrf.size() >= 43);

    SECTION("by time")
    {
        w.time.advance(12h);
        CHECK_FALSE(w.who(with_cookie(*cookie))->may_operate);
    }
    SECTION("by leaving")
    {
        CHECK(w.doors->log_out(with_cookie(*cookie)).find("Max-Age=0") != std::string::npos);
        CHECK_FALSE(w.who(with_cookie(*cookie))->may_operate);
    }
    SECTION("with its token")
    {
        REQUIRE(w.store->revoke_token("ops", w.time.now()));
        CHECK_FALSE(w.who(with_cookie(*cookie))->may_operate);
    }
    SECTION("behind TLS its cookie goes over TLS only")
    {
        auto rq = from("127.0.0.1");
        rq.is_secure = true;
        auto const over_tls = w.log_in(rq, "open sesame");
        CHECK(over_tls->starts_with("__Host-checkwatches_session="));
        CHECK(over_tls->find("; Secure") != std::string::npos);
    }
}

TEST_CASE("However often somebody logs in, others stay logged in")
{
    world w;
    auto const operate = w.log_in(from("127.0.0.1"), "open sesame");
    auto const first = w.log_in(from("127.0.0.1"), "let me see");
    for (int i = 0; i != 20; ++i) {
        w.time.advance(1s);
        REQUIRE(w.log_in(from("127.0.0.1"), "let me see"));
    }
    CHECK(w.who(with_cookie(*operate))->may_operate);
    CHECK(w.who(with_cookie(*first))->actor.empty());
}

TEST_CASE("Who guesses is told to wait, and who knows is not")
{
    world w;
    for (std::size_t i = 0; i != failed_logins::most_of_peer; ++i)
        CHECK(w.log_in(from("192.0.2.1"), "guess").error().kind == error_kind::auth_failed);
    auto const refused = w.log_in(from("192.0.2.1"), "another guess");
    REQUIRE(!refused);
    CHECK(refused.error().kind == error_kind::rate_limited);
    CHECK(refused.error().retry_after == 600s);
    CHECK(w.log_in(from("192.0.2.2"), "guess").error().kind == error_kind::auth_failed);
    CHECK(w.log_in(from("192.0.2.1"), "open sesame")); // what is valid is no guess
    w.time.advance(10min);
    CHECK(w.log_in(from("192.0.2.1"), "guess").error().kind == error_kind::auth_failed);
}

TEST_CASE("However many peers there are, all together may guess so often and no more")
{
    failed_logins failed;
    for (std::size_t i = 0; i != failed_logins::most_of_all; ++i) {
        auto const peer = std::to_string(i);
        CHECK_FALSE(failed.wait(peer, 0ms));
        failed.failed(peer, 0ms);
    }
    CHECK(failed.wait("another", 1min) == 540s);
    CHECK_FALSE(failed.wait("another", 10min));
}

TEST_CASE("What changes something must come from our own pages, or from a program")
{
    visitor const person{.actor = "token ops", .may_operate = true, .csrf = "secret"};
    visitor const program{.actor = "token ops", .may_operate = true};
    auto const form = [](std::string csrf, http_fields headers) {
        auto rq = from("127.0.0.1", std::move(headers));
        rq.body = "label=x&csrf=" + csrf;
        return rq;
    };
    CHECK(serve::access::is_ours(form("secret", {}), person));
    CHECK(serve::access::is_ours(form("", {{"X-CSRF-Token", "secret"}}), person));
    CHECK(serve::access::is_ours(form("secret", {{"Origin", "http://localhost:8060"}}), person));
    CHECK(serve::access::is_ours(form("", {}), program));

    CHECK_FALSE(serve::access::is_ours(form("guess", {}), person));
    CHECK_FALSE(serve::access::is_ours(form("", {}), person));
    CHECK_FALSE(serve::access::is_ours(form("secret", {{"Origin", "http://elsewhere"}}), person));
    CHECK_FALSE(serve::access::is_ours(form("secret", {{"Origin", "null"}}), person));
    CHECK_FALSE(serve::access::is_ours(form("secret", {{"Sec-Fetch-Site", "cross-site"}}), person));
    CHECK_FALSE(serve::access::is_ours(form("", {{"Origin", "http://elsewhere"}}), program));
}

TEST_CASE("Secrets are random, and compared as a whole")
{
    auto const one = random_secret("cw_");
    CHECK(one.size() == 46);
    CHECK(one.starts_with("cw_"));
    CHECK(one != random_secret("cw_"));
    CHECK(
        one.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")
        == std::string::npos);
    CHECK(sha256_of("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(same_secret("a", "a"));
    CHECK_FALSE(same_secret("a", "b"));
    CHECK_FALSE(same_secret("a", "aa"));
}
