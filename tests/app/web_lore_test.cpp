#include "engine/app/web_lore.hpp"
#include "storage/store.hpp"
#include "tests/support/print.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using namespace checkwatches::app;
using namespace std::chrono_literals;

namespace {

std::string const base = "https://bugs.example.org/";

// A Bugzilla with bugs 1 to 4: 1 is a duplicate of 2, 2 of an address that is not watched; 4 was never seen.
struct known {
    test::temporary_folder folder;
    adapters::registry kinds;
    config conf;
    utc_time now = utc_now();
    std::unique_ptr<storage::store> store = storage::store::open(folder.file("w.db")).value();
    std::vector<storage::bug_id> bugs;
    std::unique_ptr<storage::reader> in;

    known()
    {
        auto const tracker = store->add_tracker(
            {.kind = "bugzilla", .name = "bz", .base_url = base, .created_at = now});
        for (auto const* const id : {"1", "2", "3", "4"})
            bugs.push_back(store->add_bug(tracker->id, id, now));
        in = storage::reader::open(folder.file("w.db")).value();
        settle(0, "2");
        settle(1, "https://elsewhere.example.org/show_bug.cgi?id=9");
        settle(2, "");
    }

    void settle(std::size_t which, std::string duplicate_of)
    {
        auto row = in->bugs({bugs[which]}).front();
        row.state = status::confirmed;
        row.weight = importance::medium;
        row.words = {.status = "CONFIRMED", .priority = "P3"};
        row.duplicate_of = std::move(duplicate_of);
        row.last_outcome = outcome::seen;
        row.checked_at = row.seen_at = row.changed_at = now;
        row.next_check = now + 24h;
        store->in_transaction([&] {
            store->apply({.from = storage::tracker_of(row.id), .at = now, .bugs = {{.after = row}}});
        });
    }

    storage::shown_bug shown(std::size_t which) const
    {
        storage::shown_bug out;
        in->each_bug({.bugs = {bugs[which]}}, [&](storage::shown_bug const& one) { out = one; });
        return out;
    }
};

} // namespace

TEST_CASE("lore: addresses of bugs are the web's or none")
{
    known k;
    auto const lore = make_lore(k.kinds, k.conf);
    CHECK(lore->url_of("bugzilla", base, "7") == "https://bugs.example.org/show_bug.cgi?id=7");
    CHECK(lore->url_of("email", "mailto:", "a@example.org").empty());
    CHECK(lore->url_of("no such kind", base, "7").empty());
    CHECK(lore->url_of("no such kind", "javascript:alert(1)", "7").empty());
}

TEST_CASE("lore: a bug is found by its address")
{
    known k;
    auto const lore = make_lore(k.kinds, k.conf);
    CHECK(lore->find(*k.in, "http://bugs.example.org/show_bug.cgi?id=03").value() == k.bugs[2]);
    CHECK_FALSE(lore->find(*k.in, base + "show_bug.cgi?id=99").value());
    for (auto const* const none : {"no address", "https://example.org/"})
        CHECK(lore->find(*k.in, none).error().kind == error_kind::usage);
}

TEST_CASE("lore: why a bug is asked when it is, and whether that is late")
{
    known k;
    auto const lore = make_lore(k.kinds, k.conf);
    CHECK(lore->why(*k.in, k.shown(3), k.now) == "never checked: due at once");
    CHECK(lore->why(*k.in, k.shown(2), k.now).find("changed less than") == 0);
    CHECK(lore->explain(*k.in, k.shown(2), k.now).size() > 1);
    auto const row = k.shown(2).bug;
    CHECK_FALSE(lore->is_late(row, k.now + 1h));
    CHECK(lore->is_late(row, k.now + 24h * 30));
}

TEST_CASE("lore: the way from a duplicate to its master, known or not")
{
    known k;
    auto const lore = make_lore(k.kinds, k.conf);
    CHECK(lore->chain_of(*k.in, k.shown(2)).empty());
    auto const chain = lore->chain_of(*k.in, k.shown(0));
    REQUIRE(chain.size() == 2);
    CHECK(chain[0].bug == k.bugs[1]);
    CHECK(chain[0].remote_id == "2");
    CHECK(chain[0].url == "https://bugs.example.org/show_bug.cgi?id=2");
    CHECK_FALSE(chain[1].bug);
    CHECK(chain[1].url == "https://elsewhere.example.org/show_bug.cgi?id=9");
    CHECK(chain[1].remote_id == "https://elsewhere.example.org/show_bug.cgi?id=9");

    k.settle(0, "javascript:alert(1)");
    auto const evil = lore->chain_of(*k.in, k.shown(0));
    REQUIRE(evil.size() == 1);
    CHECK(evil[0].url.empty());
    CHECK(evil[0].remote_id == "javascript:alert(1)");
}

TEST_CASE("lore: what a meaning would change is counted before it is given")
{
    known k;
    auto const lore = make_lore(k.kinds, k.conf);
    auto const seen = lore->preview_meaning(*k.in, "bz", "status", "Confirmed", "Triaged");
    CHECK(seen.bugs == 4);
    CHECK(seen.changes == 3);
    REQUIRE(seen.first.size() == 3);
    auto const& first = seen.first.front();
    CHECK(first.bug.bug.id == k.bugs[0]);
    CHECK(first.bug.bug.state == status::confirmed); // as it is
    REQUIRE(first.by.size() == 1);
    CHECK(first.by.front().field == "status");
    CHECK(first.by.front().before == "Confirmed");
    CHECK(first.by.front().after == "Triaged");

    CHECK(lore->preview_meaning(*k.in, "bz", "status", "confirmed", "Confirmed").changes == 0);
    CHECK(lore->preview_meaning(*k.in, "bz", "importance", "p3", "High").changes == 3);
    CHECK(lore->preview_meaning(*k.in, "bz", "status", "confirmed", "Fixd").bugs == 0);
    CHECK(lore->preview_meaning(*k.in, "nobody", "status", "confirmed", "Triaged").bugs == 0);

    // Whatever else is stored of other words counts, too.
    auto const tracker = storage::tracker_of(k.bugs[0]);
    k.store->put_meaning(
        {.from = tracker,
         .field = "status",
         .key = "confirmed",
         .means = "Triaged",
         .actor = "a",
         .at = k.now});
    CHECK(lore->preview_meaning(*k.in, "bz", "status", "confirmed", "Confirmed").changes == 0);
    CHECK(lore->preview_meaning(*k.in, "bz", "status", "confirmed", "").changes == 0);
    CHECK(lore->preview_meaning(*k.in, "bz", "importance", "p3", "High").changes == 3);
}

TEST_CASE("lore: a duplicate's master judges it where the configuration says so")
{
    known k;
    CHECK_FALSE(make_lore(k.kinds, k.conf)->judge_of(*k.in, k.shown(0)));
    k.conf.duplicates = intake::duplicate_policy::master;
    auto const lore = make_lore(k.kinds, k.conf);
    CHECK_FALSE(lore->judge_of(*k.in, k.shown(0))); // the end of its chain is not watched
    k.settle(1, "");
    auto const judge = lore->judge_of(*k.in, k.shown(0));
    REQUIRE(judge);
    CHECK(judge->bug.id == k.bugs[1]);
    CHECK_FALSE(lore->judge_of(*k.in, k.shown(2)));
}

TEST_CASE("lore: words without a meaning, by the kind, the configuration and what is stored")
{
    known k;
    auto const lore = make_lore(k.kinds, k.conf);
    CHECK(lore->unmapped(*k.in, k.shown(0)).empty());
    CHECK(lore->unmapped(*k.in, k.shown(3)).empty()); // never seen
    auto shown = k.shown(0);
    shown.bug.words.status = "QUUX";
    std::vector<unmapped_word> const quux{{.field = "status", .word = "QUUX"}};
    CHECK(lore->unmapped(*k.in, shown) == quux);
    k.store->put_meaning(
        {.from = storage::tracker_of(shown.bug.id),
         .field = "status",
         .key = "quux",
         .means = "Triaged",
         .actor = "a",
         .at = k.now});
    CHECK(lore->unmapped(*k.in, shown).empty());
}
