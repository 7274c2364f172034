#include "engine/serve/local_user.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;

TEST_CASE("a user of the machine is an actor by name, or by number where there is none")
{
    CHECK(serve::local_user(0) == "local user root");
    CHECK(serve::local_user(3'999'999'999) == "local user 3999999999");
}
