#include "tests/remote/kind_world.hpp"

// Looks over real sockets at a mock GitHub.
namespace {

using namespace checkwatches;
using namespace std::chrono_literals;
using test::ended;
using test::seen;

struct world : test::kind_world {
    explicit world(std::string const& more, bool with_token = false)
        : kind_world{"kind=github" + more, token(with_token), "acme/widget"}
    {
        can = probe().value();
    }
    static std::optional<credential> token(bool some)
    {
        return some ? std::optional{test::login_of(mock::good_key)} : std::nullopt;
    }
};

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
        auto const means = w.kind.interpret(one.words);
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
    auto const got = w.look(test::ids_up_to(201, {"x1"}));
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
        auto const got = w.look(test::ids_up_to(201, {"x1"}));
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
        auto const since = w.server_time;
        auto const before = w.bound.requests();
        auto const quiet = w.look_changed(ids, since);
        CHECK(w.bound.requests() - before == 1);
        for (auto const& id : ids)
            CHECK(ended(quiet, id) == outcome::unmodified);
        auto const other = seen(first, "3").words.status == "open" ? "closed" : "open";
        CHECK(w.mocks.change(
            "it", 3, {.status = other, .resolution = other == std::string{"open"} ? "" : "completed"}));
        auto const busy = w.look_changed(ids, since);
        CHECK(seen(busy, "3").words.status == other);
        CHECK(ended(busy, "2") == outcome::unmodified);
    }
}

TEST_CASE("mock GitHub: an issue that did not change is a 304")
{
    world w{",bugs=300", true};
    CHECK(ended(w.look({"250"}), "250") == outcome::seen);
    REQUIRE(w.validators.size() == 1);
    auto const known = w.validators;
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
    auto const all = w.comments("1");
    REQUIRE(all);
    REQUIRE(all->size() == 3);
    CHECK(all->front().text.starts_with("It broke: "));
    auto const last = w.comments("1", all->back().at);
    REQUIRE(last);
    CHECK(*last == std::vector{all->back()});
}
