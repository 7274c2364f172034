#include "storage/digest_records.hpp"
#include "tests/storage/samples.hpp"
#include "tests/support/print.hpp"

using namespace checkwatches;
using namespace checkwatches::storage;
using namespace checkwatches::storage::test;

namespace {

digest_step first_step(bug_id bug)
{
    named_bug const what{
        .bug = bug, .tracker = "t", .remote_id = "1", .title = "Crash", .url = "https://t/1"};
    return {
        .name = "d",
        .created_at = at(1),
        .last_change = 7,
        .last_letter = 2,
        .opened =
            {{.name = "label curl",
              .opened_at = at(2),
              .until = at(3),
              .awaited = 4,
              .unlisted = 5,
              .items =
                  {{.what = what,
                    .field = "status",
                    .before = "New",
                    .after = "Confirmed",
                    .change = 6,
                    .at = at(2),
                    .told = true},
                   {.what = what,
                    .field = "importance",
                    .before = "Low",
                    .after = "High",
                    .change = 7,
                    .at = at(2)}}}},
        .troubled =
            {{.what = what,
              .topic = "label curl",
              .began = at(4),
              .how = outcome::gone,
              .error = "why",
              .told = true}},
        .threads = {{.topic = "label curl", .first = "a@x", .last = "b@x"}},
        .letters = {
            {.number = 1,
             .topic = "label curl",
             .kind = "first",
             .at = at(2),
             .message_id = "a@x",
             .subject = "s",
             .text = "t",
             .html = "h"},
            {.number = 2,
             .topic = "label curl",
             .kind = "errors",
             .at = at(4),
             .message_id = "b@x",
             .references = {"a@x", "c@x"}}}};
}

struct kept {
    scratch here{};
    std::unique_ptr<store> s = open_store(here.path());
    std::vector<bug_id> bugs = add_bugs(*s, "t", 2);
    std::unique_ptr<reader> r = open_reader(here.path());
};

} // namespace

TEST_CASE("Digests: what a step says is kept and read again")
{
    kept k;
    CHECK_FALSE(k.r->digest("d"));
    k.s->apply_digest(first_step(k.bugs[0]));
    auto const d = k.r->digest("d");
    REQUIRE(d);
    CHECK(d->created_at == at(1));
    CHECK(d->last_change == 7);
    CHECK(d->last_letter == 2);
    REQUIRE(d->topics.size() == 1);
    auto const& topic = d->topics.front();
    CHECK(topic.name == "label curl");
    CHECK(topic.opened_at == at(2));
    CHECK(topic.until == at(3));
    CHECK(topic.awaited == 4);
    CHECK(topic.unlisted == 5);
    REQUIRE(topic.items.size() == 2);
    CHECK(topic.items[0].told);
    CHECK(topic.items[0].what.url == "https://t/1");
    CHECK(topic.items[1].after == "High");
    CHECK_FALSE(topic.items[1].told);
    REQUIRE(d->troubles.size() == 1);
    CHECK(d->troubles[0].how == outcome::gone);
    CHECK(d->troubles[0].began == at(4));
    CHECK(d->troubles[0].told);
    REQUIRE(d->threads.size() == 1);
    CHECK(d->threads[0].last == "b@x");
    CHECK_FALSE(k.r->digest("other"));
}

TEST_CASE("Digests: a step closes, replaces and forgets")
{
    kept k;
    k.s->apply_digest(first_step(k.bugs[0]));
    digest_step next{
        .name = "d", .created_at = at(99), .last_change = 9, .last_letter = 2, .closed = {"label curl"}};
    next.untroubled = {k.bugs[0]};
    next.opened = {{.name = "label zlib"}};
    k.s->apply_digest(next);
    auto const d = k.r->digest("d");
    CHECK(d->created_at == at(1)); // it began once
    CHECK(d->last_change == 9);
    REQUIRE(d->topics.size() == 1);
    CHECK(d->topics[0].name == "label zlib");
    CHECK(d->topics[0].items.empty());
    CHECK(d->troubles.empty());
    CHECK(d->threads.size() == 1);
}

TEST_CASE("Digests: letters are on their way until they are dropped, parked or not")
{
    kept k;
    k.s->apply_digest(first_step(k.bugs[0]));
    auto letters = k.r->letters("d", false, 9);
    REQUIRE(letters.size() == 2);
    CHECK(letters[1].references == std::vector<std::string>{"a@x", "c@x"});
    CHECK(letters[0].references.empty());
    CHECK(letters[0].html == "h");
    CHECK(k.r->letters("d", false, 1).size() == 1);
    letters[0].tries = 5;
    letters[0].trouble = "550";
    letters[0].is_parked = true;
    k.s->put_letter_trouble("d", letters[0]);
    CHECK(k.r->letters("d", false, 9).size() == 1);
    REQUIRE(k.r->letters("d", true, 9).size() == 1);
    CHECK(k.r->letters("d", true, 9)[0].trouble == "550");
    CHECK(k.s->unpark_letters("d") == 1);
    CHECK(k.r->letters("d", false, 9)[0].tries == 0);
    k.s->drop_letter("d", 1);
    CHECK(k.r->letters("d", false, 9)[0].number == 2);
}

TEST_CASE("Digests: silence by command begins, ends early and is remembered")
{
    kept k;
    CHECK_FALSE(k.s->unmute_digest("d", at(1)));
    k.s->mute_digest("d", {.from = at(10), .until = at(50), .actor = "anna"}, at(0));
    CHECK(k.s->unmute_digest("d", at(20)));
    CHECK_FALSE(k.s->unmute_digest("d", at(20)));
    k.s->mute_digest("d", {.from = at(30), .until = at(60)}, at(0));
    k.s->mute_digest("d", {.from = at(40), .until = at(45)}, at(0)); // in place of what goes on then
    auto const all = k.r->mutes("d");
    REQUIRE(all.size() == 3);
    CHECK(all[0].until == at(20));
    CHECK(all[0].actor == "anna");
    CHECK(all[1].until == at(40));
    CHECK(all[2].until == at(45));
    k.s->mute_digest("d", {.from = at(100), .until = at(200)}, at(42));
    CHECK(k.r->mutes("d").size() == 2);
}

TEST_CASE("Digests: an acknowledgement knows whether there is a newer change")
{
    kept k;
    apply(*k.s, report_with_change(k.bugs[0], "x"));
    k.s->put_away("curl", k.bugs[0], at(1));
    k.s->put_away("curl", k.bugs[1], at(1));
    k.s->log_act({.at = at(2), .bug = k.bugs[0], .field = "check", .actor = "anna"});
    auto const one = k.r->acknowledgements({k.bugs[0]});
    REQUIRE(one.size() == 1);
    CHECK(one[0].label == "curl");
    CHECK(one[0].change == 1);
    CHECK(one[0].newest == 1); // an act is no change
    apply(*k.s, report_with_change(k.bugs[0], "y"));
    CHECK(k.r->acknowledgements(k.bugs)[0].newest == 3);
}

TEST_CASE("Digests: one that is dropped leaves nothing")
{
    kept k;
    k.s->apply_digest(first_step(k.bugs[0]));
    k.s->mute_digest("d", {.from = at(10), .until = at(50)}, at(0));
    k.s->drop_digest("d");
    CHECK_FALSE(k.r->digest("d"));
    CHECK(k.r->letters("d", false, 9).empty());
    CHECK(k.r->mutes("d").empty());
}

TEST_CASE("Watches that followed a bug are found from where it was")
{
    kept k;
    k.s->add_watch(k.bugs[0], {.label = "curl", .source = "typed"}, at(0));
    CHECK(k.r->watches_where_it_went(k.bugs[0]).empty());
    k.s->follow_move(k.bugs[0], k.bugs[1], "https://n/1", at(1));
    CHECK(k.r->watches(k.bugs[0]).empty());
    REQUIRE(k.r->watches_where_it_went(k.bugs[0]).size() == 1);
    CHECK(k.r->watches_where_it_went(k.bugs[0])[0].label == "curl");
    // Two that moved to one another end somewhere.
    k.s->follow_move(k.bugs[1], k.bugs[0], "https://t/1", at(2));
    CHECK(k.r->watches_where_it_went(k.bugs[0]).size() <= 1);
}
