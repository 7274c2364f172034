#include "tests/remote/kind_world.hpp"

// Looks over real sockets at a mock Pagure, which hides and pages as real ones do.
namespace {

using namespace checkwatches;
using test::ended;

struct world : test::kind_world {
    explicit world(std::string const& options, std::optional<credential> login = {})
        : kind_world{"kind=pagure,bugs=200" + options, std::move(login), "plum/orchard"}
    {}
};

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
        w.can = w.probe().value();
        auto const ids = test::ids_up_to(200, {"9999", "seven"});
        auto const got = w.look(ids);
        CHECK_FALSE(got.trouble);
        REQUIRE(got.found.size() == 202);
        for (auto const& id : ids) {
            INFO(id);
            if (id == "seven" || id == "13" || id == "9999") {
                auto const end = id == "seven" ? outcome::invalid_id
                                 : id == "13"  ? outcome::forbidden
                                               : outcome::not_found;
                CHECK(ended(got, id) == end);
                continue;
            }
            auto const meant = w.kind.interpret(test::seen(got, id).words);
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
    w.can = w.probe().value();
    std::vector<std::string> const ids{"1", "2", "3", "4"};
    auto const since = utc_now();
    auto const before = w.bound.requests();
    auto const quiet = w.look_changed(ids, since);
    for (auto const& id : ids)
        CHECK(ended(quiet, id) == outcome::unmodified);
    CHECK(w.bound.requests() == before + 1);

    CHECK(w.mocks.change("it", 3, {.status = "Blocked"}));
    auto const busy = w.look_changed(ids, since);
    CHECK(test::seen(busy, "3").words.status == "Blocked");
    CHECK(ended(busy, "4") == outcome::unmodified);
}

TEST_CASE("mock Pagure: a token opens what is private, and a wrong one is found out")
{
    for (std::string const options : {"", ",flavour=2"}) {
        world known{options, test::login_of(mock::good_key)};
        known.can = known.probe().value();
        CHECK(known.can.identity == (options.empty() ? "watcher" : "logged in"));
        CHECK(ended(known.look({"13"}), "13") == outcome::seen);
        world wrong{options, test::login_of("nonsense")};
        CHECK(wrong.probe().error().kind == error_kind::auth_failed);
    }
}
