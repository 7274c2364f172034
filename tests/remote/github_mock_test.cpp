#include "adapters/github.hpp"
#include "bench/mock/farm_thread.hpp"
#include "engine/net/http_client.hpp"
#include "engine/remote/look_remote.hpp"
#include "tests/support/found.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

// Looks over real sockets at a mock GitHub.
namespace {

using namespace checkwatches;
using namespace std::chrono_literals;
using test::ended;
using test::seen;

struct world {
    explicit world(std::string const& more, bool with_token = false)
        : at{mocks.add("kind=github,name=it" + more)},
          bound{client, bind_to(at.url + "acme/widget", {}, credentials(with_token)).value()},
          can{test::run(loop, kind->probe(bound)).value()}
    {}

    std::vector<credential> credentials(bool some) const
    {
        auto origin = at.url;
        origin.pop_back();
        std::vector<credential> out;
        if (some)
            out.push_back({.origin = origin, .value = secret{std::string{mock::good_key}}});
        return out;
    }
    adapters::findings look(std::vector<std::string> const& ids, std::vector<validator> known = {})
    {
        look_remote over{bound, time, std::move(known)};
        auto found = test::run(loop, kind->look(over, can, ids));
        learnt = over.validators();
        clock = over.server_time();
        return found;
    }
    adapters::findings look_changed(std::vector<std::string> const& ids, utc_time since)
    {
        look_remote over{bound, time, {}};
        return test::run(loop, kind->look_changed(over, can, ids, since));
    }

    mock::farm_thread mocks;
    mock::address at;
    std::unique_ptr<adapters::adapter const> kind = adapters::make_github();
    asio::io_context loop{1};
    net::http_client client{loop.get_executor(), {}};
    bound_remote bound;
    capabilities can;
    machine_clock time;
    std::vector<validator> learnt;
    std::optional<utc_time> clock;
};

std::vector<std::string> two_hundred()
{
    std::vector<std::string> ids;
    for (int i = 1; i <= 200; ++i)
        ids.push_back(std::to_string(i));
    ids.insert(ids.end(), {"201", "x1"});
    return ids;
}

// Every one of them as the mock has it.
void check_all(world& w, adapters::findings const& got, bool with_token)
{
    for (int i = 1; i <= 200; ++i) {
        auto const id = std::to_string(i);
        INFO(id);
        if (i == 3 || i == 4 || (i == mock::private_bug && !with_token))
            continue;
        auto const one = seen(got, id);
        auto const truth = w.mocks.look("it", i);
        auto const means = w.kind->interpret(one.words);
        CHECK(means.unmapped.empty());
        REQUIRE(means.state);
        bool const is_pull = i % 10 == 7;
        auto const& now = truth.now();
        CHECK(one.title == truth.title);
        CHECK((one.words.type == "pull request") == is_pull);
        if (now.resolution == "completed")
            CHECK(means.state == status::fix_released);
        else if (now.resolution == "not_planned")
            CHECK(means.state == status::wont_fix);
        else if (now.resolution == "duplicate" && !is_pull)
            CHECK(means.state == status::invalid);
        else if (is_pull)
            CHECK(means.state == (now.status == "open" ? status::in_progress : status::wont_fix));
        else if (now.severity == "needs-info")
            CHECK(means.state == status::incomplete);
        if (now.priority == "P0")
            CHECK(means.weight == importance::critical);
        if (now.priority == "Priority: High")
            CHECK(means.weight == importance::high);
    }
}

} // namespace

TEST_CASE("mock GitHub: two hundred issues without a token, each with its one outcome")
{
    world w{",bugs=200,moved=3,deleted=4"};
    CHECK(w.can.protocol == "rest");
    CHECK(w.can.version == "3.14.2");
    auto const before = w.bound.requests();
    auto const got = w.look(two_hundred());
    CHECK_FALSE(got.trouble);
    CHECK(got.found.size() == 202);
    CHECK(w.bound.requests() - before <= 9);
    CHECK(ended(got, "3") == outcome::moved);
    CHECK(
        std::get<adapters::absence>(test::find(got, "3")->what).detail
        == w.at.url + "acme/elsewhere/issues/1003");
    CHECK(ended(got, "4") == outcome::gone);
    CHECK(ended(got, "13") == outcome::not_found);
    CHECK(ended(got, "201") == outcome::not_found);
    CHECK(ended(got, "x1") == outcome::invalid_id);
    check_all(w, got, false);
}

TEST_CASE("mock GitHub: two hundred issues with a token, a hundred in each question")
{
    for (std::string const schema : {"1", "0"}) {
        world w{",bugs=200,moved=3,deleted=4,schema=" + schema, true};
        CHECK(w.can.protocol == (schema == "1" ? "graphql" : "graphql-old"));
        CHECK(w.can.identity == "watcher");
        auto const before = w.bound.requests();
        auto const got = w.look(two_hundred());
        CHECK_FALSE(got.trouble);
        CHECK(got.found.size() == 202);
        CHECK(w.bound.requests() - before <= 9);
        CHECK(ended(got, "3") == outcome::moved);
        CHECK(ended(got, "4") == outcome::gone);
        CHECK(ended(got, "13") == outcome::seen);
        CHECK(ended(got, "201") == outcome::not_found);
        CHECK(seen(got, "20").duplicate_of == (schema == "1" ? "10" : ""));
        check_all(w, got, true);
    }
}

TEST_CASE("mock GitHub: without GraphQL a token asks by REST")
{
    world w{",bugs=30,graphql=0", true};
    CHECK(w.can.protocol == "rest");
    CHECK(w.can.identity == "watcher");
    CHECK(ended(w.look({"13"}), "13") == outcome::seen);
}

TEST_CASE("mock GitHub: only what changed is read, and the rest is unmodified")
{
    for (bool const with_token : {false, true}) {
        world w{",bugs=300", with_token};
        w.mocks.set_clock(-26h);
        std::vector<std::string> const ids{"1", "2", "3", "7"};
        auto const first = w.look(ids);
        REQUIRE(w.clock);
        auto const before = w.bound.requests();
        auto const quiet = w.look_changed(ids, *w.clock);
        CHECK(w.bound.requests() - before == 1);
        for (auto const& id : ids)
            CHECK(ended(quiet, id) == outcome::unmodified);
        auto const other = seen(first, "3").words.status == "open" ? "closed" : "open";
        CHECK(w.mocks.change(
            "it", 3, {.status = other, .resolution = other == std::string{"open"} ? "" : "completed"}));
        auto const busy = w.look_changed(ids, *w.clock);
        CHECK(seen(busy, "3").words.status == other);
        CHECK(ended(busy, "2") == outcome::unmodified);
    }
}

TEST_CASE("mock GitHub: an issue that did not change is a 304")
{
    world w{",bugs=300", true};
    CHECK(ended(w.look({"250"}), "250") == outcome::seen);
    REQUIRE(w.learnt.size() == 1);
    auto const known = w.learnt;
    CHECK(ended(w.look({"250"}, known), "250") == outcome::unmodified);
    CHECK(w.bound.not_modified() == 1);
    auto const other = w.mocks.look("it", 250).now().status == "open" ? "closed" : "open";
    CHECK(w.mocks.change("it", 250, {.status = other}));
    CHECK(ended(w.look({"250"}, known), "250") == outcome::seen);
}

TEST_CASE("mock GitHub: a project with a new name, and one that hides its issues")
{
    world renamed{",bugs=30,renamed=1"};
    auto const got = renamed.look({"1", "2", "31"});
    CHECK_FALSE(got.trouble);
    CHECK(ended(got, "1") == outcome::seen);
    CHECK(ended(got, "31") == outcome::not_found);

    world disabled{",bugs=30,issues=0"};
    CHECK(ended(disabled.look({"1", "2"}), "2") == outcome::forbidden);
}

TEST_CASE("mock GitHub: limits in headers, in words and in a 200 are limits")
{
    world hour{",bugs=3000,limit=3"};
    auto const spent = hour.look({"2001", "2002", "2003", "2004"});
    REQUIRE(spent.trouble);
    CHECK(spent.found.size() == 2); // meta took one
    CHECK(spent.trouble->kind == error_kind::deferred);

    world words{",bugs=3000,secondary=3"};
    auto const told = words.look({"2001", "2002", "2003"});
    REQUIRE(told.trouble);
    CHECK(told.trouble->kind == error_kind::rate_limited);
    CHECK(told.trouble->retry_after == 60s);
    CHECK(told.found.size() == 1);
}

TEST_CASE("mock GitHub: comments over a socket")
{
    world w{",bugs=30"};
    CHECK(w.mocks.change("it", 1, {.status = "open"}));
    auto const all = test::run(w.loop, w.kind->read_comments(w.bound, w.can, "1", std::nullopt));
    REQUIRE(all);
    REQUIRE(all->size() == 3);
    CHECK(all->front().text.starts_with("It broke: "));
    auto const last = test::run(w.loop, w.kind->read_comments(w.bound, w.can, "1", all->back().at));
    REQUIRE(last);
    CHECK(*last == std::vector{all->back()});
}
