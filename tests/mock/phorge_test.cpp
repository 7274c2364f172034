#include <catch2/catch.hpp>

#include "ground.hpp"

namespace checkwatches::mock {

namespace {

answer
call(ground& at, std::string const& method, std::string const& fields, std::string_view token = good_key)
{
    auto const body = fields + (token.empty() ? "" : "&api.token=" + std::string{token});
    return at.post("/api/" + method, body, "application/x-www-form-urlencoded");
}

} // namespace

TEST_CASE("Conduit answers 200 to what it refuses")
{
    ground at{"kind=phorge,bugs=130"};
    CHECK(contains(call(at, "user.whoami", "", "").body, "ERR-INVALID-SESSION"));
    CHECK(contains(call(at, "user.whoami", "", "nope").body, "ERR-INVALID-AUTH"));
    CHECK(contains(call(at, "maniphest.search", "limit=101").body, "ERR-CONDUIT-CORE"));
    CHECK(contains(call(at, "maniphest.search", "constraints[modifiedStart]=0").body, "ERR-CONDUIT-CORE"));
    CHECK(contains(call(at, "no.such", "").body, "ERR-CONDUIT-CALL"));
    CHECK(call(at, "no.such", "").status == 200);
}

TEST_CASE("a search of Maniphest passes over what is missing or hidden, and has pages")
{
    ground at{"kind=phorge,bugs=130"};
    auto const some = call(
        at, "maniphest.search", "constraints[ids][0]=1&constraints[ids][1]=13&constraints[ids][2]=999");
    CHECK(told_ids(some) == "1,");
    CHECK(at.bugs.asked_missing() == 1);
    auto const first = call(at, "maniphest.search", "limit=100");
    CHECK(first.tells.size() == 100);
    CHECK(contains(first.body, "\"after\":\"101\""));
    auto const rest = call(at, "maniphest.search", "limit=100&after=101");
    CHECK(rest.tells.size() == 29);
    CHECK(contains(rest.body, "\"after\":null"));
    CHECK(contains(call(at, "maniphest.gettasktransactions", "ids[0]=20").body, "mergedinto"));
    CHECK(at.get("/T999").status == 404);
    CHECK(contains(at.get("/T13").body, "<title>Login</title>"));
}

} // namespace checkwatches::mock
