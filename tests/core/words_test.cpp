#include "engine/core/error.hpp"
#include "engine/core/importance.hpp"
#include "engine/core/outcome.hpp"
#include "engine/core/sighting.hpp"
#include "engine/core/status.hpp"

#include <catch2/catch.hpp>

#include <cstddef>
#include <set>
#include <string>
#include <string_view>

using namespace checkwatches;

namespace {

// All enumerators are listed in order and without gaps, up to the last one.
template <class Array, class Enum>
void check_complete(Array const& all, Enum last)
{
    REQUIRE(all.size() == static_cast<std::size_t>(last) + 1);
    for (std::size_t i = 0; i != all.size(); ++i)
        CHECK(static_cast<std::size_t>(all[i]) == i);
}

template <class Array, class Spell, class Parse>
void check_round_trip(Array const& all, Spell spell, Parse parse)
{
    std::set<std::string_view> spelled;
    for (auto const one : all) {
        INFO(spell(one));
        CHECK(spelled.insert(spell(one)).second);
        CHECK(parse(spell(one)) == one);
        CHECK_FALSE(parse(std::string{spell(one)} + " "));
        CHECK_FALSE(parse("\t" + std::string{spell(one)}));
    }
    CHECK_FALSE(parse(""));
    CHECK_FALSE(parse("nonsense"));
}

std::string title_of(status s)
{
    return std::string{title(s)};
}

} // namespace

TEST_CASE("every status has its own title")
{
    check_complete(all_statuses, status::unknown);
    check_round_trip(all_statuses, [](status s) { return title(s); }, parse_status);
    CHECK(title_of(status::new_) == "New");
    CHECK(title_of(status::wont_fix) == "Won't Fix");
    CHECK(title_of(status::in_progress) == "In Progress");
    CHECK(title_of(status::does_not_exist) == "Does Not Exist");
    CHECK(title_of(status::unknown) == "Unknown");
    CHECK_FALSE(parse_status("new"));
    CHECK_FALSE(parse_status("WONTFIX"));
}

TEST_CASE("every importance has its own title")
{
    check_complete(all_importances, importance::critical);
    check_round_trip(all_importances, [](importance i) { return title(i); }, parse_importance);
    CHECK(title(importance::undecided) == "Undecided");
    CHECK(title(importance::unknown) == "Unknown");
    CHECK_FALSE(parse_importance("high"));
}

TEST_CASE("every outcome has its own word")
{
    check_complete(all_outcomes, outcome::shrunk);
    check_round_trip(all_outcomes, [](outcome o) { return word(o); }, parse_outcome);
    CHECK(word(outcome::seen) == "seen");
    CHECK(word(outcome::protocol_error) == "protocol_error");
    CHECK_FALSE(parse_outcome("not found"));
}

TEST_CASE("resolved statuses are at rest, and some others are too")
{
    std::set<status> resolved;
    std::set<status> at_rest;
    for (auto const s : all_statuses) {
        if (is_resolved(s))
            resolved.insert(s);
        if (is_at_rest(s))
            at_rest.insert(s);
    }
    CHECK(resolved == std::set{status::fix_released, status::invalid, status::wont_fix});
    CHECK(
        at_rest
        == std::set{
            status::fix_released,
            status::invalid,
            status::wont_fix,
            status::opinion,
            status::expired,
            status::does_not_exist});
}

TEST_CASE("an outcome is a success, about the bug, or about the tracker")
{
    std::set<outcome> about_bug;
    for (auto const o : all_outcomes) {
        CHECK_FALSE((is_success(o) && is_tracker_failure(o)));
        if (!is_success(o) && !is_tracker_failure(o))
            about_bug.insert(o);
    }
    CHECK(
        about_bug
        == std::set{
            outcome::not_found,
            outcome::forbidden,
            outcome::gone,
            outcome::moved,
            outcome::invalid_id,
            outcome::not_answered,
            outcome::unparsable});
    CHECK(is_success(outcome::seen));
    CHECK(is_success(outcome::unmodified));
}

TEST_CASE("the raw words are shown as one text each")
{
    raw_words words;
    CHECK(remote_status(words).empty());
    CHECK(remote_importance(words).empty());
    words.status = "RESOLVED";
    words.priority = "P2";
    CHECK(remote_status(words) == "RESOLVED");
    CHECK(remote_importance(words) == "P2");
    words.resolution = "WORKSFORME";
    words.severity = "minor";
    CHECK(remote_status(words) == "RESOLVED WORKSFORME");
    CHECK(remote_importance(words) == "P2 minor");
    words.status.clear();
    words.priority.clear();
    CHECK(remote_status(words) == "WORKSFORME");
    CHECK(remote_importance(words) == "minor");
}
