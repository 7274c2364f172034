#include "adapters/pagure.hpp"
#include "bench/mock/farm_thread.hpp"
#include "engine/net/http_client.hpp"
#include "engine/remote/bound_remote.hpp"
#include "tests/support/found.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

// Looks over real sockets at a mock Pagure, which hides and pages as real ones do.
namespace {

using namespace checkwatches;
using test::ended;

struct world {
    explicit world(std::string const& options, std::vector<credential> const& known = {})
        : at{mocks.add("kind=pagure,name=it,bugs=200" + options)},
          client{loop.get_executor(), {}},
          bound{client, bind_to(at.url + "plum/orchard", std::nullopt, known).value()}
    {}

    capabilities probe() { return test::run(loop, kind->probe(bound)).value(); }

    mock::farm_thread mocks;
    mock::address at;
    std::unique_ptr<adapters::adapter const> kind = adapters::make_pagure();
    asio::io_context loop{1};
    net::http_client client;
    bound_remote bound;
};

std::vector<std::string> all_ids()
{
    std::vector<std::string> out;
    for (int id = 1; id <= 200; ++id)
        out.push_back(std::to_string(id));
    out.insert(out.end(), {"9999", "seven"});
    return out;
}

status meant_state(mock::bug const& b)
{
    auto const& now = b.now();
    if (now.status == "Open")
        return status::new_;
    if (now.status == "Blocked")
        return status::confirmed;
    if (now.resolution == "Invalid" || now.resolution == "Duplicate")
        return status::invalid;
    if (now.resolution == "Insufficient data")
        return status::expired;
    return now.resolution == "Won't fix" ? status::wont_fix : status::fix_released;
}

importance meant_weight(mock::bug const& b)
{
    auto const& now = b.now();
    if (now.priority == "Urgent")
        return importance::critical;
    if (now.priority == "High")
        return importance::high;
    if (now.priority == "Normal")
        return importance::medium;
    if (now.priority == "Low")
        return importance::low;
    return now.priority.empty() && now.severity == "RFE" ? importance::wishlist : importance::undecided;
}

} // namespace

TEST_CASE("mock Pagure: each of two hundred issues has one right end and verdict, in few requests")
{
    for (std::string const options : {"", ",flavour=2"}) {
        INFO(options);
        world w{options};
        auto const can = w.probe();
        auto const got = test::run(w.loop, w.kind->look(w.bound, can, all_ids()));
        CHECK_FALSE(got.trouble);
        REQUIRE(got.found.size() == 202);
        for (auto const& id : all_ids()) {
            INFO(id);
            if (id == "seven" || id == "13" || id == "9999") {
                auto const end = id == "seven" ? outcome::invalid_id
                                 : id == "13"  ? outcome::forbidden
                                               : outcome::not_found;
                CHECK(ended(got, id) == end);
                continue;
            }
            auto const meant = w.kind->interpret(test::seen(got, id).words);
            auto const bug = w.mocks.look("it", std::stoi(id));
            CHECK(meant.state == meant_state(bug));
            CHECK(meant.weight == meant_weight(bug));
            CHECK(meant.unmapped.empty());
        }
        // The probe, a row, two pages, the project's priorities, and the two that the list hides.
        CHECK(w.bound.requests() <= 2 + 1 + 2 + 1 + 2);
    }
}

TEST_CASE("mock Pagure: what changed is told by one list")
{
    world w{""};
    auto const can = w.probe();
    std::vector<std::string> const ids{"1", "2", "3", "4"};
    auto const since = utc_now();
    auto const before = w.bound.requests();
    auto const quiet = test::run(w.loop, w.kind->look_changed(w.bound, can, ids, since));
    for (auto const& id : ids)
        CHECK(ended(quiet, id) == outcome::unmodified);
    CHECK(w.bound.requests() == before + 1);

    CHECK(w.mocks.change("it", 3, {.status = "Blocked"}));
    auto const busy = test::run(w.loop, w.kind->look_changed(w.bound, can, ids, since));
    CHECK(test::seen(busy, "3").words.status == "Blocked");
    CHECK(ended(busy, "4") == outcome::unmodified);
}

TEST_CASE("mock Pagure: a token opens what is private, and a wrong one is found out")
{
    for (std::string const options : {"", ",flavour=2"}) {
        world w{options};
        auto const with = [&](std::string_view key) {
            credential one{.origin = parse_url(w.at.url).value().origin(), .value = secret{std::string{key}}};
            return bound_remote{w.client, bind_to(w.at.url + "plum/orchard", std::nullopt, {one}).value()};
        };
        auto known = with(mock::good_key);
        auto const can = test::run(w.loop, w.kind->probe(known));
        REQUIRE(can);
        CHECK(can->identity == (options.empty() ? "watcher" : "logged in"));
        std::vector<std::string> const hidden{"13"};
        CHECK(ended(test::run(w.loop, w.kind->look(known, *can, hidden)), "13") == outcome::seen);
        auto wrong = with("nonsense");
        CHECK(test::run(w.loop, w.kind->probe(wrong)).error().kind == error_kind::auth_failed);
    }
}
