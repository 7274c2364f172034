#include "engine/core/secret.hpp"

#include <catch2/catch.hpp>

#include <functional>
#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

using namespace checkwatches;

namespace {

std::string const short_key = "k3y-s5cr3t";
std::string const long_key = "a key that does not fit into the string object itself";

// Whether the bytes stand anywhere in the object itself (where a short string lives).
template <class T>
bool holds(T const& object, std::string_view bytes)
{
    auto const* const first = reinterpret_cast<char const*>(&object);
    return std::string_view{first, sizeof object}.find(bytes) != std::string_view::npos;
}

static_assert(!std::is_convertible_v<secret, std::string>);
static_assert(!std::is_convertible_v<secret, std::string_view>);
static_assert(!std::is_convertible_v<std::string, secret>);

} // namespace

TEST_CASE("a secret is told only when it is asked for by name")
{
    secret const key{long_key};
    CHECK(key.reveal() == long_key);
    CHECK_FALSE(key.empty());
    std::ostringstream out;
    out << key << ' ' << secret{};
    CHECK(out.str() == "*** ***");
}

TEST_CASE("a secret that was moved from is empty and keeps no bytes")
{
    auto const& value = GENERATE(std::cref(short_key), std::cref(long_key)).get();
    secret from{value};
    secret into{std::move(from)};
    CHECK(into.reveal() == value);
    CHECK(from.empty());
    CHECK(from.reveal().empty());
    CHECK_FALSE(holds(from, value.substr(1)));

    secret assigned{"something else"};
    assigned = std::move(into);
    CHECK(assigned.reveal() == value);
    CHECK(into.empty());
    CHECK_FALSE(holds(into, value.substr(1)));
}

TEST_CASE("an overwritten secret leaves no bytes of the old one")
{
    secret key{short_key};
    REQUIRE(holds(key, short_key));
    key = secret{"x"};
    CHECK(key.reveal() == "x");
    CHECK_FALSE(holds(key, short_key.substr(1)));

    secret const other{"y"};
    secret copied{short_key};
    copied = other;
    CHECK(copied.reveal() == "y");
    CHECK(other.reveal() == "y");
    CHECK_FALSE(holds(copied, short_key.substr(1)));
}

TEST_CASE("a secret assigned to itself stays")
{
    secret key{long_key};
    auto& same = key;
    key = same;
    CHECK(key.reveal() == long_key);
    key = std::move(same);
    CHECK(key.reveal() == long_key);
}

TEST_CASE("copies of a secret are independent")
{
    secret first{long_key};
    secret second{first};
    first = secret{};
    CHECK(first.empty());
    CHECK(second.reveal() == long_key);
}
