#include "engine/check/meanings.hpp"
#include "tests/support/print.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using namespace checkwatches::check;

TEST_CASE("what is stored wins over the configuration, word by word")
{
    overrides says;
    says["kde"].states = {{"open", status::new_}, {"odd", status::opinion}};
    auto const all = with_stored(
        says,
        {{.tracker = "kde", .field = "status", .key = "open", .means = "Triaged"},
         {.tracker = "kde", .field = "importance", .key = "p1", .means = "Critical"},
         {.tracker = "gnome", .field = "status", .key = "open", .means = "Confirmed"},
         {.tracker = "gnome", .field = "status", .key = "late", .means = "A word of tomorrow"}});
    CHECK(all.at("kde").states.at("open") == status::triaged);
    CHECK(all.at("kde").states.at("odd") == status::opinion);
    CHECK(all.at("kde").weights.at("p1") == importance::critical);
    CHECK(all.at("gnome").states.size() == 1);
}

TEST_CASE("a meaning is read as it is kept, and what is none is said")
{
    auto const good = read_meaning("status", "  RESOLVED Frobnicated ", "Won't Fix");
    REQUIRE(good);
    CHECK(good->key == "resolved frobnicated");
    CHECK(good->means == "Won't Fix");
    CHECK(read_meaning("importance", "P1", "High"));
    CHECK(read_meaning("importance", "P1", "")->means.empty());

    struct row {
        std::string field, key, means, expected;
    };
    for (auto const& r : std::vector<row>{
             {"severity", "x", "High", "it must be \"status\" or \"importance\""},
             {"status", " \t", "New", "is empty"},
             {"status", "x", "Fixd", "\"Fix Released\""},
             {"status", "x", "High", "cannot mean \"High\""},
             {"importance", "x", "New", "\"Wishlist\""}}) {
        auto const bad = read_meaning(r.field, r.key, r.means);
        REQUIRE(bad.has_error());
        CHECK(bad.error().kind == error_kind::usage);
        CAPTURE(bad.error().message);
        CHECK(bad.error().message.find(r.expected) != std::string::npos);
    }
}
