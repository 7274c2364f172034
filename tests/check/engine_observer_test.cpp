#include "tests/check/engine_fixture.hpp"

using namespace checkwatches;
using namespace checkwatches::check;
using test::engine_fixture;

namespace {

// Remembers what it was told, in order.
class witness final : public engine_observer {
public:
    std::vector<std::string> heard;
    std::vector<storage::tracker_pass> passes;

    void on_pass_began(storage::tracker const& at) override { heard.push_back("began " + at.name); }
    void on_request(storage::tracker const& at, unsigned status, std::chrono::nanoseconds) override
    {
        heard.push_back("request " + at.name + " " + std::to_string(status));
    }
    void on_settled(storage::tracker const& at, std::vector<storage::settled_bug> const& bugs) override
    {
        heard.push_back("settled " + at.name + " " + std::to_string(bugs.size()));
    }
    void on_pass_ended(storage::tracker const& at, storage::tracker_pass const& pass) override
    {
        heard.push_back("ended " + at.name);
        passes.push_back(pass);
    }
};

using texts = std::vector<std::string>;

// An engine that tells, over trackers of so many bugs.
struct observed {
    witness told;
    engine_fixture f;

    explicit observed(std::vector<int> const& bugs) : f{bugs}
    {
        f.observer = &told;
        f.begin();
    }

    std::vector<storage::tracker_pass> stored() const
    {
        return storage::reader::open(f.path).value()->list_passes({}, 100);
    }
    // A pass is stored once the trackers' results were told.
    void check_to_the_end(pass_request wanted = {})
    {
        f.check(std::move(wanted));
        test::run(f.loop, settle());
    }
    awaitable<bool> settle()
    {
        constexpr std::chrono::seconds long_enough{5};
        co_await f.the_engine->finish(long_enough);
        co_return true;
    }
};

} // namespace

TEST_CASE("an observer hears of a run in order, and the run is stored")
{
    observed o{{12}};
    o.f.kind->asks = true;
    o.f.settings.pass.lanes = 1;
    o.f.settings.pass.retry.attempts = 1;
    o.f.kind->missing = {"3"};
    o.f.begin();
    o.check_to_the_end();
    CHECK(
        o.told.heard
        == texts{"began a", "request a 0", "settled a 10", "request a 0", "settled a 2", "ended a"});
    REQUIRE(o.told.passes.size() == 1);
    auto const& pass = o.told.passes.front();
    CHECK(pass.asked == 12);
    CHECK(pass.failed == 1);
    CHECK(pass.changes == 22); // status and importance at first sight
    CHECK(pass.requests == 2);
    CHECK_FALSE(pass.deferred);
    CHECK(pass.trouble.empty());
    CHECK(pass.ended >= pass.began);

    auto const rows = o.stored();
    REQUIRE(rows.size() == 1);
    CHECK(rows.front().tracker == "a");
    CHECK(rows.front().asked == 12);
    CHECK(rows.front().failed == 1);
    CHECK(rows.front().requests == 2);
    CHECK(rows.front().outcomes.at(outcome::seen) == 11);
    CHECK(rows.front().outcomes.at(outcome::not_found) == 1);
}

TEST_CASE("what ends a run early is in it, and whether a limit was it")
{
    observed o{{3}};
    o.f.kind->troubles = {error{.kind = error_kind::rate_limited, .message = "too many"}};
    o.check_to_the_end();
    REQUIRE(o.stored().size() == 1);
    CHECK(o.stored().front().deferred);
    CHECK(o.stored().front().trouble == "rate_limited: too many");
    CHECK(o.stored().front().failed == 3);

    observed other{{3}};
    other.f.kind->troubles.assign(10, error{.kind = error_kind::maintenance, .message = "tonight"});
    other.check_to_the_end();
    REQUIRE(other.stored().size() == 1);
    CHECK_FALSE(other.stored().front().deferred);
    CHECK(other.stored().front().trouble == "maintenance: tonight");
}

TEST_CASE("a run that asked nothing is told but not stored")
{
    observed o{{1}};
    o.f.kind->asks = false;
    auto const id = o.f.bug("a", "1");
    auto store = storage::store::open(o.f.path).value();
    store->add_watch(id, {.label = "l", .source = "s"}, o.f.time.now());
    REQUIRE(store->remove_watch(id, "l", "s")); // nobody is to ask about it, though the engine has it yet
    o.check_to_the_end();
    CHECK(o.told.heard == texts{"began a", "ended a"});
    CHECK(o.stored().empty());
}

TEST_CASE("the end of a run is told even where a defect ended it")
{
    observed o{{2}};
    o.f.kind->throws = true;
    pass_request wanted;
    test::pass_recorder unheard;
    CHECK_THROWS(test::run(o.f.loop, o.f.the_engine->check(std::move(wanted), unheard)));
    CHECK(o.told.heard == texts{"began a", "ended a"});
    CHECK(o.stored().empty());
}
