#include "tests/storage/samples.hpp"
#include "tests/support/print.hpp"

using namespace checkwatches;
using namespace checkwatches::storage;
using namespace checkwatches::storage::test;
using namespace std::chrono_literals;

namespace {

// A store and a reader of one database, with two bugs of a tracker.
struct record {
    scratch here;
    std::unique_ptr<store> s = open_store(here.path());
    std::unique_ptr<reader> r = open_reader(here.path());
    std::vector<bug_id> bugs = add_bugs(*s, "bugs.example.org", 2);

    std::vector<comment_count> counts() const { return r->comment_counts(tracker_of(bugs.front())); }
    comment_mark mark() const { return r->comment_marks({bugs.front()}).at(0); }
};

comment written(std::string id, std::int64_t when, std::string text)
{
    return {.remote_id = std::move(id), .author = "anna", .at = at(when), .text = std::move(text)};
}

} // namespace

TEST_CASE("comments: each is kept once, oldest first, as it was first read")
{
    record d;
    auto const bug = d.bugs.front();
    CHECK(d.r->comments(bug).empty());
    d.s->apply_comments(
        {.bug = bug, .at = at(100), .read = {written("10", 20, "zwei ✓"), written("9", 20, "eins")}});
    d.s->apply_comments(
        {.bug = bug, .at = at(200), .read = {written("10", 20, "again"), written("3", 30, "")}});
    d.s->apply_comments({.bug = d.bugs.back(), .at = at(200), .read = {written("10", 20, "another bug's")}});

    auto const kept = d.r->comments(bug);
    REQUIRE(kept.size() == 3);
    CHECK(kept[0].what == written("9", 20, "eins"));
    CHECK(kept[1].what == written("10", 20, "zwei ✓"));
    CHECK(kept[2].what == written("3", 30, ""));
    CHECK(kept[0].imported_at == at(100));
    CHECK(kept[2].imported_at == at(200));
    CHECK(d.r->comments(d.bugs.back()).size() == 1);
    CHECK_THROWS_AS(d.s->apply_comments({.bug = make_bug_id(tracker_id{9}, 1), .at = at(0)}), database_error);
}

TEST_CASE("comments: one of no time and no author is kept, too")
{
    record d;
    d.s->apply_comments({.bug = d.bugs.front(), .at = at(1), .read = {{.remote_id = "x", .text = "?"}}});
    CHECK(d.r->comments(d.bugs.front()).at(0).what == comment{.remote_id = "x", .text = "?"});
    CHECK_FALSE(d.mark().newest_at);
}

TEST_CASE("comments: a long text is cut between two characters")
{
    record d;
    auto const most = stored_comment::longest;
    d.s->apply_comments(
        {.bug = d.bugs.front(),
         .at = at(1),
         .read = {
             written("1", 1, std::string(most, 'a')),
             written("2", 2, std::string(most + 1, 'a')),
             written("3", 3, std::string(most - 1, 'a') + "ü"),
             written("4", 4, std::string(most - 2, 'a') + "üü")}});
    auto const kept = d.r->comments(d.bugs.front());
    REQUIRE(kept.size() == 4);
    CHECK_FALSE(kept[0].is_cut);
    CHECK(kept[1].is_cut);
    CHECK(kept[1].what.text.size() == most);
    CHECK(kept[2].is_cut);
    CHECK(kept[2].what.text == std::string(most - 1, 'a'));
    CHECK(kept[3].what.text == std::string(most - 2, 'a') + "ü");
}

TEST_CASE("comments: the mark moves with what was read whole, and a failure leaves it")
{
    record d;
    auto const bug = d.bugs.front();
    CHECK(d.r->comment_marks({bug}).empty());
    d.s->apply_comments({.bug = bug, .at = at(5), .failure = "HTTP 500", .modified_at = at(4)});
    CHECK(d.mark().tried_at == at(5));
    CHECK(d.mark().failure == "HTTP 500");
    CHECK_FALSE(d.mark().read_at);
    CHECK_FALSE(d.mark().modified_at);

    d.s->apply_comments(
        {.bug = bug,
         .at = at(10),
         .read = {written("1", 7, "")},
         .is_complete = false,
         .modified_at = at(9)});
    CHECK_FALSE(d.mark().read_at);
    CHECK_FALSE(d.mark().modified_at);
    CHECK(d.mark().newest_at == at(7));
    CHECK(d.mark().failure.empty());

    d.s->apply_comments({.bug = bug, .at = at(20), .read = {written("2", 8, "")}, .modified_at = at(9)});
    CHECK(d.mark().read_at == at(20));
    CHECK(d.mark().modified_at == at(9));
    CHECK(d.mark().newest_at == at(8));

    d.s->apply_comments({.bug = bug, .at = at(30), .modified_at = at(25)});
    CHECK(d.mark().newest_at == at(8));
    d.s->apply_comments({.bug = bug, .at = at(40), .failure = "timeout", .modified_at = at(35)});
    CHECK(d.mark().tried_at == at(40));
    CHECK(d.mark().read_at == at(30));
    CHECK(d.mark().modified_at == at(25));
    CHECK(d.mark().newest_at == at(8));
}

TEST_CASE("comments: what was seen, imported and failed is counted by month")
{
    record d;
    auto const bug = d.bugs.front();
    utc_time const november = std::chrono::sys_days{std::chrono::year{2026} / 11 / 30} + 23h + 59min;
    utc_time const december = november + 1min;
    CHECK(d.counts().empty());
    d.s->apply_comments({.bug = bug, .at = november, .read = {written("1", 1, "a"), written("2", 2, "b")}});
    d.s->apply_comments({.bug = d.bugs.back(), .at = november, .failure = "HTTP 500"});
    d.s->apply_comments({.bug = bug, .at = december, .read = {written("2", 2, "b"), written("3", 3, "c")}});
    CHECK(
        d.counts()
        == std::vector<comment_count>{
            {.month = "2026-12", .seen = 2, .imported = 1, .failed = 0},
            {.month = "2026-11", .seen = 2, .imported = 2, .failed = 1}});
}
