#include "tests/remote/kind_world.hpp"

// Looks over real sockets at a mock Redmine.
namespace {

using namespace checkwatches;
using test::ended;

struct world : test::kind_world {
    explicit world(std::string const& options, std::optional<credential> login = {})
        : kind_world{"kind=redmine," + options, std::move(login)},
          probed{probe()}
    {
        if (probed)
            can = *probed;
    }

    result<capabilities> probed;
};

std::vector<std::string> numbers(int from, int to)
{
    std::vector<std::string> out;
    for (int i = from; i <= to; ++i)
        out.push_back(std::to_string(i));
    return out;
}

} // namespace

TEST_CASE("mock Redmine: each of 200 issues has its outcome and its verdict")
{
    world w{"bugs=199"};
    REQUIRE(w.probed);
    CHECK(w.probed->changed_since);
    for (int first = 1; first <= 200; first += 100) {
        auto ids = numbers(first, first + 99);
        ids.emplace_back("12x");
        auto const got = w.look(ids);
        CHECK_FALSE(got.trouble);
        CHECK(got.found.size() == ids.size());
        for (auto const& id : ids) {
            INFO(id);
            auto const end = ended(got, id);
            if (id == "13")
                CHECK(end == outcome::forbidden);
            else if (id == "200")
                CHECK(end == outcome::not_found);
            else if (id == "12x")
                CHECK(end == outcome::invalid_id);
            else {
                auto const one = test::seen(got, id);
                auto const told = w.mocks.look("it", std::stoi(id)).now();
                CHECK(one.words.status == told.status);
                CHECK(one.words.priority == told.priority);
                CHECK(one.duplicate_of == (told.duplicate_of == 0 ? "" : std::to_string(told.duplicate_of)));
                auto const means = w.kind.interpret(one.words);
                CHECK(means.unmapped.empty());
                CHECK(means.state.has_value());
                CHECK(means.weight.has_value());
            }
        }
    }
}

TEST_CASE("mock Redmine: changes and 304")
{
    world w{"bugs=30"};
    auto const ids = numbers(1, 4);
    auto const first = w.look(ids);
    CHECK(ended(first, "3") == outcome::seen);
    auto const known = w.validators;
    REQUIRE(known.size() == 1);
    CHECK(ended(w.look(ids, known), "3") == outcome::unmodified);
    CHECK(w.bound.not_modified() == 1);
    auto const since = w.server_time;
    CHECK(ended(w.look_changed(ids, since), "3") == outcome::unmodified);

    auto const other = w.mocks.look("it", 3).now().status == "New" ? "Feedback" : "New";
    CHECK(w.mocks.change("it", 3, {.status = other}));
    auto const changed = w.look_changed(ids, since);
    CHECK(ended(changed, "2") == outcome::unmodified);
    CHECK(test::seen(changed, "3").words.status == other);
    CHECK(ended(w.look(ids, known), "2") == outcome::seen);
}

TEST_CASE("mock Redmine: a key shows what is hidden, a wrong one is found out")
{
    world w{"bugs=30", test::login_of(mock::good_key)};
    REQUIRE(w.probed);
    CHECK(w.probed->identity == mock::good_user);
    CHECK(ended(w.look({"13"}), "13") == outcome::seen);
    world basic{"bugs=30,login=1", test::login_of(mock::good_password, mock::good_user)};
    REQUIRE(basic.probed);
    CHECK(ended(basic.look({"13"}), "13") == outcome::seen);
    world wrong{"bugs=30", test::login_of("bad")};
    REQUIRE_FALSE(wrong.probed);
    CHECK(wrong.probed.error().kind == error_kind::auth_failed);
    world off{"bugs=30,api=0"};
    REQUIRE_FALSE(off.probed);
    CHECK(off.probed.error().kind == error_kind::auth_failed);
}

TEST_CASE("mock Redmine: old ones, and one that sends few rows at once")
{
    world oldest{"bugs=30,flavour=1.0"};
    REQUIRE(oldest.probed);
    CHECK(oldest.probed->protocol == "single");
    CHECK(ended(oldest.look({"1", "13", "99"}), "99") == outcome::not_found);
    world older{"bugs=30,flavour=3.4"};
    CHECK(test::seen(older.look({"7"}), "7").modified.has_value());
    world few{"bugs=30,most=7"};
    REQUIRE(few.probed);
    CHECK(few.probed->batch == 7);
    few.can.batch = 100;
    CHECK(ended(few.look(numbers(1, 30)), "30") == outcome::seen);
}

TEST_CASE("mock Redmine: notes, from a time on")
{
    world w{"bugs=30"};
    auto const all = w.comments("7");
    REQUIRE(all);
    REQUIRE(all->size() == 2);
    auto const late = w.comments("7", all->back().at);
    REQUIRE(late);
    REQUIRE(late->size() == 1);
    CHECK(late->front() == all->back());
}
