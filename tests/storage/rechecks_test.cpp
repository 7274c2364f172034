#include "storage/recheck_reader.hpp"
#include "storage/rechecks.hpp"
#include "tests/storage/samples.hpp"
#include "tests/support/print.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using namespace checkwatches::storage;
using namespace checkwatches::storage::test;
using namespace std::chrono_literals;

namespace {

// Hours after an arbitrary day, at its beginning.
utc_time hour(int n)
{
    return std::chrono::floor<std::chrono::days>(at(0)) + std::chrono::hours{n};
}

struct record {
    scratch here;
    std::unique_ptr<store> s = open_store(here.path());
    std::unique_ptr<reader> r = open_reader(here.path());
    recheck_writer& to = s->rechecks();
    recheck_reader& from = r->rechecks();

    record() { to.configure({.name = "plum", .url = "https://r/", .bugs = "https://b/{id}", .every = 1h}); }
};

recheck said(
    std::string message,
    std::string bug,
    utc_time when,
    std::int64_t change = 1,
    std::string project = "orchard")
{
    return {
        .message = std::move(message),
        .bug = std::move(bug),
        .at = when,
        .change = change,
        .project = std::move(project),
        .branch = "master"};
}

} // namespace

TEST_CASE("rechecks: each comment is kept once, by its id and the bug that it names")
{
    record d;
    CHECK(
        d.to.add(
            {.source = "plum",
             .said = {said("a", "1", hour(1)), said("a", "2", hour(1)), said("b", "", hour(2))}})
        == 3);
    CHECK(d.to.add({.source = "plum", .said = {said("a", "1", hour(1)), said("c", "1", hour(3))}}) == 1);
    CHECK(d.to.add({.source = "pear", .said = {said("a", "1", hour(1))}}) == 1);
    auto const sums = d.from.sums(hour(0));
    REQUIRE(sums.size() == 4);
    CHECK(sums[0].source == "pear");
    CHECK(sums[1].bug.empty());
    CHECK(sums[2].bug == "1");
    CHECK(sums[2].times == 2);
    CHECK(sums[2].first == hour(1));
    CHECK(sums[2].last == hour(3));
    CHECK(d.from.sums(hour(3)).size() == 1);
}

TEST_CASE("rechecks: they are counted by hour, by day and by project")
{
    record d;
    d.to.add(
        {.source = "plum",
         .said = {
             said("a", "1", hour(1) + 5min),
             said("b", "1", hour(1) + 59min),
             said("c", "1", hour(2)),
             said("d", "1", hour(26), 2, "cellar"),
             said("e", "2", hour(26))}});
    auto const hours = d.from.hours("plum", "1", hour(1), hour(27));
    REQUIRE(hours.size() == 3);
    CHECK(hours[0].project == "cellar");
    CHECK(hours[1].hour == hour(1));
    CHECK(hours[1].times == 2);
    CHECK(hours[2].hour == hour(2));
    CHECK(d.from.hours("plum", "1", hour(2), hour(26)).size() == 1);
    auto const counts = d.from.counts(hour(1), hour(2), hour(26) + 1min);
    REQUIRE(counts.size() == 2);
    CHECK(counts[0].bug == "1");
    CHECK(counts[0].times == 4);
    CHECK(counts[0].lately == 2);
    CHECK(counts[1].bug == "2");
    CHECK(d.from.counts(hour(1), hour(2), hour(26)).size() == 1);
    auto const days = d.from.days(hour(0));
    REQUIRE(days.size() == 3);
    CHECK(days[0].times == 3);
    CHECK(days[1].day == days[0].day + 1);
    CHECK(d.from.projects("plum", hour(0)).size() == 3);
    CHECK(d.from.projects("plum", hour(26)).size() == 2);
    auto const projects = d.from.projects_of("plum", "1", 1);
    REQUIRE(projects.size() == 1);
    CHECK(projects[0].project == "orchard");
    CHECK(projects[0].times == 3);
}

TEST_CASE("rechecks: open changes are those that were rechecked and are not done, as they were read last")
{
    record d;
    rechecked_change const open{.number = 1, .subject = "Ripen", .is_open = true, .updated = hour(5)};
    rechecked_change const unsaid{.number = 2, .subject = "Else", .is_open = true, .updated = hour(5)};
    d.to.add({.source = "plum", .said = {said("a", "1", hour(1))}, .changes = {open, unsaid}});
    CHECK(number(d.here.path(), "SELECT count(*) FROM recheck_changes") == 1);
    REQUIRE(d.from.open_reviews("plum", "1", 9).size() == 1);
    CHECK(d.from.open_reviews("plum", "1", 9)[0].subject == "Ripen");
    // An older answer that comes late tells nothing new.
    d.to.add(
        {.source = "plum",
         .changes = {{.number = 1, .subject = "Old", .is_open = false, .updated = hour(4)}}});
    CHECK(d.from.open_reviews("plum", "1", 9)[0].subject == "Ripen");
    d.to.add(
        {.source = "plum",
         .changes = {{.number = 1, .subject = "Done", .is_open = false, .updated = hour(6)}}});
    CHECK(d.from.open_reviews("plum", "1", 9).empty());
}

TEST_CASE("rechecks: how a source fares stays where only its configuration changes")
{
    record d;
    auto s = d.from.sources().at(0);
    CHECK(s.every == 1h);
    CHECK_FALSE(s.read_at);
    s.tried_at = s.read_at = hour(3);
    s.newest = hour(2);
    s.failure = "slow";
    s.failures = 2;
    d.to.put_progress(s);
    d.to.configure({.name = "plum", .url = "https://other/", .bugs = "https://b/{id}", .every = 2h});
    auto const again = d.from.sources().at(0);
    CHECK(again.url == "https://other/");
    CHECK(again.every == 2h);
    CHECK(again.read_at == hour(3));
    CHECK(again.newest == hour(2));
    CHECK(again.failures == 2);
    d.to.put_progress({.name = "nobody"});
    CHECK(d.from.sources().size() == 1);
}

TEST_CASE("rechecks: one gap goes on at a time, and ends")
{
    record d;
    d.to.begin_gap({.source = "plum", .began = hour(1), .why = "slow"});
    d.to.begin_gap({.source = "plum", .began = hour(2), .why = "slower"});
    d.to.begin_gap({.source = "pear", .began = hour(2), .why = "x"});
    auto gaps = d.from.gaps(hour(0));
    REQUIRE(gaps.size() == 2);
    CHECK(gaps[1].began == hour(1));
    CHECK_FALSE(gaps[1].ended);
    d.to.end_gap("plum", hour(4), true);
    d.to.add_gap({.source = "plum", .began = hour(6), .ended = hour(7), .why = "asleep"});
    d.to.begin_gap({.source = "plum", .began = hour(8), .why = "again"});
    gaps = d.from.gaps(hour(0));
    REQUIRE(gaps.size() == 4);
    CHECK(gaps[1].ended == hour(4));
    CHECK(gaps[1].is_filled);
    CHECK_FALSE(gaps[2].is_filled);
    CHECK_FALSE(gaps[3].ended);
    CHECK(d.from.gaps(hour(5)).size() == 3);
}

TEST_CASE("rechecks: signatures are those of the folder as it is now")
{
    record d;
    auto of = d.from.sources().at(0);
    of.folder = "/x";
    of.folder_at = hour(1);
    of.folder_trouble = "no permission";
    recheck_signature const good{
        .file = "1.yaml", .bug = "1", .query = "q", .suppress_graph = true, .test_ids = {"a", "b\"c"}};
    recheck_signature const bad{.file = "2.yaml", .bug = "2", .trouble = "no YAML", .line = 3, .column = 4};
    d.to.put_signatures(of, {good, bad});
    CHECK((d.from.signatures("plum") == std::vector{good, bad}));
    CHECK(d.from.sources().at(0).folder_trouble == "no permission");
    d.to.put_signatures(of, {good});
    CHECK(d.from.signatures("plum").size() == 1);
}

TEST_CASE("rechecks: what is too old goes, piece by piece; a source that is dropped takes all with it")
{
    record d;
    for (int i = 0; i != 10; ++i)
        d.to.add(
            {.source = "plum",
             .said = {said("m" + std::to_string(i), "1", hour(i), i + 1)},
             .changes = {{.number = i + 1, .subject = "s", .is_open = true, .updated = hour(i)}}});
    d.to.add_gap({.source = "plum", .began = hour(1), .ended = hour(2)});
    CHECK(d.to.prune(hour(8), 5) == 11);
    CHECK(d.to.prune(hour(8), 5) == 6);
    CHECK(d.to.prune(hour(8), 5) == 0);
    CHECK(d.from.sums(hour(0)).at(0).times == 2);
    d.to.drop("plum");
    CHECK(d.from.sources().empty());
    CHECK(d.from.sums(hour(0)).empty());
    CHECK(number(d.here.path(), "SELECT count(*) FROM recheck_changes") == 0);
}
