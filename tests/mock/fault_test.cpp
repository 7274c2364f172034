#include "bench/mock/farm_thread.hpp"
#include "bench/mock/fault_answers.hpp"

#include <catch2/catch.hpp>
#include <zlib.h>

#include <thread>

#include "ground.hpp"
#include "raw_client.hpp"

namespace checkwatches::mock {

namespace {

constexpr auto question = "/rest/bug?id=1,2,3";
constexpr auto plain_request = "GET /rest/bug?id=1,2,3 HTTP/1.1\r\nHost: x\r\n\r\n";

struct patient {
    explicit patient(std::string const& fault_name, std::string const& more = {})
        : at(mocks.add("kind=bugzilla,name=bz,bugs=30,fault=" + fault_name + more))
    {}
    raw_reply ask() const { return get(at.url, question); }
    void heal() { mocks.set_fault("bz", {}); }

    farm_thread mocks;
    address at;
};

} // namespace

TEST_CASE("a tracker that refuses comes back on the same port")
{
    patient p{"none"};
    raw_client kept{p.at.url};
    REQUIRE(kept.get(question).status == 200);
    p.mocks.set_fault("bz", {.what = fault::refuse});
    CHECK_FALSE(raw_client{p.at.url}.connected());
    auto const cut = kept.get(question);
    CHECK_FALSE(cut.complete);
    p.heal();
    CHECK(p.ask().status == 200);
}

TEST_CASE("a fault begins after so many requests and lasts for so many")
{
    patient p{"503", ",fault_after=2,fault_lasts=3"};
    std::string statuses;
    for (int i = 0; i < 7; ++i)
        statuses += std::to_string(p.ask().status) + " ";
    CHECK(statuses == "200 200 503 503 503 200 200 ");
}

TEST_CASE("refusing can begin after a request")
{
    patient p{"refuse", ",fault_after=1"};
    CHECK(p.ask().status == 200);
    while (raw_client{p.at.url}.connected())
        std::this_thread::yield();
    p.heal();
    CHECK(p.ask().status == 200);
}

TEST_CASE("a connection may be reset before or within an answer")
{
    auto const at_once = patient{"reset"}.ask();
    CHECK(at_once.wire.empty());
    CHECK(at_once.reset);
    auto const middle = patient{"reset_mid_body"}.ask();
    CHECK(middle.status == 200);
    CHECK_FALSE(middle.complete);
    CHECK(middle.reset);
    CHECK(contains(middle.body, "{\"bugs\""));
}

TEST_CASE("a tracker may fall silent")
{
    patient mute{"stall"};
    CHECK(raw_client{mute.at.url}.get(question, "", 50).wire.empty());
    patient half{"stall_mid_body"};
    raw_client client{half.at.url};
    auto const begun = client.ask(plain_request, 60'000, 1);
    CHECK(begun.status == 200);
    CHECK(contains(begun.body, "{\"bugs\""));
    CHECK_FALSE(begun.complete);
    CHECK(client.ask("", 100).waiting);
}

TEST_CASE("a body may be shorter than announced, or the connection end behind it")
{
    auto const shorter = patient{"truncate"}.ask();
    CHECK(shorter.closed);
    CHECK_FALSE(shorter.complete);
    CHECK(std::stoul(shorter.header("Content-Length")) > shorter.body.size());

    patient p{"close_idle"};
    raw_client client{p.at.url};
    auto const good = client.get(question);
    CHECK(good.complete);
    CHECK(good.header("Connection").empty());
    auto const next = client.get(question);
    CHECK(next.wire.empty());
}

TEST_CASE("what spoils a body is played where nothing changed, too")
{
    patient p{"none"};
    auto const known = "If-None-Match: " + p.ask().header("Etag") + "\r\n";
    CHECK(get(p.at.url, question, known).status == 304);
    for (auto const what : {fault::truncate, fault::reset_mid_body, fault::huge_length}) {
        INFO(name(what));
        p.mocks.set_fault("bz", {.what = what});
        auto const told = get(p.at.url, question, known);
        CHECK(told.status == 200);
        CHECK_FALSE(told.complete);
    }
    p.mocks.set_fault("bz", {.what = fault::status_500});
    CHECK(get(p.at.url, question, known).status == 500);
}

TEST_CASE("garbage comes as an answer and as a body")
{
    auto const noise = patient{"garbage"}.ask();
    CHECK(noise.status == 0);
    CHECK(noise.wire.size() == 2048);
    auto const body = patient{"garbage_body"}.ask();
    CHECK(body.status == 200);
    CHECK(body.header("Content-Type") == "application/json; charset=UTF-8");
    CHECK(body.body.size() == 4096);
    CHECK(body.body == patient{"garbage_body"}.ask().body);
}

TEST_CASE("a page may come in the place of data, with a good status")
{
    for (auto const& [word, text] :
         {std::pair{"login_page", "type=\"password\""},
          std::pair{"bot_page", "not a bot"},
          std::pair{"maintenance_page", "maintenance"}}) {
        auto const a = patient{word}.ask();
        CHECK(a.status == 200);
        CHECK(a.header("Content-Type") == "text/html; charset=utf-8");
        CHECK(contains(a.body, text));
    }
}

TEST_CASE("statuses come with and without the time to wait")
{
    for (auto const word : {"401", "403", "404", "429", "500", "502", "503"}) {
        auto const a = patient{word}.ask();
        CHECK(std::to_string(a.status) == word);
        CHECK(a.complete);
    }
    CHECK(patient{"429"}.ask().header("Retry-After") == "3600");
    CHECK(patient{"503", ",retry_after=7"}.ask().header("Retry-After") == "7");
    CHECK(patient{"429_bare"}.ask().header("Retry-After").empty());
    CHECK(patient{"503_bare"}.ask().header("Retry-After").empty());
    farm_thread mocks;
    auto const at = mocks.add("kind=launchpad,fault=503");
    CHECK(get(at.url, "/devel/bugs/1").header("Retry-After") == "900");
}

TEST_CASE("redirects may lead in circles or away")
{
    auto const loop = patient{"redirect_loop"}.ask();
    CHECK(loop.status == 302);
    CHECK(loop.header("Location") == question);
    auto const away = patient{"redirect_away", ",away=http://127.0.0.1:1"}.ask();
    CHECK(away.header("Location") == "http://127.0.0.1:1/rest/bug?id=1,2,3");
}

TEST_CASE("bodies and headers may be too large for anybody")
{
    constexpr std::size_t enough = std::size_t{24} << 20U;
    patient endless{"huge_body"};
    CHECK(raw_client{endless.at.url}.ask(plain_request, 60'000, enough).wire.size() >= enough);
    patient announced{"huge_length"};
    auto const begun = raw_client{announced.at.url}.ask(plain_request, 60'000, enough);
    CHECK(begun.wire.size() >= enough);
    CHECK(begun.header("Content-Length") == "1099511627776");
    patient header_only{"huge_header"};
    CHECK(
        raw_client{header_only.at.url}.ask(plain_request, 60'000, enough).wire.size()
        > (std::size_t{4} << 20U));
}

TEST_CASE("a small body unpacks to 64 MiB")
{
    auto const a = patient{"gzip_bomb"}.ask();
    CHECK(a.header("Content-Encoding") == "gzip");
    CHECK(a.body.size() < 100'000);
    z_stream stream{};
    REQUIRE(inflateInit2(&stream, 15 + 16) == Z_OK);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(a.body.data()));
    stream.avail_in = static_cast<uInt>(a.body.size());
    std::string piece(std::size_t{1} << 20U, '\0');
    int state = Z_OK;
    while (state == Z_OK) {
        stream.next_out = reinterpret_cast<Bytef*>(piece.data());
        stream.avail_out = static_cast<uInt>(piece.size());
        state = inflate(&stream, Z_NO_FLUSH);
    }
    CHECK(state == Z_STREAM_END);
    CHECK(stream.total_out == (std::size_t{64} << 20U));
    inflateEnd(&stream);
}

TEST_CASE("a slow tracker sends byte by byte, and all of it")
{
    patient p{"slow_drip", ",drip=0"};
    auto const whole = p.ask();
    CHECK(whole.complete);
    CHECK(p.mocks.look("bz", 1).served.size() == 1);
    patient slow{"slow_drip", ",drip=60000"};
    raw_client client{slow.at.url};
    CHECK(client.ask(plain_request, 60'000, 1).wire == "H");
    auto const next = client.ask("", 100);
    CHECK(next.wire.empty());
    CHECK(next.waiting);
}

TEST_CASE("a tracker's clock can be set while it runs")
{
    using namespace std::chrono_literals;
    farm_thread mocks;
    auto const bz = mocks.add("kind=bugzilla,name=bz,bugs=30");
    auto const tr = mocks.add("kind=trac,name=tr,bugs=30");
    auto const year_of = [](address const& at, std::string_view target) {
        return std::stoi(get(at.url, target).header("Date").substr(12, 4));
    };
    auto const before = year_of(bz, "/rest/version");
    mocks.set_clock("bz", std::chrono::hours{24 * 366});
    CHECK(year_of(bz, "/rest/version") > before);
    CHECK(contains(get(bz.url, "/rest/time").body, std::to_string(before + 1)));
    CHECK(mocks.change("bz", 3, {.priority = "Low"}));
    CHECK(mocks.look("bz", 3).now().since > mocks.look("bz", 4).now().since + 300 * 86'400);
    CHECK(year_of(tr, "/") == before);
    mocks.set_clock(-std::chrono::hours{24 * 366});
    CHECK(year_of(bz, "/rest/version") < before);
    CHECK(year_of(tr, "/") < before);
}

TEST_CASE("a 304 is counted, and tells the version that it confirms")
{
    farm_thread mocks;
    auto const bz = mocks.add("kind=bugzilla,name=bz,bugs=30");
    auto const tag = get(bz.url, question).header("Etag");
    CHECK(get(bz.url, question, "If-None-Match: " + tag + "\r\n").status == 304);
    CHECK(mocks.counts("bz").not_modified == 1);
    auto const served = mocks.look("bz", 2).served;
    REQUIRE(served.size() == 1);
    CHECK(served[0].times == 2);
}

} // namespace checkwatches::mock
