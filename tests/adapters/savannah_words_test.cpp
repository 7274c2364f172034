#include "adapters/savannah.hpp"
#include "tests/support/print.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;

namespace {

verdict of(raw_words const& words)
{
    return adapters::make_savannah()->interpret(words);
}

} // namespace

TEST_CASE("Savane: the resolution decides what open and closed mean")
{
    struct row {
        char const* resolution;
        status open;
        std::optional<status> closed;
    };
    for (auto const& r : std::vector<row>{
             {"", status::new_, std::nullopt},
             {"None", status::new_, status::fix_released},
             {"Fixed", status::fix_committed, status::fix_released},
             {"Done", status::fix_committed, status::fix_released},
             {"Confirmed", status::confirmed, {}},
             {"In Progress", status::in_progress, {}},
             {"Ready For Test", status::fix_committed, {}},
             {"Patch Submitted", status::fix_committed, {}},
             {"Need Info", status::incomplete, {}},
             {"Postponed", status::confirmed, status::wont_fix},
             {"Wont Fix", status::wont_fix, status::wont_fix},
             {"Wont Do", status::wont_fix, status::wont_fix},
             {"Invalid", status::invalid, status::invalid},
             {"Works For Me", status::invalid, status::invalid},
             {"Duplicate", status::invalid, status::invalid},
             {"Not a Bug", status::invalid, status::invalid}}) {
        INFO(r.resolution);
        CHECK(of({.status = "Open", .resolution = r.resolution}).state == r.open);
        auto const closed = of({.status = "Closed", .resolution = r.resolution});
        CHECK(closed.state == r.closed);
        CHECK(closed.unmapped.empty() == r.closed.has_value());
    }
}

TEST_CASE("Savane: a group's own words are not guessed")
{
    auto const odd = of({.status = "Closed", .resolution = "Fermented"});
    CHECK_FALSE(odd.state);
    CHECK(odd.unmapped == std::vector<unmapped_word>{{.field = "status", .word = "Closed Fermented"}});
    CHECK_FALSE(of({.status = "Ouvert", .resolution = "Fixed"}).state);

    auto const heavy = of({.status = "Open", .severity = "7 - Rotten"});
    CHECK_FALSE(heavy.weight);
    CHECK(heavy.unmapped == std::vector<unmapped_word>{{.field = "importance", .word = "7 - Rotten"}});
    CHECK_FALSE(of({.status = "Open", .priority = "4 - Some day"}).weight);
    CHECK_FALSE(of({.status = "Open", .priority = "4 - Some day", .severity = "3 - Normal"}).weight);
}

TEST_CASE("Savane: severity decides the importance, and priority what is normal")
{
    auto const weight = [](std::string severity, std::string priority = {}) {
        return of({.priority = std::move(priority), .severity = std::move(severity)}).weight;
    };
    CHECK(weight("6 - Security") == importance::critical);
    CHECK(weight("5 - Blocker", "1 - Later") == importance::critical);
    CHECK(weight("4 - Important") == importance::high);
    CHECK(weight("2 - Minor", "9 - Immediate") == importance::low);
    CHECK(weight("1 - Wish") == importance::wishlist);
    CHECK(weight("3 - Normal") == importance::medium);
    CHECK(weight("3 - Normal", "None") == importance::medium);
    for (std::string const severity : {"3 - Normal", "None", ""}) {
        CHECK(weight(severity, "9 - Immediate") == importance::critical);
        CHECK(weight(severity, "7 - High") == importance::high);
        CHECK(weight(severity, "5 - Normal") == importance::medium);
        CHECK(weight(severity, "3 - Low") == importance::low);
        CHECK(weight(severity, "1 - Later") == importance::low);
    }
    CHECK(weight("") == importance::unknown);
    CHECK(weight("None", "None") == importance::unknown);
}
