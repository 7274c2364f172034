#include "bench/mock/farm_thread.hpp"

#include <catch2/catch.hpp>

#include <set>
#include <thread>

#include "ground.hpp"
#include "raw_client.hpp"

namespace checkwatches::mock {

namespace {

std::string ledger_of(std::string_view spec, std::size_t steps)
{
    auto const options = parse_tracker(spec).value();
    bug_store bugs{options};
    for (std::size_t i = 0; i < steps; ++i)
        bugs.step(3, 1'770'000'000 + static_cast<std::int64_t>(i));
    return ledger_json("x", bugs);
}

} // namespace

TEST_CASE("the same seed makes the same bugs and the same changes")
{
    for (std::string const kind : {"bugzilla", "trac", "launchpad"}) {
        CAPTURE(kind);
        auto const spec = "kind=" + kind + ",bugs=80,seed=";
        CHECK(ledger_of(spec + "7", 20) == ledger_of(spec + "7", 20));
        CHECK(ledger_of(spec + "7", 20) != ledger_of(spec + "8", 20));
        CHECK(ledger_of(spec + "7", 20) != ledger_of(spec + "7", 19));
    }
}

TEST_CASE("the special bugs are there and stay as they are")
{
    auto const options = parse_tracker("kind=bugzilla,bugs=40").value();
    bug_store bugs{options};
    CHECK(bugs.find(private_bug)->hidden);
    CHECK(bugs.find(duplicate_bug)->now().duplicate_of == duplicated_bug);
    CHECK(bugs.find(duplicate_bug)->now().resolution == "DUPLICATE");
    CHECK(bugs.find(alias_bug)->alias == alias_text);
    CHECK(bugs.find(37)->now().duplicate_of == 36);
    CHECK(bugs.find(0) == nullptr);
    CHECK(bugs.find(41) == nullptr);

    bugs.step(500, 1'770'000'000);
    for (int const id : {private_bug, duplicate_bug, duplicated_bug, alias_bug})
        CHECK(bugs.find(id)->version() == 1);
}

TEST_CASE("each step is a change, and an open bug has no resolution")
{
    auto const options = parse_tracker("kind=bugzilla,bugs=30").value();
    bug_store bugs{options};
    REQUIRE(bugs.step(300, 1'770'000'000).size() == 300);
    std::set<std::string> statuses;
    std::size_t states = 0;
    for (auto const& b : bugs.all())
        for (std::size_t i = 0; i < b.history.size(); ++i, ++states) {
            auto const& state = b.history[i];
            statuses.insert(state.status);
            CHECK(is_open(bugs.words(), state.status) == state.resolution.empty());
            if (i == 0)
                continue;
            auto const& before = b.history[i - 1];
            bool const differs = state.status != before.status || state.priority != before.priority
                                 || state.severity != before.severity;
            CHECK(differs);
        }
    CHECK(states == 330);
    CHECK(statuses.size() == 5);
}

TEST_CASE("the ledger holds what a bug was and what clients were told")
{
    farm_thread mocks;
    auto const at = mocks.add("kind=bugzilla,name=bz,bugs=9");
    auto const ask = [&] { return get(at.url, "/rest/bug?id=1,2,77&include_fields=id,status").body; };
    ask();
    ask();
    REQUIRE(mocks.change("bz", 2, {.status = "VERIFIED", .resolution = "FIXED"}));
    CHECK(contains(ask(), "\"VERIFIED\""));
    CHECK_FALSE(mocks.change("bz", 77, {.status = "VERIFIED"}));

    auto const seen = mocks.look("bz", 2);
    REQUIRE(seen.history.size() == 2);
    CHECK(seen.history[1].status == "VERIFIED");
    REQUIRE(seen.served.size() == 2);
    CHECK(seen.served[0].times == 2);
    CHECK(seen.served[1].version == 2);
    CHECK(seen.served[1].times == 1);
    CHECK(seen.asked == 3);

    auto const ledger = boost::json::parse(mocks.ledger("bz"));
    auto const& second = ledger.at("bugs").at(1);
    CHECK(second.at("id") == 2);
    CHECK(second.at("states").at(1).at("resolution") == "FIXED");
    CHECK(boost::json::serialize(second.at("served")) == "[[1,2],[2,1]]");
    CHECK(boost::json::serialize(ledger.at("bugs").at(4).at("served")) == "[]");
}

TEST_CASE("an answer that did not arrive is not in the ledger")
{
    farm_thread mocks;
    auto const at = mocks.add("kind=bugzilla,name=bz,bugs=9,fault=truncate");
    get(at.url, "/rest/bug?id=1");
    CHECK(mocks.look("bz", 1).served.empty());
    CHECK(mocks.look("bz", 1).asked == 1);
}

TEST_CASE("bugs change with time")
{
    farm_thread mocks;
    auto const at = mocks.add("kind=trac,name=t,bugs=30,step_every=1");
    auto const changes = [&] {
        return mocks.call([](farm& all) {
            std::size_t n = 0;
            for (auto const& b : all.find("t")->bugs().all())
                n += b.version() - 1;
            return n;
        });
    };
    while (changes() < 5)
        std::this_thread::yield();
    SUCCEED();
}

} // namespace checkwatches::mock
