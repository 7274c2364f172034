#include "adapters/gitea.hpp"
#include "bench/mock/farm_thread.hpp"
#include "engine/net/http_client.hpp"
#include "engine/remote/bound_remote.hpp"
#include "tests/support/found.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

// Looks over real sockets at a mock Gitea, which cuts pages and counts them as real ones do.
namespace {

using namespace checkwatches;
using test::ended;

struct world {
    explicit world(std::string const& options, std::vector<credential> const& known = {})
        : at{mocks.add("kind=gitea,name=it,bugs=200" + options)},
          client{loop.get_executor(), {}},
          bound{client, bind_to(at.url + "plum/orchard", std::nullopt, known).value()}
    {}

    capabilities probe() { return test::run(loop, kind->probe(bound)).value(); }
    adapters::findings look(std::vector<std::string> const& ids)
    {
        auto const can = probe();
        return test::run(loop, kind->look(bound, can, ids));
    }

    mock::farm_thread mocks;
    mock::address at;
    std::unique_ptr<adapters::adapter const> kind = adapters::make_gitea();
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
    bool const is_open = now.status == "open";
    if (b.id % 11 == 0) {
        if (is_open)
            return status::in_progress;
        return now.resolution.empty() ? status::fix_released : status::wont_fix;
    }
    if (is_open && now.severity == "Reviewed/Confirmed")
        return status::confirmed;
    if (is_open)
        return now.severity == "Status/Need More Info" ? status::incomplete : status::new_;
    if (now.resolution == "Reviewed/Invalid" || now.resolution == "Reviewed/Duplicate")
        return status::invalid;
    if (now.resolution == "Reviewed/Won't Fix" || now.resolution == "wontfix")
        return status::wont_fix;
    return now.resolution == "Status/Abandoned" ? status::expired : status::fix_released;
}

importance meant_weight(mock::bug const& b)
{
    auto const& now = b.now();
    if (now.priority == "Priority/Critical")
        return importance::critical;
    if (now.priority == "Priority/High")
        return importance::high;
    if (now.priority == "Priority/Medium")
        return importance::medium;
    if (now.priority == "Priority/Low")
        return importance::low;
    return now.severity == "Kind/Feature" ? importance::wishlist : importance::undecided;
}

} // namespace

TEST_CASE("mock Gitea: each of two hundred issues has one right end and verdict, in few requests")
{
    for (std::string const options : {"", ",flavour=forgejo", ",limit=30", ",flavour=old"}) {
        INFO(options);
        world w{options};
        auto const got = w.look(all_ids());
        CHECK_FALSE(got.trouble);
        REQUIRE(got.found.size() == 202);
        for (auto const& id : all_ids()) {
            INFO(id);
            if (id == "seven") {
                CHECK(ended(got, id) == outcome::invalid_id);
                continue;
            }
            if (id == "13" || id == "9999") {
                CHECK(ended(got, id) == outcome::not_found);
                continue;
            }
            auto const seen = test::seen(got, id);
            auto const meant = w.kind->interpret(seen.words);
            auto const bug = w.mocks.look("it", std::stoi(id));
            CHECK(meant.state == meant_state(bug));
            CHECK(meant.weight == meant_weight(bug));
            CHECK(meant.unmapped.empty());
        }
        // Pages, the two that are not there, and the probe.
        CHECK(w.bound.requests() <= 7 + 2 + 3);
    }
}

TEST_CASE("mock Gitea: what changed is told by one list")
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

    CHECK(w.mocks.change("it", 3, {.priority = "Priority/High"}));
    auto const busy = test::run(w.loop, w.kind->look_changed(w.bound, can, ids, since));
    CHECK(test::seen(busy, "3").words.priority == "Priority/High");
    CHECK(ended(busy, "4") == outcome::unmodified);
    CHECK(w.bound.requests() == before + 2);
}

TEST_CASE("mock Gitea: a token opens what is hidden, and a wrong one is found out")
{
    world closed{",signin=1"};
    CHECK(test::run(closed.loop, closed.kind->probe(closed.bound)).error().kind == error_kind::auth_failed);

    auto const with = [&](std::string_view key) {
        auto origin = parse_url(closed.at.url).value().origin();
        credential one{.origin = std::move(origin), .value = secret{std::string{key}}};
        return bound_remote{
            closed.client, bind_to(closed.at.url + "plum/orchard", std::nullopt, {one}).value()};
    };
    auto known = with(mock::good_key);
    auto const can = test::run(closed.loop, closed.kind->probe(known));
    REQUIRE(can);
    CHECK(can->identity == "watcher");
    std::vector<std::string> const hidden{"13"};
    CHECK(ended(test::run(closed.loop, closed.kind->look(known, *can, hidden)), "13") == outcome::seen);

    auto wrong = with("nonsense");
    CHECK(test::run(closed.loop, closed.kind->probe(wrong)).error().kind == error_kind::auth_failed);
}

TEST_CASE("mock Gitea: issues of a repository that was renamed have moved")
{
    world w{",renamed=plum/orchard,repo=plum/grove"};
    auto const got = w.look({"1", "7"});
    CHECK(ended(got, "7") == outcome::moved);
    CHECK(std::get<adapters::absence>(test::find(got, "7")->what).detail == w.at.url + "plum/grove/issues/7");
}
