#include "tests/remote/kind_world.hpp"

// Looks over real sockets at mock Mantises that differ in what they let us use.
namespace {

using namespace checkwatches;
using test::ended;
using test::ids_up_to;
using test::seen;
using test::tally;

std::map<outcome, std::size_t> const most_of_two_hundred{
    {outcome::seen, 199}, {outcome::forbidden, 1}, {outcome::not_found, 1}, {outcome::invalid_id, 1}};

} // namespace

TEST_CASE("mock Mantis: each of two hundred issues has its outcome, in few requests")
{
    test::kind_world w{"kind=mantis,bugs=200"};
    w.can = w.probe().value();
    CHECK(w.can.protocol == "soap");
    auto const before = w.bound.requests();
    auto const got = w.look(ids_up_to(200, {"9999", "x"}));
    CHECK_FALSE(got.trouble);
    CHECK(tally(got) == most_of_two_hundred);
    CHECK(ended(got, "13") == outcome::forbidden);
    CHECK(ended(got, "9999") == outcome::not_found);
    CHECK(seen(got, "20").duplicate_of == "10");
    CHECK(test::unmapped(w.kind, got) == 0);
    CHECK(w.bound.requests() - before <= 10);
}

TEST_CASE("mock Mantis: the other ways come to the same")
{
    struct row {
        char const* spec;
        char const* protocol;
    };
    for (auto const& r : std::vector<row>{
             {"kind=mantis,bugs=40,flavour=rest", "rest"},
             {"kind=mantis,bugs=40,flavour=1.2", "soap-single"},
             {"kind=mantis,bugs=40,flavour=web", "export"}}) {
        INFO(r.spec);
        test::kind_world first{"kind=mantis,bugs=40"};
        first.can = first.probe().value();
        auto const wanted = first.look(ids_up_to(40));
        test::kind_world w{r.spec};
        w.can = w.probe().value();
        CHECK(w.can.protocol == r.protocol);
        auto const got = w.look(ids_up_to(40, {"9999", "x"}));
        CHECK_FALSE(got.trouble);
        CHECK(ended(got, "13") == outcome::forbidden);
        CHECK(ended(got, "9999") == outcome::not_found);
        CHECK(ended(got, "x") == outcome::invalid_id);
        CHECK(seen(got, "20").duplicate_of == "10");
        for (auto const& f : wanted.found) {
            if (ended(wanted, f.remote_id) != outcome::seen)
                continue;
            INFO(f.remote_id);
            auto const a = w.kind.interpret(seen(got, f.remote_id).words);
            auto const b = w.kind.interpret(seen(wanted, f.remote_id).words);
            CHECK(a.state == b.state);
            CHECK(a.weight == b.weight);
        }
    }
}

TEST_CASE("mock Mantis: with a login what is private is seen, whichever it is")
{
    std::string const user{mock::good_user};
    for (auto const& login : std::vector<credential>{
             {.user = user, .value = secret{std::string{mock::good_password}}},
             {.user = "", .value = secret{std::string{mock::good_key}}}}) {
        test::kind_world w{"kind=mantis,bugs=30,flavour=closed", login};
        w.can = w.probe().value();
        CHECK(w.can.protocol == "soap");
        CHECK(w.can.identity == user);
        CHECK(ended(w.look({"13"}), "13") == outcome::seen);
    }
    test::kind_world wrong{"kind=mantis,bugs=30", credential{.user = "", .value = secret{"nope"}}};
    CHECK(wrong.probe().error().kind == error_kind::auth_failed);
    test::kind_world nobody{"kind=mantis,bugs=30,flavour=closed"};
    CHECK(nobody.probe().error().kind == error_kind::auth_failed);
}

TEST_CASE("mock Mantis: an issue that did not change is a 304")
{
    test::kind_world w{"kind=mantis,bugs=30,flavour=rest"};
    w.can = w.probe().value();
    CHECK(tally(w.look({"1", "2"})) == std::map<outcome, std::size_t>{{outcome::seen, 2}});
    auto const known = w.validators;
    CHECK(known.size() == 2);
    CHECK(tally(w.look({"1", "2"}, known)) == std::map<outcome, std::size_t>{{outcome::unmodified, 2}});
    auto const other = w.mocks.look("it", 1).now().priority == "none" ? "low" : "none";
    CHECK(w.mocks.change("it", 1, {.priority = other}));
    auto const later = w.look({"1", "2"}, known);
    CHECK(ended(later, "1") == outcome::seen);
    CHECK(ended(later, "2") == outcome::unmodified);
}

TEST_CASE("mock Mantis: a status of the site's own comes back as its word")
{
    test::kind_world w{"kind=mantis,bugs=30,testing=1"};
    w.can = w.probe().value();
    CHECK(w.mocks.change("it", 1, {.status = "testing"}));
    auto const words = seen(w.look({"1", "2"}), "1").words;
    CHECK(words.status == "testing");
    CHECK_FALSE(w.kind.interpret(words).unmapped.empty());
}
