#include "tests/storage/samples.hpp"
#include "tests/support/print.hpp"

#include <fmt/format.h>

#include <memory>
#include <stdexcept>

using namespace checkwatches;
using namespace checkwatches::storage;
using namespace checkwatches::storage::test;

namespace {

// The only bug there is.
std::string only_bug(reader const& r)
{
    std::string text;
    r.each_bug({}, [&](shown_bug const& b) { text += text_of(b.bug); });
    return text;
}

bug_state with_everything(bug_id id)
{
    return bug_state{
        .id = id,
        .remote_id = "1",
        .state = status::wont_fix,
        .weight = importance::wishlist,
        .words =
            {.status = "RESOLVED",
             .resolution = "WONTFIX",
             .priority = "P5",
             .severity = "enhancement",
             .type = "defect",
             .labels =
                 {"needs \"info\"", "back\\slash", "größe, 大", "tab\tline\nbell\a", "", "\xF0\x9F\x90\x9B"}},
        .title = "Süß: <b>'; DROP TABLE bugs; --",
        .duplicate_of = "https://bugs.example.org/show_bug.cgi?id=2",
        .modified_at = at(-86'400'001),
        .replaced = 3,
        .last_outcome = outcome::timeout,
        .error = "the server sent nothing for 10 s",
        .checked_at = at(1),
        .seen_at = at(-2),
        .changed_at = at(-3),
        .next_check = at(4),
        .failures = 5,
        .server_time = at(-6),
        .read_at = at(-7),
        .run_began = at(-5),
        .run_checks = 6,
        .runs_ended = 7};
}

// A bug of which everything was stored.
struct full_bug {
    full_bug() { apply(*s, report_of({settled_bug{.after = full}}, at(1))); }

    scratch here;
    std::unique_ptr<store> s = open_store(here.path());
    bug_id id = add_bugs(*s, "bugs.example.org", 1).front();
    std::unique_ptr<reader> r = open_reader(here.path());
    bug_state full = with_everything(id);
};

std::int64_t rows_in(std::string const& path, char const* table)
{
    return number(path, fmt::format("SELECT count(*) FROM {}", table).c_str());
}

} // namespace

TEST_CASE("apply: every field of a bug comes back")
{
    scratch here;
    auto const s = open_store(here.path());
    auto const id = add_bugs(*s, "bugs.example.org", 1).front();
    auto const r = open_reader(here.path());

    settled_bug full{.after = with_everything(id)};
    apply(*s, report_of({full}, at(1)));
    CHECK(only_bug(*r) == text_of(full.after));
    CHECK(text_of(r->due(tracker_of(id), std::nullopt).front()) == text_of(full.after));

    SECTION("nothing and empty texts, too")
    {
        settled_bug empty{.after = {.id = id, .remote_id = "1"}};
        apply(*s, report_of({empty}, at(1)));
        CHECK(only_bug(*r) == text_of(empty.after));
    }
    SECTION("a success after failures clears them")
    {
        auto good = seen(id, at(9));
        good.after.remote_id = full.after.remote_id;
        apply(*s, report_of({good}, at(9)));
        CHECK(only_bug(*r) == text_of(good.after));
        CHECK(number(here.path(), "SELECT failures = 0 AND error = '' FROM bug_checks") == 1);
    }
    SECTION("a NUL inside a label cuts nothing off")
    {
        full.after.words.labels = {std::string{"a\0b", 3}, "c"};
        apply(*s, report_of({full}, at(1)));
        auto const labels = r->due(tracker_of(id), std::nullopt).front().words.labels;
        CHECK(
            labels
            == std::vector<std::string>{
                "a\xEF\xBF\xBD"
                "b",
                "c"});
    }
}

TEST_CASE("apply: where no fact changed, the check's own columns are written and nothing else")
{
    full_bug const f;
    auto again = seen(f.id, at(9)); // other words, another title: not to be believed
    again.after.failures = 2;
    again.after.run_began = at(8);
    again.after.run_checks = 2;
    again.after.runs_ended = 8;
    again.after.server_time = at(10);
    again.after.read_at = at(11);
    again.ended = check_run{
        .first = at(-5), .last = at(1), .how = outcome::timeout, .detail = "slow", .times = 6};
    again.after.error = "why";
    again.facts_changed = false;
    apply(*f.s, report_of({again}, at(9)));

    auto expected = f.full;
    expected.last_outcome = again.after.last_outcome;
    expected.error = again.after.error;
    expected.checked_at = again.after.checked_at;
    expected.seen_at = again.after.seen_at;
    expected.next_check = again.after.next_check;
    expected.failures = 2;
    expected.run_began = again.after.run_began;
    expected.run_checks = 2;
    expected.runs_ended = 8;
    expected.server_time = at(10);
    expected.read_at = at(11);
    CHECK(only_bug(*f.r) == text_of(expected));

    auto const history = f.r->runs(f.id);
    REQUIRE(history.size() == 2);
    CHECK(history[0].first == at(8));
    CHECK(history[0].last == at(9));
    CHECK(history[0].how == outcome::seen);
    CHECK(history[0].detail == "why");
    CHECK(history[0].times == 2);
    CHECK(history[1].first == at(-5));
    CHECK(history[1].last == at(1));
    CHECK(history[1].how == outcome::timeout);
    CHECK(history[1].detail == "slow");
    CHECK(history[1].times == 6);
}

TEST_CASE("apply: a check that goes on with its run leaves what the run began with")
{
    full_bug const f;
    auto again = seen(f.id, at(9));
    again.after.failures = 3;
    again.after.run_began = at(8); // not to be believed, as the outcome and the number of runs
    again.after.run_checks = 7;
    again.after.runs_ended = 9;
    again.after.server_time = at(10);
    again.after.read_at = at(11);
    again.facts_changed = false;
    again.run_goes_on = true;
    apply(*f.s, report_of({again}, at(9)));

    auto expected = f.full;
    expected.checked_at = again.after.checked_at;
    expected.seen_at = again.after.seen_at;
    expected.next_check = again.after.next_check;
    expected.failures = 3;
    expected.run_checks = 7;
    expected.server_time = at(10);
    expected.read_at = at(11);
    CHECK(only_bug(*f.r) == text_of(expected));
    again.after.id = make_bug_id(tracker_of(f.id), 99);
    CHECK_THROWS_AS(apply(*f.s, report_of({again}, at(9))), database_error);
}

TEST_CASE("apply: every status, importance and outcome is kept by its word")
{
    scratch here;
    auto const s = open_store(here.path());
    auto const id = add_bugs(*s, "bugs.example.org", 1).front();
    auto const r = open_reader(here.path());
    auto settled = seen(id, at(0));
    auto const kept = [&] {
        apply(*s, report_of({settled}, at(0)));
        return r->due(tracker_of(id), std::nullopt).front();
    };
    for (auto const each : all_statuses) {
        settled.after.state = each;
        CHECK(kept().state == each);
    }
    for (auto const each : all_importances) {
        settled.after.weight = each;
        CHECK(kept().weight == each);
    }
    for (auto const each : all_outcomes) {
        settled.after.last_outcome = each;
        CHECK(kept().last_outcome == each);
    }
}

TEST_CASE("apply: changes get ids from 1 and come back whole, with an event each")
{
    scratch here;
    auto const s = open_store(here.path());
    auto const ids = add_bugs(*s, "bugs.example.org", 2);
    auto first = seen(ids[0], at(1));
    first.changes.push_back(change{
        .at = at(1), .field = "status", .after = "Confirmed", .remote_before = "", .remote_after = "NEW"});
    first.changes.push_back(status_change(at(2), "New", "Confirmed"));
    auto second = seen(ids[1], at(1));
    second.changes.push_back(change{.at = at(3), .field = "duplicate_of", .before = "7"});

    auto const recorded = apply(*s, report_of({first, second}, at(1)));
    REQUIRE(recorded.size() == 3);
    auto const r = open_reader(here.path());
    auto const kept = r->changes(0, 10);
    REQUIRE(kept.size() == 3);
    for (std::size_t i = 0; i != 3; ++i) {
        CHECK(text_of(kept[i].what) == text_of(recorded[i]));
        CHECK(kept[i].what.id == static_cast<std::int64_t>(i) + 1);
    }
    CHECK(recorded[2].bug == ids[1]);
    CHECK(kept[0].what.before == std::nullopt);
    CHECK(kept[0].what.remote_before == "");
    CHECK(kept[2].tracker == "bugs.example.org");
    CHECK(kept[2].kind == "bugzilla");
    CHECK(kept[2].base_url == "https://bugs.example.org/");
    CHECK(kept[2].remote_id == "2");
}

TEST_CASE("apply: ids have no gap after rollbacks and across stores")
{
    scratch here;
    auto s = open_store(here.path());
    auto const id = add_bugs(*s, "bugs.example.org", 1).front();
    std::int64_t expected = 0;
    for (int round = 0; round != 4; ++round) {
        CHECK(apply(*s, report_with_change(id, "kept")).front().id == ++expected);
        CHECK_THROWS(s->in_transaction([&] {
            s->apply(report_with_change(id, "lost"));
            s->apply(report_with_change(id, "lost, too"));
            throw std::runtime_error{"no"};
        }));
        if (round % 2 == 0) {
            s.reset();
            s = open_store(here.path());
        }
    }
    auto other = open_store(here.path()); // two processes take turns
    CHECK(apply(*other, report_with_change(id, "kept")).front().id == 5);
    CHECK(apply(*s, report_with_change(id, "kept")).front().id == 6);
    auto const r = open_reader(here.path());
    CHECK(r->last_change() == 6);
    for (auto const& c : r->changes(0, 100))
        CHECK(c.what.after == "kept");
    CHECK(rows_in(here.path(), "changes") == 6);
}

TEST_CASE("apply: the last sixteen ended runs of a bug stay, newest first")
{
    scratch here;
    auto const s = open_store(here.path());
    auto const ids = add_bugs(*s, "bugs.example.org", 2);
    for (int i = 1; i <= 40; ++i) {
        auto settled = seen(ids[0], at(i));
        settled.after.runs_ended = i;
        settled.after.run_began = at(i);
        settled.after.run_checks = 1;
        settled.ended = check_run{
            .first = at(i - 1),
            .last = at(i),
            .how = outcome::timeout,
            .detail = fmt::format("run {}", i),
            .times = i};
        apply(*s, report_of({settled, seen(ids[1], at(i))}, at(i)));
    }

    auto const r = open_reader(here.path());
    auto const kept = r->runs(ids[0]);
    REQUIRE(kept.size() == 17);
    CHECK(kept.front().how == outcome::seen); // it goes on
    for (int i = 0; i != 16; ++i) {
        auto const& run = kept[static_cast<std::size_t>(i) + 1];
        CHECK(run.detail == fmt::format("run {}", 40 - i));
        CHECK(run.times == 40 - i);
    }
    CHECK(r->runs(ids[1]).size() == 1);
    CHECK(rows_in(here.path(), "check_runs") == 16);
}

TEST_CASE("apply: a bug that was not asked gets no check")
{
    scratch here;
    auto const s = open_store(here.path());
    auto const id = add_bugs(*s, "bugs.example.org", 1).front();
    settled_bug unasked{.after = {.id = id, .next_check = at(77)}};
    apply(*s, report_of({unasked}, at(0)));
    auto const r = open_reader(here.path());
    CHECK(r->runs(id).empty());
    CHECK(r->due(tracker_of(id), std::nullopt).front().next_check == at(77));
}

TEST_CASE("apply: an unchanged bug leaves no change and no event")
{
    scratch here;
    auto const s = open_store(here.path());
    auto const id = add_bugs(*s, "bugs.example.org", 1).front();
    for (int i = 0; i != 3; ++i)
        CHECK(apply(*s, report_of({seen(id, at(i))}, at(i))).empty());
    CHECK(rows_in(here.path(), "changes") == 0);
    CHECK(open_reader(here.path())->last_change() == 0);
}

TEST_CASE("apply: unknown words are counted by tracker, field and word")
{
    scratch here;
    auto const s = open_store(here.path());
    auto const a = add_bugs(*s, "a.example.org", 2);
    auto const b = add_bugs(*s, "b.example.org", 1);
    auto const with = [](bug_id id, std::vector<unmapped_word> words, std::int64_t when) {
        auto settled = seen(id, at(when));
        settled.unmapped = std::move(words);
        return settled;
    };
    apply(
        *s,
        report_of(
            {with(a[0], {{"status", "ODD"}, {"importance", "ODD"}}, 10), with(a[1], {{"status", "ODD"}}, 10)},
            at(10)));
    apply(*s, report_of({with(a[0], {{"status", "ODD"}}, 20)}, at(20)));
    apply(*s, report_of({with(b[0], {{"status", "ODD"}}, 15)}, at(15)));

    auto const found = open_reader(here.path())->unmapped();
    REQUIRE(found.size() == 3);
    CHECK(found[0].tracker == "a.example.org");
    CHECK(found[0].what == unmapped_word{"status", "ODD"});
    CHECK(found[0].times == 3);
    CHECK(found[0].first_seen == at(10));
    CHECK(found[0].last_seen == at(20));
    CHECK(found[1].what == unmapped_word{"importance", "ODD"});
    CHECK(found[1].times == 1);
    CHECK(found[2].tracker == "b.example.org");
    CHECK(found[2].times == 1);
}

TEST_CASE("apply: a failure in the middle leaves nothing of the report")
{
    scratch here;
    auto const s = open_store(here.path());
    auto const ids = add_bugs(*s, "bugs.example.org", 2);
    auto const r = open_reader(here.path());
    auto const before = text_of(r->due(tracker_of(ids[0]), std::nullopt).front());

    auto bad = report_of({seen(ids[0], at(1)), seen(ids[1], at(1))}, at(1));
    for (auto& settled : bad.bugs) {
        settled.changes.push_back(status_change(at(1), "New", "Confirmed"));
        settled.unmapped.push_back({"status", "ODD"});
    }

    SECTION("a second change cannot be written")
    {
        execute(
            here.path(),
            "CREATE TRIGGER provoked BEFORE INSERT ON changes WHEN (SELECT count(*) FROM changes) = 1 "
            "BEGIN SELECT RAISE(ABORT, 'provoked'); END");
        CHECK_THROWS_AS(apply(*s, bad), database_error);
        execute(here.path(), "DROP TRIGGER provoked");
    }
    SECTION("a bug is not there")
    {
        auto worse = bad;
        worse.bugs[1].after.id = make_bug_id(tracker_id{1}, 99);
        CHECK_THROWS_AS(apply(*s, worse), database_error);
    }
    CHECK(text_of(r->due(tracker_of(ids[0]), std::nullopt).front()) == before);
    for (auto const* const table : {"changes", "check_runs", "unmapped_words"})
        CHECK(rows_in(here.path(), table) == 0);

    auto const recorded = apply(*s, bad); // and then it is as if nothing had been
    REQUIRE(recorded.size() == 2);
    CHECK(recorded.back().id == 2);
}

TEST_CASE("apply: asks for a transaction")
{
    scratch here;
    auto const s = open_store(here.path());
    auto const id = add_bugs(*s, "bugs.example.org", 1).front();
    CHECK_THROWS_AS(s->apply(report_with_change(id, "x")), std::logic_error);
    CHECK(rows_in(here.path(), "changes") == 0);
}
