#include "tests/storage/samples.hpp"
#include "tests/support/print.hpp"

#include <fmt/format.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

using namespace checkwatches;
using namespace checkwatches::storage;
using namespace checkwatches::storage::test;
using Catch::Matchers::Contains;

namespace {

using names = std::vector<std::string>;

names shown(reader const& r, bug_filter const& which)
{
    names out;
    r.each_bug(which, [&](shown_bug const& b) { out.push_back(b.tracker + "/" + b.bug.remote_id); });
    return out;
}

names remote_ids(std::vector<bug_state> const& bugs)
{
    names out;
    for (auto const& b : bugs)
        out.push_back(b.remote_id);
    return out;
}

// Two trackers, made in the other order than their names'; some bugs are checked and watched.
struct library {
    library()
    {
        z = add_bugs(*s, "z.example.org", 2);
        a = add_bugs(*s, "a.example.org", 3);
        auto failed = seen(a[1], at(1));
        failed.after.last_outcome = outcome::not_found;
        apply(*s, report_of({seen(a[0], at(1)), failed}, at(1)));
        apply(*s, report_of({seen(z[0], at(1))}, at(1)));
        s->add_watch(a[0], {.label = "gedit", .source = "typed"}, at(0));
        s->add_watch(a[0], {.label = "gedit", .source = "file:x"}, at(0));
        s->add_watch(a[0], {.label = "Apples", .source = "typed"}, at(0));
        s->add_watch(a[0], {.label = "", .source = "typed"}, at(0));
        s->add_watch(z[1], {.label = "gedit", .source = "typed"}, at(0));
    }

    scratch here;
    std::unique_ptr<store> s = open_store(here.path());
    std::unique_ptr<reader> r = open_reader(here.path());
    std::vector<bug_id> z;
    std::vector<bug_id> a;
};

} // namespace

TEST_CASE_METHOD(library, "reader: shows bugs by tracker name and id")
{
    CHECK(
        shown(*r, {})
        == names{
            "a.example.org/1", "a.example.org/2", "a.example.org/3", "z.example.org/1", "z.example.org/2"});
    std::vector<shown_bug> bugs;
    r->each_bug({}, [&](shown_bug const& b) { bugs.push_back(b); });
    CHECK(bugs[0].labels == names{"Apples", "gedit"}); // each once, without the empty one
    CHECK(bugs[0].kind == "bugzilla");
    CHECK(bugs[0].base_url == "https://a.example.org/");
    CHECK(bugs[1].labels.empty());
    CHECK(text_of(bugs[2].bug) == text_of(bug_state{.id = a[2], .remote_id = "3", .next_check = at(0)}));
}

TEST_CASE_METHOD(library, "reader: filters restrict together, alternatives within one widen")
{
    CHECK(shown(*r, {.bugs = {z[1], a[0]}}) == names{"a.example.org/1", "z.example.org/2"});
    CHECK(shown(*r, {.trackers = {"z.example.org"}}) == names{"z.example.org/1", "z.example.org/2"});
    CHECK(shown(*r, {.trackers = {"z.example.org", "a.example.org"}}).size() == 5);
    CHECK(shown(*r, {.label = "gedit"}) == names{"a.example.org/1", "z.example.org/2"});
    CHECK(shown(*r, {.label = ""}) == names{"a.example.org/1"});
    CHECK(shown(*r, {.how = outcome::not_found}) == names{"a.example.org/2"});
    CHECK(shown(*r, {.how = outcome::seen}) == names{"a.example.org/1", "z.example.org/1"});
    CHECK(shown(*r, {.trackers = {"a.example.org"}, .how = outcome::seen}) == names{"a.example.org/1"});
    CHECK(
        shown(
            *r, {.bugs = {a[0], a[1]}, .trackers = {"a.example.org"}, .label = "gedit", .how = outcome::seen})
        == names{"a.example.org/1"});
    CHECK(shown(*r, {.bugs = {a[1]}, .label = "gedit"}).empty());
    CHECK(shown(*r, {.trackers = {"a.example.org' OR '1'='1", "no\"body"}}).empty());
}

TEST_CASE_METHOD(library, "reader: a visitor may ask further and may give up")
{
    std::size_t visited = 0;
    r->each_bug({}, [&](shown_bug const& b) {
        visited += r->watches(b.bug.id).size() + r->runs(b.bug.id).size() + shown(*r, {}).size();
    });
    CHECK(visited == 5 + 3 + 25);
    auto const throws = [](shown_bug const&) { throw std::invalid_argument{"enough"}; };
    CHECK_THROWS_AS(r->each_bug({}, throws), std::invalid_argument);
    CHECK(shown(*r, {}).size() == 5);
}

TEST_CASE("reader: due are the never checked, then the longest overdue")
{
    scratch here;
    auto const s = open_store(here.path());
    auto const ids = add_bugs(*s, "bugs.example.org", 6);
    auto const others = add_bugs(*s, "other.example.org", 1);
    auto const checked = [&](std::size_t i, std::int64_t next) {
        auto settled = seen(ids[i], at(0));
        settled.after.next_check = at(next);
        apply(*s, report_of({settled}, at(0)));
    };
    checked(0, 500);
    checked(1, -900);
    checked(2, 100);
    checked(3, 101);

    auto const r = open_reader(here.path());
    auto const of = tracker_of(ids[0]);
    CHECK(remote_ids(r->due(of, at(100))) == names{"5", "6", "2", "3"});
    CHECK(remote_ids(r->due(of, at(99))) == names{"5", "6", "2"});
    CHECK(remote_ids(r->due(of, at(-1))) == names{"2"}); // the new ones are due from at(0) on
    CHECK(remote_ids(r->due(of, std::nullopt)) == names{"5", "6", "2", "3", "4", "1"});
    CHECK(remote_ids(r->due(tracker_of(others[0]), at(0))) == names{"1"});
    CHECK(r->due(tracker_id{99}, std::nullopt).empty());
}

TEST_CASE("reader: changes come in pages")
{
    scratch here;
    auto const s = open_store(here.path());
    auto const id = add_bugs(*s, "bugs.example.org", 1).front();
    auto const r = open_reader(here.path());
    CHECK(r->changes(0, 10).empty());
    CHECK(r->last_change() == 0);
    for (int i = 1; i <= 25; ++i)
        apply(*s, report_with_change(id, fmt::to_string(i)));
    CHECK(r->last_change() == 25);

    std::vector<std::size_t> sizes;
    std::int64_t last = 0;
    for (auto page = r->changes(last, 10); !page.empty(); page = r->changes(last, 10)) {
        for (auto const& c : page) {
            CHECK(c.what.id == last + 1);
            CHECK(c.what.after == fmt::to_string(c.what.id));
            last = c.what.id;
        }
        sizes.push_back(page.size());
    }
    CHECK(sizes == std::vector<std::size_t>{10, 10, 5});
    CHECK(r->changes(25, 10).empty());
    CHECK(r->changes(0, 0).empty());
    CHECK(r->changes(0, -1).empty());
    CHECK(r->changes(1'000, 10).empty());
}

TEST_CASE("reader: sees whole commits only while another thread writes")
{
    scratch here;
    auto s = open_store(here.path());
    auto const ids = add_bugs(*s, "bugs.example.org", 20);
    std::atomic<bool> enough{false};
    std::thread writes{[&] {
        for (std::int64_t round = 1; !enough && round != 2'000; ++round) {
            report r{.from = tracker_of(ids[0]), .at = at(round)};
            for (auto const id : ids) {
                r.bugs.push_back(seen(id, at(round)));
                r.bugs.back().changes.push_back(status_change(at(round), "New", "Confirmed"));
            }
            apply(*s, r);
        }
    }};
    auto const r = open_reader(here.path());
    int failures = 0;
    std::int64_t last = 0;
    for (int i = 0; i < 200 || last == 0; ++i) {
        std::vector<std::optional<utc_time>> times;
        r->each_bug({}, [&](shown_bug const& b) { times.push_back(b.bug.checked_at); });
        for (auto const& t : times)
            failures += t != times.front();
        auto const now = r->last_change();
        failures += now % 20 != 0;
        failures += now < last;
        last = now;
    }
    enough = true;
    writes.join();
    CHECK(failures == 0);
}

TEST_CASE("reader: a damaged file is an error, not an answer")
{
    scratch here;
    {
        auto const s = open_store(here.path());
        add_bugs(*s, "bugs.example.org", 5'000);
    }
    {
        // The first pages say which tables there are; the bugs lie behind.
        auto const size = std::filesystem::file_size(here.path());
        std::fstream file{here.path(), std::ios::binary | std::ios::in | std::ios::out};
        file.seekp(static_cast<std::streamoff>(size / 2));
        file << std::string(size - size / 2, '\xff');
    }
    auto const r = open_reader(here.path());
    try {
        r->each_bug({}, [](shown_bug const&) {});
        FAIL("the damage was not noticed");
    }
    catch (database_error const& failed) {
        CHECK(failed.why().kind == error_kind::storage);
        CHECK_THAT(failed.why().message, Contains(here.path()) && Contains("damaged"));
    }
}
