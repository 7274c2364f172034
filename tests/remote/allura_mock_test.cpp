#include "tests/remote/kind_world.hpp"

namespace {

using namespace checkwatches;
using test::ended;
using test::ids_up_to;

std::string meaning(verdict const& of)
{
    return of.state && of.weight ? std::string{title(*of.state)} + "/" + std::string{title(*of.weight)} : "?";
}

// By the mock's own record of the ticket.
std::string meant(mock::bug const& b)
{
    static std::map<std::string, status> const states{
        {"unread", status::new_},
        {"open", status::new_},
        {"accepted", status::confirmed},
        {"pending", status::incomplete},
        {"closed", status::fix_released},
        {"wont-fix", status::wont_fix},
        {"open-accepted", status::confirmed},
        {"open-fixed", status::fix_committed},
        {"pending-works-for-me", status::invalid},
        {"closed-fixed", status::fix_released},
        {"closed-out-of-date", status::invalid},
        {"closed-later", status::wont_fix},
        {"closed-duplicate", status::invalid}};
    static std::map<std::string, importance> const weights{
        {"9", importance::critical},
        {"7", importance::high},
        {"5", importance::medium},
        {"3", importance::low},
        {"1", importance::low}};
    return meaning({.state = states.at(b.now().status), .weight = weights.at(b.now().priority)});
}

} // namespace

TEST_CASE("mock Allura: each of two hundred tickets has one right end and verdict, in few requests")
{
    for (std::string const options : {"", ",flavour=sourceforge"}) {
        INFO(options);
        test::kind_world w{"kind=allura,bugs=198" + options, std::nullopt, "p/plum/bugs"};
        w.can = w.probe().value();
        auto const ids = ids_up_to(198, {"9999", "x"});
        auto const got = w.look(ids);
        CHECK_FALSE(got.trouble);
        REQUIRE(got.found.size() == 200);
        for (auto const& id : ids_up_to(198)) {
            INFO(id);
            if (id == "13")
                CHECK(ended(got, id) == outcome::forbidden);
            else
                CHECK(
                    meaning(w.kind.interpret(test::seen(got, id).words))
                    == meant(w.mocks.look("it", std::stoi(id))));
        }
        CHECK(ended(got, "9999") == outcome::not_found);
        CHECK(ended(got, "x") == outcome::invalid_id);
        // The probe, two searches, and the two that those leave out.
        CHECK(w.bound.requests() == 1 + 2 + 2);
    }
}

TEST_CASE("mock Allura: what changed is told by one search")
{
    test::kind_world w{"kind=allura,bugs=30", std::nullopt, "p/plum/bugs"};
    w.can = w.probe().value();
    CHECK_FALSE(w.look({"1", "2", "3"}).trouble);
    auto const before = w.bound.requests();
    auto const next = w.mocks.look("it", 3).now().status == "pending" ? "accepted" : "pending";
    CHECK(w.mocks.change("it", 3, {.status = next}));
    auto const later = w.look_changed({"1", "2", "3"}, w.server_time);
    CHECK(ended(later, "1") == outcome::unmodified);
    CHECK(ended(later, "2") == outcome::unmodified);
    CHECK(test::seen(later, "3").words.status == next);
    CHECK(w.bound.requests() == before + 1);
}

TEST_CASE("mock Allura: a search that fails loses no ticket")
{
    test::kind_world w{"kind=allura,bugs=30,solr=0", std::nullopt, "p/plum/bugs"};
    w.can = w.probe().value();
    auto const got = w.look({"1", "2", "9999"});
    REQUIRE(got.trouble);
    CHECK(got.trouble->kind == error_kind::protocol_error);
    CHECK(got.found.empty());
}

TEST_CASE("mock Allura: a token opens what is private, and a wrong one is found out")
{
    auto const token = [](std::string_view value) { return credential{.value = secret{std::string{value}}}; };
    test::kind_world known{"kind=allura,bugs=30", token(mock::good_key), "p/plum/bugs"};
    known.can = known.probe().value();
    CHECK(known.can.identity == "logged in");
    CHECK(ended(known.look({"13"}), "13") == outcome::seen);
    test::kind_world wrong{"kind=allura,bugs=30", token("nonsense"), "p/plum/bugs"};
    CHECK(wrong.probe().error().kind == error_kind::auth_failed);
    test::kind_world other{"kind=allura,bugs=30", std::nullopt, "p/plum/wiki"};
    CHECK(other.probe().error().kind == error_kind::unsupported);
}
