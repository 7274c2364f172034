#include "tests/remote/kind_world.hpp"

namespace {

using namespace checkwatches;
using test::ended;
using test::ids_up_to;
using test::seen;

credential token(std::string_view value)
{
    return {.value = secret{std::string{value}}};
}

} // namespace

TEST_CASE("mock Phorge: each of a hundred tasks has its outcome, and later only what changed is read")
{
    test::kind_world w{"kind=phorge,bugs=98", token(mock::good_key)};
    w.can = w.probe().value();
    CHECK(w.can.identity == "watcher");
    auto const ids = ids_up_to(98, {"9999", "x"});
    auto const got = w.look(ids);
    CHECK_FALSE(got.trouble);
    CHECK(test::tally(got)[outcome::seen] == 97);
    CHECK(ended(got, "13") == outcome::forbidden);
    CHECK(ended(got, "9999") == outcome::not_found);
    CHECK(ended(got, "x") == outcome::invalid_id);
    CHECK(seen(got, "20").duplicate_of == "10");
    CHECK(test::unmapped(w.kind, got) == 0);

    auto const before = w.bound.requests();
    auto const next = w.mocks.look("it", 3).now().status == "open" ? "stalled" : "open";
    CHECK(w.mocks.change("it", 3, {.status = next}));
    auto const later = w.look_changed({"1", "2", "3"}, w.server_time);
    CHECK(ended(later, "1") == outcome::unmodified);
    CHECK(seen(later, "3").words.status == next);
    CHECK(w.bound.requests() == before + 1);
}

TEST_CASE("mock Phorge: nobody, and nobody's token")
{
    test::kind_world nobody{"kind=phorge,bugs=30"};
    CHECK(nobody.probe().error().kind == error_kind::auth_failed);
    test::kind_world wrong{"kind=phorge,bugs=30", token("nope")};
    CHECK(wrong.probe().error().kind == error_kind::auth_failed);
}
