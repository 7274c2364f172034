#include "bench/mock/farm_thread.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <memory>
#include <set>
#include <thread>

#include "ground.hpp"
#include "raw_client.hpp"

namespace checkwatches::mock {

TEST_CASE("a Bugzilla sends chunks, a new cookie and Apache's headers")
{
    farm_thread mocks;
    auto const at = mocks.add("kind=bugzilla,name=bz,bugs=300");
    raw_client client{at.url};
    auto const first = client.get("/rest/bug?id=1&include_fields=id");
    REQUIRE(first.status == 200);
    CHECK(first.wire.ends_with("\r\n\r\n13\r\n{\"bugs\":[{\"id\":1}]}\r\n0\r\n\r\n"));
    CHECK(first.header("Content-Type") == "application/json; charset=UTF-8");
    CHECK(first.header("Server").starts_with("Apache"));
    CHECK(first.header("Set-Cookie").starts_with("Bugzilla_login_request_cookie="));
    CHECK(first.head.find("Transfer-Encoding") < first.head.find("Content-Type"));

    // The connection is kept, the cookie is another, and a long body has more than one chunk.
    auto const second = client.get("/rest/bug");
    REQUIRE(second.complete);
    CHECK(second.header("Set-Cookie") != first.header("Set-Cookie"));
    CHECK(contains(second.wire, "\r\n1f40\r\n"));
    CHECK(boost::json::parse(second.body).at("bugs").as_array().size() == 299);
    CHECK(mocks.counts("bz").connections == 1);

    auto const refused = client.get("/rest/bug/abc");
    CHECK(refused.header("Connection") == "close");
    CHECK(client.get("/rest/version").wire.empty());
    auto const bodiless = raw_client{at.url}.ask("HEAD /rest/version HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(bodiless.status == 404);
    CHECK(bodiless.wire.ends_with("\r\n\r\n"));
}

TEST_CASE("a request may come in pieces and another right behind it")
{
    farm_thread mocks;
    auto const at = mocks.add("kind=trac,bugs=9");
    raw_client client{at.url};
    std::string const one = "GET /ticket/1?format=csv HTTP/1.1\r\nHost: x\r\n\r\n";
    for (auto const& piece : {one.substr(0, 9), one.substr(9, 20)})
        CHECK(client.ask(piece, 1).waiting);
    auto both = client.ask(one.substr(29) + one).wire;
    for (int more = 0; more < 9 && both.find("HTTP/1.1 200", 1) == std::string::npos; ++more)
        both += client.ask("").wire;
    CHECK(both.ends_with("\r\n0\r\n\r\n"));
    CHECK(client.ask("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").status == 200);
    CHECK(client.ask("").closed);
    // What is no HTTP is not answered.
    CHECK(raw_client{at.url}.ask("\x16\x03\x01 hello\r\n\r\n").wire.empty());
}

TEST_CASE("many trackers have each their own port, and latency runs side by side")
{
    farm_thread mocks;
    std::vector<address> places;
    for (int i = 0; i < 50; ++i)
        places.push_back(mocks.add(fmt::format("kind=launchpad,name=t{},seed={},latency=100", i, i)));
    std::vector<std::unique_ptr<raw_client>> clients;
    for (auto const& place : places) {
        clients.push_back(std::make_unique<raw_client>(place.url));
        clients.back()->ask("GET /devel/bugs/1 HTTP/1.1\r\nHost: x\r\n\r\n", 0);
    }
    for (auto const& client : clients)
        CHECK(client->ask("").status == 200);
    std::set<std::string> urls;
    for (auto const& place : places)
        urls.insert(place.url);
    CHECK(urls.size() == places.size());
    CHECK(places[0].api == places[0].url + "devel");
}

TEST_CASE("requests and connections are counted")
{
    farm_thread mocks;
    auto const at = mocks.add("kind=bugzilla,name=bz,bugs=9");
    {
        raw_client a{at.url};
        raw_client b{at.url};
        a.get("/rest/version");
        b.get("/rest/bug?id=1,2,99");
        a.get("/rest/bug/3");
    }
    auto const counts = mocks.counts("bz");
    CHECK(counts.requests == 3);
    CHECK(counts.connections == 2);
    CHECK(counts.most_open == 2);
    CHECK(counts.most_waiting >= 1);
    while (mocks.counts("bz").open != 0)
        std::this_thread::yield();
    CHECK(mocks.call([](farm& all) { return all.find("bz")->bugs().asked(); }) == 4);
    CHECK(mocks.call([](farm& all) { return all.find("bz")->bugs().asked_missing(); }) == 1);
    CHECK_THROWS_AS(mocks.counts("nobody"), std::out_of_range);
    CHECK_THROWS_AS(mocks.add("kind=tracker"), std::invalid_argument);
}

} // namespace checkwatches::mock
