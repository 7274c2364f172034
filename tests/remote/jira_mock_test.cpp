#include "tests/remote/kind_world.hpp"

// Looks over real sockets at a mock Jira.
namespace {

using namespace checkwatches;
using test::ended;

struct world : test::kind_world {
    explicit world(std::string const& options, std::optional<credential> login = {})
        : kind_world{"kind=jira," + options, std::move(login)},
          probed{probe()}
    {
        if (probed)
            can = *probed;
    }

    result<capabilities> probed;
};

std::vector<std::string> keys(int from, int to)
{
    std::vector<std::string> out;
    for (int i = from; i <= to; ++i)
        out.push_back("MOCK-" + std::to_string(i));
    return out;
}

} // namespace

TEST_CASE("mock Jira: each of 200 issues has its outcome and its verdict")
{
    for (std::string const flavour : {"server", "server,names=0,most=30", "lenient", "cloud"}) {
        INFO(flavour);
        world w{"bugs=199,flavour=" + flavour};
        REQUIRE(w.probed);
        CHECK(w.probed->changed_since);
        for (int first = 1; first <= 200; first += 50) {
            auto ids = keys(first, first + 49);
            ids.emplace_back("MOCK-12x");
            ids.emplace_back("OLD-" + std::to_string(first));
            auto const got = w.look(ids);
            CHECK_FALSE(got.trouble);
            CHECK(got.found.size() == ids.size());
            for (auto const& id : ids) {
                INFO(id);
                auto const end = ended(got, id);
                if (id == "MOCK-13")
                    CHECK(end == (flavour == "cloud" ? outcome::not_found : outcome::forbidden));
                else if (id == "MOCK-200")
                    CHECK(end == outcome::not_found);
                else if (id == "MOCK-12x")
                    CHECK(end == outcome::invalid_id);
                else if (id.starts_with("OLD-"))
                    CHECK(end == outcome::moved);
                else {
                    auto const one = test::seen(got, id);
                    auto const told = w.mocks.look("it", std::stoi(id.substr(5))).now();
                    CHECK(one.words.status == told.status);
                    CHECK(one.words.resolution == told.resolution);
                    auto const original = "MOCK-" + std::to_string(told.duplicate_of);
                    CHECK(one.duplicate_of == (told.duplicate_of == 0 ? "" : original));
                    auto const means = w.kind.interpret(one.words);
                    CHECK(means.unmapped.empty());
                    CHECK(means.state.has_value());
                    CHECK(means.weight.has_value());
                }
            }
        }
    }
}

TEST_CASE("mock Jira: only what changed since the server's time is read")
{
    for (std::string const flavour : {"server", "cloud"}) {
        INFO(flavour);
        world w{"bugs=30,flavour=" + flavour};
        auto const ids = keys(1, 4);
        CHECK(ended(w.look(ids), "MOCK-3") == outcome::seen);
        auto const since = w.server_time;
        CHECK(ended(w.look_changed(ids, since), "MOCK-3") == outcome::unmodified);
        auto const other = w.mocks.look("it", 3).now().status == "Open" ? "Reopened" : "Open";
        CHECK(w.mocks.change("it", 3, {.status = other}));
        auto const changed = w.look_changed(ids, since);
        CHECK(ended(changed, "MOCK-2") == outcome::unmodified);
        CHECK(test::seen(changed, "MOCK-3").words.status == other);
    }
}

TEST_CASE("mock Jira: logins by token and by password, and wrong ones")
{
    world token{"bugs=30,login=1", test::login_of(mock::good_key)};
    REQUIRE(token.probed);
    CHECK(token.probed->identity == mock::good_user);
    CHECK(ended(token.look({"MOCK-13"}), "MOCK-13") == outcome::seen);
    world basic{"bugs=30,flavour=cloud", test::login_of(mock::good_password, mock::good_user)};
    REQUIRE(basic.probed);
    CHECK(ended(basic.look({"MOCK-13"}), "MOCK-13") == outcome::seen);
    for (std::string const options : {"bugs=30", "bugs=30,flavour=cloud"}) {
        world wrong{options, test::login_of("bad", "x")};
        REQUIRE_FALSE(wrong.probed);
        CHECK(wrong.probed.error().kind == error_kind::auth_failed);
    }
}

TEST_CASE("mock Jira: comments, from a time on")
{
    world w{"bugs=30"};
    auto const all = w.comments("MOCK-7");
    REQUIRE(all);
    REQUIRE(all->size() == 2);
    CHECK(all->front().remote_id == "description");
    auto const late = w.comments("MOCK-7", all->back().at);
    REQUIRE(late);
    REQUIRE(late->size() == 1);
    CHECK(late->front() == all->back());
}
