#include "tests/remote/kind_world.hpp"

// Looks over real sockets at a mock Gitea, which cuts pages and counts them as real ones do.
namespace {

using namespace checkwatches;
using test::ended;

struct world : test::kind_world {
    explicit world(std::string const& options, std::optional<credential> login = {})
        : kind_world{"kind=gitea,bugs=200" + options, std::move(login), "plum/orchard"}
    {}
    adapters::findings look(std::vector<std::string> const& ids)
    {
        can = probe().value();
        return kind_world::look(ids);
    }
};

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
        auto const ids = test::ids_up_to(200, {"9999", "seven"});
        auto const got = w.look(ids);
        CHECK_FALSE(got.trouble);
        REQUIRE(got.found.size() == 202);
        for (auto const& id : ids) {
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
            auto const meant = w.kind.interpret(seen.words);
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
    w.can = w.probe().value();
    std::vector<std::string> const ids{"1", "2", "3", "4"};
    auto const since = utc_now();
    auto const before = w.bound.requests();
    auto const quiet = w.look_changed(ids, since);
    for (auto const& id : ids)
        CHECK(ended(quiet, id) == outcome::unmodified);
    CHECK(w.bound.requests() == before + 1);

    CHECK(w.mocks.change("it", 3, {.priority = "Priority/High"}));
    auto const busy = w.look_changed(ids, since);
    CHECK(test::seen(busy, "3").words.priority == "Priority/High");
    CHECK(ended(busy, "4") == outcome::unmodified);
    CHECK(w.bound.requests() == before + 2);
}

TEST_CASE("mock Gitea: a token opens what is hidden, and a wrong one is found out")
{
    std::string const closed = ",signin=1";
    CHECK(world{closed}.probe().error().kind == error_kind::auth_failed);
    world known{closed, test::login_of(mock::good_key)};
    CHECK(ended(known.look({"13"}), "13") == outcome::seen);
    CHECK(known.can.identity == "watcher");
    CHECK(world{closed, test::login_of("nonsense")}.probe().error().kind == error_kind::auth_failed);
}

TEST_CASE("mock Gitea: issues of a repository that was renamed have moved")
{
    world w{",renamed=plum/orchard,repo=plum/grove"};
    auto const got = w.look({"1", "7"});
    CHECK(ended(got, "7") == outcome::moved);
    CHECK(std::get<adapters::absence>(test::find(got, "7")->what).detail == w.at.url + "plum/grove/issues/7");
}
