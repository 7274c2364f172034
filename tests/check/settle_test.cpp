#include "engine/check/settle.hpp"
#include "tests/check/to_settle.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace {

using namespace checkwatches;
using namespace checkwatches::check;
using storage::bug_state;
using test::to_settle;

constexpr utc_time now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};
schedule_policy const policy;

// "status New->Confirmed (NEW->OPEN); …": the changes of a settled bug as one text.
std::string text_of(storage::settled_bug const& settled)
{
    std::string out;
    for (auto const& c : settled.changes) {
        if (!out.empty())
            out += "; ";
        out += fmt::format(
            "{} {}->{} ({}->{})",
            c.field,
            c.before.value_or("-"),
            c.after.value_or("-"),
            c.remote_before.value_or("-"),
            c.remote_after.value_or("-"));
    }
    return out;
}

sighting seen_as(std::string status_word, std::string severity)
{
    return {.words = {.status = std::move(status_word), .severity = std::move(severity)}, .title = "A title"};
}

// A bug that was seen as CONFIRMED major a day ago.
bug_state known_bug()
{
    bug_state bug{.id = storage::make_bug_id(storage::tracker_id{1}, 1), .remote_id = "1"};
    return settle_seen(
               bug,
               seen_as("CONFIRMED", "major"),
               {.state = status::confirmed, .weight = importance::high},
               policy,
               now - std::chrono::days{1})
        .after;
}

// Knows what the tests say; never asked over a network.
class fake_kind final : public adapters::adapter {
public:
    std::string_view kind() const noexcept override { return "fake"; }
    adapters::kind_features features() const noexcept override { return {}; }
    std::optional<adapters::bug_ref> recognise(web_url const&) const override { return std::nullopt; }
    std::optional<std::string> normalise(std::string_view id) const override { return std::string{id}; }
    web_url bug_url(web_url const& base, std::string_view) const override { return base; }
    awaitable<result<capabilities>> probe(adapters::remote&) const override { co_return capabilities{}; }
    awaitable<adapters::findings>
    look(adapters::remote&, capabilities const&, std::span<std::string const>) const override
    {
        co_return adapters::findings{};
    }
    verdict interpret(raw_words const& words) const override
    {
        if (words.status == "OPEN")
            return {.state = status::new_, .weight = importance::low};
        return {.unmapped = {{.field = "status", .word = words.status}}};
    }
};

fake_kind const kind;
interpreter const plain{kind, nullptr};

} // namespace

TEST_CASE("the first sighting is a change from nothing")
{
    bug_state const unseen{.id = storage::bug_id{5}, .remote_id = "1"};
    auto seen = seen_as("NEW", "minor");
    seen.modified = now - std::chrono::days{400};
    auto const settled = settle_seen(
        unseen, seen, {.state = status::new_, .weight = importance::low}, policy, now);
    CHECK(text_of(settled) == "status -->New (-->NEW); importance -->Low (-->minor)");
    CHECK(settled.after.last_outcome == outcome::seen);
    CHECK(settled.after.seen_at == now);
    CHECK(settled.after.checked_at == now);
    // A bug that rested for months when it was first seen is not a young bug.
    CHECK(settled.after.changed_at == now - std::chrono::days{400});
    CHECK(settled.after.next_check > now + std::chrono::days{3});
}

TEST_CASE("a tracker's clock that runs ahead does not put a change into the future")
{
    bug_state const unseen{.id = storage::bug_id{5}};
    auto seen = seen_as("NEW", "");
    seen.modified = now + std::chrono::days{1};
    CHECK(settle_seen(unseen, seen, {.state = status::new_}, policy, now).after.changed_at == now);
}

TEST_CASE("an unchanged bug changes nothing but its times")
{
    auto const before = known_bug();
    auto const settled = settle_seen(
        before,
        seen_as("CONFIRMED", "major"),
        {.state = status::confirmed, .weight = importance::high},
        policy,
        now);
    CHECK(settled.changes.empty());
    CHECK_FALSE(settled.facts_changed);
    CHECK(settled.after.changed_at == before.changed_at);
    CHECK(settled.after.seen_at == now);
    CHECK(settled.after.run_checks == before.run_checks + 1);
    CHECK(settled.run_goes_on);
    CHECK_FALSE(settled.ended);
}

TEST_CASE("what is no change in the log is still a changed fact of the row")
{
    auto const before = known_bug();
    auto const again = [&](auto&& alter) {
        auto seen = seen_as("CONFIRMED", "major");
        alter(seen);
        auto const settled = settle_seen(
            before, seen, {.state = status::confirmed, .weight = importance::high}, policy, now);
        CHECK(settled.changes.empty());
        return settled.facts_changed;
    };
    CHECK_FALSE(again([](sighting&) {}));
    CHECK(again([](sighting& seen) { seen.title = "Another title"; }));
    CHECK(again([](sighting& seen) { seen.modified = now; }));
    CHECK(again([](sighting& seen) { seen.replaced = 1; }));
    CHECK(again([](sighting& seen) { seen.words.labels = {"regression"}; }));
}

TEST_CASE("status and importance change each on its own")
{
    auto const settled = settle_seen(
        known_bug(),
        seen_as("RESOLVED", "major"),
        {.state = status::invalid, .weight = importance::high},
        policy,
        now);
    CHECK(text_of(settled) == "status Confirmed->Invalid (CONFIRMED->RESOLVED)");
    CHECK(settled.after.changed_at == now);
}

TEST_CASE("new words of the same meaning are a change of words")
{
    auto const settled = settle_seen(
        known_bug(),
        seen_as("REOPENED", "major"),
        {.state = status::confirmed, .weight = importance::high},
        policy,
        now);
    CHECK(text_of(settled) == "remote_status CONFIRMED->REOPENED (CONFIRMED->REOPENED)");
}

TEST_CASE("an unknown word leaves the last good verdict and is listed")
{
    verdict const puzzled{
        .weight = importance::high, .unmapped = {{.field = "status", .word = "FROBNICATED"}}};
    auto const settled = settle_seen(known_bug(), seen_as("FROBNICATED", "major"), puzzled, policy, now);
    CHECK(settled.after.state == status::confirmed);
    CHECK(text_of(settled) == "remote_status CONFIRMED->FROBNICATED (CONFIRMED->FROBNICATED)");
    REQUIRE(settled.unmapped.size() == 1);
    CHECK(settled.unmapped.front().word == "FROBNICATED");
    CHECK(settled.after.last_outcome == outcome::seen);
}

TEST_CASE("becoming a duplicate is a change")
{
    auto seen = seen_as("CONFIRMED", "major");
    seen.duplicate_of = "77";
    auto const settled = settle_seen(
        known_bug(), seen, {.state = status::confirmed, .weight = importance::high}, policy, now);
    CHECK(text_of(settled) == "duplicate_of -->77 (-->-)");
}

TEST_CASE("no failure changes a status")
{
    for (auto const how : all_outcomes) {
        if (is_success(how))
            continue;
        CAPTURE(word(how));
        auto const before = known_bug();
        auto const settled = settle_failed(before, how, "why", std::nullopt, policy, now);
        CHECK(settled.changes.empty());
        CHECK(settled.after.state == status::confirmed);
        CHECK(settled.after.weight == importance::high);
        CHECK(settled.after.words == before.words);
        CHECK(settled.after.seen_at == before.seen_at);
        CHECK(settled.after.changed_at == before.changed_at);
        CHECK(settled.after.last_outcome == how);
        CHECK(settled.after.error == "why");
        CHECK(settled.after.checked_at == now);
        CHECK(settled.after.failures == 1);
        CHECK(settled.after.next_check > now);
    }
}

TEST_CASE("a success ends a row of failures")
{
    auto bug = known_bug();
    for (int i = 1; i <= 3; ++i) {
        bug = settle_failed(bug, outcome::not_found, "gone?", std::nullopt, policy, now).after;
        CHECK(bug.failures == i);
    }
    auto const settled = settle_seen(
        bug,
        seen_as("CONFIRMED", "major"),
        {.state = status::confirmed, .weight = importance::high},
        policy,
        now);
    CHECK(settled.after.failures == 0);
    CHECK(settled.after.error.empty());
    CHECK(settled.changes.empty());
}

TEST_CASE("checks that end alike are one run of a bug's history")
{
    auto bug = known_bug(); // one check, a day ago
    auto const began = bug.checked_at;
    for (int hour = 1; hour <= 3; ++hour)
        bug = settle_seen(
                  bug,
                  seen_as("CONFIRMED", "major"),
                  {.state = status::confirmed, .weight = importance::high},
                  policy,
                  *began + std::chrono::hours{hour})
                  .after;
    CHECK(bug.run_checks == 4);
    CHECK(bug.run_began == began);

    auto const failed = settle_failed(bug, outcome::timeout, "slow", std::nullopt, policy, now);
    REQUIRE(failed.ended);
    CHECK_FALSE(failed.run_goes_on);
    CHECK(failed.ended->first == began);
    CHECK(failed.ended->last == *began + std::chrono::hours{3});
    CHECK(failed.ended->how == outcome::seen);
    CHECK(failed.ended->times == 4);
    CHECK(failed.after.run_checks == 1);
    CHECK(failed.after.run_began == now);
    CHECK(failed.after.runs_ended == 1);

    // Another reason is another run.
    CHECK_FALSE(settle_failed(failed.after, outcome::timeout, "slow", std::nullopt, policy, now).ended);
    auto const other = settle_failed(failed.after, outcome::timeout, "cut", std::nullopt, policy, now);
    REQUIRE(other.ended);
    CHECK(other.ended->detail == "slow");
}

TEST_CASE("every id that was asked gets exactly one outcome")
{
    std::vector<bug_state> asked;
    for (int i = 1; i <= 5; ++i)
        asked.push_back({.id = storage::bug_id{i}, .remote_id = std::to_string(i)});
    adapters::findings found;
    found.found.push_back({.remote_id = "2", .what = sighting{.words = {.status = "OPEN"}}});
    found.found.push_back(
        {.remote_id = "4", .what = adapters::absence{.why = outcome::forbidden, .detail = "no"}});
    found.found.push_back({.remote_id = "9", .what = sighting{}}); // never asked

    auto const outcomes = [&] {
        std::string out;
        for (auto const& bug : settle(to_settle(asked), found, plain, policy, now))
            out += fmt::format("{}:{} ", bug.after.remote_id, word(*bug.after.last_outcome));
        return out;
    };
    CHECK(outcomes() == "1:not_answered 2:seen 3:not_answered 4:forbidden 5:not_answered ");

    found.trouble = error{.kind = error_kind::timeout, .message = "no data for 30 s"};
    CHECK(outcomes() == "1:timeout 2:seen 3:timeout 4:forbidden 5:timeout ");

    // What our own budget put off was not asked: such bugs stay as they are, and due.
    found.trouble = error{.kind = error_kind::deferred};
    CHECK(outcomes() == "2:seen 4:forbidden ");
}

TEST_CASE("the tracker's trouble is told with each bug it cost, and its wait is kept")
{
    std::vector<bug_state> asked{{.id = storage::bug_id{1}, .remote_id = "1"}};
    adapters::findings const found{
        .trouble = error{
            .kind = error_kind::maintenance,
            .message = "answered 503",
            .request = "GET https://bugs.example.org/",
            .retry_after = std::chrono::seconds{900}}};
    auto const settled = settle(to_settle(asked), found, plain, policy, now);
    REQUIRE(settled.size() == 1);
    CHECK(settled.front().after.error == "maintenance: answered 503 (GET https://bugs.example.org/)");
    CHECK(settled.front().after.next_check == now + std::chrono::seconds{900});
}

TEST_CASE("the configuration's word for a word wins over the adapter's, the whole text over a part")
{
    word_map const says{
        .states =
            {{"closed frobnicated", status::opinion},
             {"closed", status::wont_fix},
             {"easy", status::triaged}},
        .weights = {{"p1", importance::critical}, {"crash", importance::high}}};
    interpreter const words{kind, &says};
    CHECK(words.of({.status = "Closed", .resolution = "FROBNICATED"}).state == status::opinion);
    CHECK(words.of({.status = "CLOSED", .resolution = "x"}).state == status::wont_fix);
    CHECK(words.of({.status = "ODD", .labels = {"other", "Easy"}}).state == status::triaged);
    CHECK(words.of({.status = "CLOSED"}).unmapped.empty());
    CHECK(words.of({.status = "OPEN", .priority = "P1", .severity = "crash"}).weight == importance::critical);
    CHECK(words.of({.status = "OPEN", .severity = "crash"}).weight == importance::high);
    CHECK(words.of({.status = "OPEN"}).weight == importance::low);
    CHECK(words.of({.status = "ODD"}).unmapped.size() == 1);
}

TEST_CASE("what the stored words mean by now is a change with its reason, however the check ends")
{
    word_map const says{.states = {{"open", status::triaged}}};
    interpreter const words{kind, &says};
    bug_state const row{
        .id = storage::bug_id{5},
        .remote_id = "1",
        .state = status::new_,
        .weight = importance::low,
        .words = {.status = "OPEN"},
        .seen_at = now - std::chrono::hours{9},
        .changed_at = now - std::chrono::days{9}};
    auto const ends = [&](std::variant<sighting, adapters::absence> how) {
        return settle(
                   to_settle({row}),
                   {.found = {{.remote_id = "1", .what = std::move(how)}}},
                   words,
                   policy,
                   now)
            .at(0);
    };
    for (auto const& one :
         {ends(adapters::absence{.why = outcome::unmodified}),
          ends(adapters::absence{.why = outcome::forbidden}),
          ends(sighting{.words = {.status = "OPEN"}})}) {
        REQUIRE(one.changes.size() == 1);
        CHECK(one.changes[0].before == "New");
        CHECK(one.changes[0].after == "Triaged");
        CHECK(one.changes[0].reason == "mapping");
        CHECK(one.after.state == status::triaged);
        CHECK(one.after.changed_at == now);
        CHECK(one.facts_changed);
    }
    // The tracker's own doing, be it by a label that nobody shows.
    for (auto const& its_own :
         {raw_words{.status = "OPEN", .resolution = "anew"}, raw_words{.status = "OPEN", .labels = {"easy"}}})
        CHECK(ends(sighting{.words = its_own}).changes.at(0).reason.empty());
}

TEST_CASE("a bug that is understood anew is asked next as its new status wants it")
{
    word_map const says{.states = {{"open", status::fix_released}}};
    bug_state const row{
        .id = storage::bug_id{5},
        .remote_id = "1",
        .state = status::new_,
        .weight = importance::low,
        .words = {.status = "OPEN"},
        .seen_at = now - std::chrono::hours{9},
        .changed_at = now - std::chrono::days{45}};
    adapters::absence const same{.why = outcome::unmodified};
    auto const after =
        settle(to_settle({row}), {.found = {{.remote_id = "1", .what = same}}}, {kind, &says}, policy, now)
            .at(0)
            .after;
    CHECK(after.state == status::fix_released);
    CHECK(after.next_check == settle_unmodified(after, policy, now).after.next_check);
    // Resolved just now, it is asked sooner than as the quiet bug that it was.
    CHECK(after.next_check < settle_unmodified(row, policy, now).after.next_check);
}
