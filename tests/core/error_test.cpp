#include "engine/core/error.hpp"

#include <boost/asio/error.hpp>

#include <catch2/catch.hpp>

#include <cstddef>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

using namespace checkwatches;

namespace {

std::vector<error_kind> all_kinds()
{
    std::vector<error_kind> kinds;
    for (int i = 0; i <= static_cast<int>(error_kind::storage); ++i)
        kinds.push_back(static_cast<error_kind>(i));
    return kinds;
}

} // namespace

TEST_CASE("each kind of error has its own word, and the outcome of the same word where there is one")
{
    std::set<std::string_view> words;
    std::set<outcome> outcomes;
    for (auto const kind : all_kinds()) {
        INFO(word(kind));
        CHECK(words.insert(word(kind)).second);
        if (auto const o = to_outcome(kind)) {
            CHECK(word(*o) == word(kind));
            CHECK_FALSE(is_success(*o));
            outcomes.insert(*o);
        }
        else {
            CHECK_FALSE(parse_outcome(word(kind)));
        }
    }
    CHECK(outcomes.size() == all_outcomes.size() - 2); // all but seen and unmodified
    CHECK_FALSE(to_outcome(error_kind::deferred));
    CHECK_FALSE(to_outcome(error_kind::usage));
    CHECK_FALSE(to_outcome(error_kind::configuration));
    CHECK_FALSE(to_outcome(error_kind::storage));
    CHECK(word(error_kind::deferred) == "deferred");
    CHECK(word(error_kind::usage) == "usage");
    CHECK(word(error_kind::configuration) == "configuration");
    CHECK(word(error_kind::storage) == "storage");
}

TEST_CASE("an error is told in one line")
{
    error e{.kind = error_kind::timeout};
    CHECK(to_string(e) == "timeout");
    e.message = "the server sent nothing for 10 s";
    CHECK(to_string(e) == "timeout: the server sent nothing for 10 s");
    e.request = "GET https://bugs.example.org/rest/bug?id=7";
    CHECK(
        to_string(e)
        == "timeout: the server sent nothing for 10 s (GET https://bugs.example.org/rest/bug?id=7)");
    e.cause = boost::asio::error::connection_refused;
    CHECK(
        to_string(e)
        == "timeout: the server sent nothing for 10 s: " + e.cause.message()
               + " (GET https://bugs.example.org/rest/bug?id=7)");

    std::ostringstream out;
    out << e;
    CHECK(out.str() == to_string(e));
}

TEST_CASE("a result that is asked for a value it does not hold throws its error")
{
    result<int> const failed = error{.kind = error_kind::gone, .message = "bug 7 was deleted"};
    REQUIRE_FALSE(failed.has_value());
    CHECK_THROWS_WITH(failed.value(), "gone: bug 7 was deleted");
    CHECK_THROWS_AS(failed.value(), std::runtime_error);
    result<int> const good = 7;
    CHECK(good.value() == 7);
}
