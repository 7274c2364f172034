#include "adapters/launchpad.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;

TEST_CASE("Launchpad: its words are the normal words")
{
    auto const launchpad = adapters::make_launchpad();
    for (auto const s : all_statuses) {
        auto const v = launchpad->interpret({.status = std::string{title(s)}, .priority = "Low"});
        CHECK(v.state == s);
        CHECK(v.weight == importance::low);
        CHECK(v.unmapped.empty());
    }
    for (auto const i : all_importances)
        CHECK(launchpad->interpret({.status = "New", .priority = std::string{title(i)}}).weight == i);
}

TEST_CASE("Launchpad: both halves of Incomplete are Incomplete")
{
    auto const launchpad = adapters::make_launchpad();
    for (auto const* const half : {"Incomplete (with response)", "Incomplete (without response)"})
        CHECK(launchpad->interpret({.status = half, .priority = "High"}).state == status::incomplete);
}

TEST_CASE("Launchpad: words of a later version are not guessed")
{
    auto const launchpad = adapters::make_launchpad();
    auto const v = launchpad->interpret({.status = "Fix Pondered", .priority = "Cosmic"});
    CHECK_FALSE(v.state);
    CHECK_FALSE(v.weight);
    CHECK(
        v.unmapped
        == std::vector<unmapped_word>{
            {.field = "status", .word = "Fix Pondered"}, {.field = "importance", .word = "Cosmic"}});
    CHECK(launchpad->interpret({}).unmapped.empty());
}
