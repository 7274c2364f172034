#include "engine/serve/pages/hours.hpp"
#include "engine/serve/rechecks/json_of.hpp"
#include "engine/serve/rechecks/rates.hpp"
#include "storage/rechecks.hpp"
#include "tests/serve/pages_stage.hpp"
#include "tests/support/print.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace {

using namespace checkwatches;
using namespace checkwatches::serve;
using namespace checkwatches::serve::test;
using namespace std::chrono_literals;

// Half past an hour.
utc_time const noon = std::chrono::floor<std::chrono::hours>(utc_now()) + 30min;

storage::recheck_source plum(std::optional<utc_time> read_at)
{
    return {
        .name = "plum",
        .url = "https://review.example.org/",
        .bugs = "https://bugs.example.org/{id}",
        .every = 1h,
        .read_at = read_at,
        .began_at = noon - 14 * 24h};
}

// A database with one source that was read a minute ago.
struct ground {
    checkwatches::test::temporary_folder folder;
    std::unique_ptr<storage::store> store = storage::store::open(folder.file("w.db")).value();
    std::unique_ptr<storage::reader> in = storage::reader::open(folder.file("w.db")).value();
    plain_lore known;
    int said = 0;

    ground() { put(plum(noon - 1min)); }

    void put(storage::recheck_source const& s)
    {
        store->rechecks().configure(s);
        store->rechecks().put_progress(s);
    }
    void say(std::string bug, utc_time when, std::string project = "orchard", std::int64_t change = 7)
    {
        store->rechecks().add(
            {.source = "plum",
             .said =
                 {{.message = std::to_string(++said),
                   .bug = std::move(bug),
                   .at = when,
                   .change = change,
                   .project = std::move(project),
                   .branch = "master"}},
             .changes = {{.number = change, .subject = "Ripen", .is_open = true, .updated = when}}});
    }
    recheck_book book() const { return recheck_book{*in, "", noon}; }
    std::vector<rechecked_bug> bugs() const
    {
        auto const all = book();
        std::vector<rechecked_bug> out;
        for (auto const& one : all.bugs(*in)) {
            out.push_back(all.draw(one, *in));
            out.back().signature = nullptr; // it is the book's
        }
        return out;
    }
};

utc_time hours_ago(int n)
{
    return noon - std::chrono::hours{n};
}

} // namespace

TEST_CASE("rechecks: bugs with the most in the last 24 hours come first, and their projects with the most")
{
    ground g;
    for (int i = 0; i != 5; ++i)
        g.say("1", hours_ago(30 + i));
    g.say("2", hours_ago(0));
    g.say("2", hours_ago(23), "cellar");
    g.say("2", hours_ago(23), "cellar");
    g.say("3", hours_ago(300));
    g.say("", hours_ago(1));
    auto const bugs = g.bugs();
    REQUIRE(bugs.size() == 2);
    CHECK(bugs[0].number == "2");
    CHECK(bugs[0].times == 3);
    CHECK(bugs[0].times_24 == 3);
    CHECK(bugs[0].url == "https://bugs.example.org/2");
    CHECK(bugs[0].lines.at(0).project == "cellar");
    CHECK(bugs[0].lines.at(0).hours[hours_shown - 24] == 2);
    CHECK(bugs[0].lines.at(1).hours[hours_shown - 1] == 1);
    CHECK(bugs[0].lines.at(1).hours[0] == 0);
    CHECK(bugs[1].times == 5);
    CHECK(bugs[1].times_24 == 0);
}

TEST_CASE("rechecks: of many projects the rest is one line, and nothing is lost")
{
    ground g;
    for (int i = 0; i != 15; ++i)
        for (int times = 0; times <= i; ++times)
            g.say("1", hours_ago(1), fmt::format("p{}", i));
    auto const bug = g.bugs().at(0);
    REQUIRE(bug.lines.size() == 10);
    CHECK(bug.lines.front().project == "p14");
    CHECK(bug.lines.back().project == "(others)");
    std::int64_t sum = 0;
    for (auto const& line : bug.lines)
        sum += line.hours[hours_shown - 2].value();
    CHECK(sum == bug.times);
}

TEST_CASE("rechecks: an hour that could not be read is not known; one in which nobody spoke is a zero")
{
    ground g;
    g.say("1", hours_ago(2));
    auto const known = [&](int hours) {
        return g.bugs().at(0).lines.at(0).hours[hours_shown - 1 - static_cast<std::size_t>(hours)];
    };
    CHECK(known(0) == 0);
    CHECK(known(2) == 1);
    g.store->rechecks().add_gap(
        {.source = "plum", .began = hours_ago(6), .ended = hours_ago(4), .why = "slow"});
    CHECK(known(3) == 0);
    CHECK(known(4) == std::nullopt);
    CHECK(known(5) == std::nullopt);
    CHECK(known(6) == std::nullopt);
    CHECK(known(7) == 0);
    // It was read later.
    g.store->rechecks().add_gap(
        {.source = "plum", .began = hours_ago(6), .ended = hours_ago(4), .is_filled = true, .why = "slow"});
    CHECK(known(5) == 0);
    // A gap that goes on.
    g.store->rechecks().begin_gap({.source = "plum", .began = hours_ago(1), .why = "down"});
    CHECK(known(0) == std::nullopt);
    CHECK(known(1) == std::nullopt);
    CHECK(known(2) == 1);
    // Not read yet, and before the first reading.
    g.store->rechecks().end_gap("plum", noon, true);
    auto s = plum(hours_ago(3));
    s.began_at = hours_ago(8);
    g.put(s);
    CHECK(known(0) == std::nullopt);
    CHECK(known(3) == 0);
    CHECK(known(7) == 0);
    CHECK(known(8) == std::nullopt);
}

TEST_CASE("rechecks: how far behind it is")
{
    ground g;
    auto const status = [&](std::optional<utc_time> read_at) {
        g.put(plum(read_at));
        return std::string{g.book().status()};
    };
    CHECK(status(noon - 1min) == "green");
    CHECK(status(hours_ago(2)) == "green");
    CHECK(status(hours_ago(3)) == "yellow");
    CHECK(status(hours_ago(25)) == "red");
    CHECK(status(std::nullopt) == "red");
    CHECK(g.book().read_up_to() == std::nullopt);
    auto const graph = graph_of(g.book(), *g.in, g.known, 9);
    CHECK(graph.at("behind").is_null());
    CHECK(graph.at("last_indexed").is_null());
    g.put(plum(noon - 90s));
    CHECK(graph_of(g.book(), *g.in, g.known, 9).at("behind") == 90'000);
}

TEST_CASE("rechecks: the queue is what has no signature that can be read, and no bug at all")
{
    ground g;
    for (auto const* const bug : {"1", "1", "2", "2", "2", "3", ""})
        g.say(bug, hours_ago(1));
    g.say("4", hours_ago(15 * 24));
    auto s = plum(noon - 1min);
    g.store->rechecks().put_signatures(
        s,
        {{.file = "1.yaml", .bug = "1", .query = "q"},
         {.file = "2.yaml", .bug = "2", .trouble = "no YAML", .line = 1, .column = 2},
         {.file = "9.yaml", .bug = "9", .query = "q", .suppress_graph = true}});
    auto queue = g.book().queue(*g.in, 14);
    REQUIRE(queue.size() == 3);
    CHECK(queue[0].sum.bug == "2");
    CHECK(queue[0].trouble == "no YAML");
    CHECK(queue[1].sum.bug.empty());
    CHECK(queue[1].url.empty());
    CHECK(queue[2].sum.bug == "3");
    fill(queue[0], *g.in);
    CHECK(queue[0].projects.at(0).times == 3);
    CHECK(queue[0].reviews.at(0).change == 7);
    CHECK(review_url(g.book().sources().at(0), 7) == "https://review.example.org/7");
    CHECK(g.book().queue(*g.in, 30).size() == 4);
    for (auto const& bug : g.bugs())
        CHECK(bug.number != "9");
}

TEST_CASE("rechecks: a bug is called as its own record has it, or in elastic-recheck's words where that is "
          "not known")
{
    ground g;
    g.say("1", hours_ago(1));
    auto const shown = [&] {
        auto one = g.bugs().at(0);
        look_up(one, *g.in, g.known);
        return one.name + " | " + one.affects;
    };
    CHECK(shown() == "Unable to get launchpad data | Unable to get launchpad data");
    auto const at = g.store->add_tracker(
        {.kind = "bugzilla", .name = "bugs", .base_url = "https://bugs.example.org/", .created_at = noon});
    storage::settled_bug one;
    one.after.id = g.store->add_bug(at.value().id, "1", noon);
    one.after.checked_at = noon;
    one.after.next_check = noon;
    auto const apply = [&] {
        g.store->in_transaction([&] { g.store->apply({.from = at.value().id, .at = noon, .bugs = {one}}); });
    };
    one.after.last_outcome = outcome::forbidden;
    apply();
    CHECK(shown() == "Unknown (Private Bug) | Unknown (Private Bug)");
    one.after.last_outcome = outcome::timeout;
    apply();
    CHECK(shown() == "Unable to get launchpad data | Unable to get launchpad data");
    one.after.last_outcome = outcome::seen;
    one.after.seen_at = noon;
    one.after.title = "Crash";
    one.after.product = "nova";
    one.after.state = status::confirmed;
    apply();
    CHECK(shown() == "Crash | (nova - Confirmed)");
    // What was known stays, whatever a later check says.
    one.after.last_outcome = outcome::timeout;
    apply();
    CHECK(shown() == "Crash | (nova - Confirmed)");
}

TEST_CASE("rechecks: rates leave out days of which nothing is known")
{
    ground g;
    for (int i = 0; i != 8; ++i)
        g.say(i < 2 ? "1" : "", hours_ago(0));
    g.say("1", hours_ago(24 * 3));
    auto const book = g.book();
    auto const& of = book.sources().at(0);
    auto const days = rates_of(book, *g.in, of, "1", 1, rate_days);
    REQUIRE(days.size() == rate_days);
    CHECK(days.back().failed == 2);
    CHECK(days.back().checks == 8);
    CHECK(days[rate_days - 4].checks == 1);
    CHECK(days[rate_days - 2].checks == 0);
    CHECK(rates_of(book, *g.in, of, "", 1, rate_days).back().failed == 6);
    CHECK(rates_of(book, *g.in, of, "1", 7, rate_weeks).back().checks == 9);
    auto const told = json_of_rates(book, *g.in, of, "1");
    CHECK(told.at("days").as_array().size() == 2);
    CHECK(told.at("days").as_array().back().at("share") == 0.25);
    CHECK(told.at("days").as_array().back().at("low").as_double() < 0.25);

    auto const whole_days = std::chrono::floor<std::chrono::days>(hours_ago(24 * 3));
    g.store->rechecks().add_gap(
        {.source = "plum", .began = whole_days, .ended = whole_days + 24h, .why = "x"});
    CHECK(rates_of(g.book(), *g.in, of, "1", 1, rate_days)[rate_days - 4].checks == 0);
}

TEST_CASE("rechecks: a drawing breaks off where an hour is not known")
{
    std::vector<std::optional<std::int64_t>> const hours{0, 0, 2, std::nullopt, std::nullopt, 1};
    auto const drawn = view::drawing_of(hours);
    CHECK(drawn.at("path") == "M0 23H2V1H3M5 12H6");
    REQUIRE(drawn.at("gaps").as_array().size() == 1);
    CHECK(drawn.at("gaps").at(0).at("x") == 3);
    CHECK(drawn.at("gaps").at(0).at("width") == 2);
    CHECK(drawn.at("says") == "3 rechecks in 6 hours, 2 an hour at most; 2 hours are not known");
}
