#include "tests/storage/samples.hpp"
#include "tests/support/print.hpp"

#include <limits>

using namespace checkwatches;
using namespace checkwatches::storage;
using namespace checkwatches::storage::test;
using Catch::Matchers::Contains;

namespace {

std::vector<std::string> texts_of(std::vector<watch> const& watches)
{
    std::vector<std::string> out;
    for (auto const& w : watches)
        out.push_back(w.label + "|" + w.source + "|" + w.owner);
    return out;
}

} // namespace

TEST_CASE("store: a tracker comes back as it went in")
{
    scratch here;
    auto const s = open_store(here.path());
    tracker const wanted{
        .kind = "bugzilla",
        .name = "bugs.example.org",
        .base_url = "https://bugs.example.org/bugzilla/",
        .api_url = "http://127.0.0.1:9000/rest",
        .created_at = at(7)};
    auto const made = s->add_tracker(wanted);
    REQUIRE(made);
    CHECK(made->id == tracker_id{1});
    auto const plain = add_tracker(*s, "trac.example.org", "trac");
    CHECK(plain.id == tracker_id{2});

    auto const r = open_reader(here.path());
    auto const all = r->trackers();
    REQUIRE(all.size() == 2);
    CHECK(text_of(all[0]) == text_of(*made));
    CHECK(text_of(all[1]) == text_of(plain));
    CHECK(all[1].api_url == std::nullopt);
    CHECK(text_of(r->tracker_by_name("trac.example.org").value()) == text_of(plain));
    CHECK(text_of(r->tracker_by_url("https://bugs.example.org/bugzilla/").value()) == text_of(*made));
    CHECK_FALSE(r->tracker_by_name("bugs.example"));
    CHECK_FALSE(r->tracker_by_url("https://bugs.example.org/"));
}

TEST_CASE("store: a tracker's name and address are taken once")
{
    scratch here;
    auto const s = open_store(here.path());
    auto const first = add_tracker(*s, "bugs.example.org");
    REQUIRE(s->add_alias(first.id, "https://old.example.org/"));

    tracker same_name{.kind = "trac", .name = "bugs.example.org", .base_url = "https://other.example.org/"};
    tracker same_url{.kind = "trac", .name = "other", .base_url = first.base_url};
    tracker same_alias{.kind = "trac", .name = "other", .base_url = "https://old.example.org/"};
    for (auto const& t : {same_name, same_url, same_alias}) {
        auto const refused = s->add_tracker(t);
        REQUIRE(refused.has_error());
        CHECK(refused.error().kind == error_kind::usage);
        CHECK_THAT(refused.error().message, Contains("bugs.example.org"));
    }
    CHECK(open_reader(here.path())->trackers().size() == 1);
}

TEST_CASE("store: aliases lead to their one tracker")
{
    scratch here;
    auto const s = open_store(here.path());
    auto const first = add_tracker(*s, "a.example.org");
    auto const second = add_tracker(*s, "b.example.org");
    REQUIRE(s->add_alias(first.id, "http://a.example.org/"));
    REQUIRE(s->add_alias(first.id, "http://a.example.org/")); // already there
    REQUIRE(s->add_alias(first.id, first.base_url));
    CHECK(
        open_reader(here.path())->aliases_of(first.id)
        == std::vector<std::string>{"http://a.example.org/", first.base_url});
    auto const refused = s->add_alias(second.id, "http://a.example.org/");
    REQUIRE(refused.has_error());
    CHECK(refused.error().kind == error_kind::usage);
    CHECK_THAT(refused.error().message, Contains("a.example.org"));

    auto const r = open_reader(here.path());
    CHECK(r->tracker_by_url("http://a.example.org/").value().id == first.id);
    CHECK(r->tracker_by_url(second.base_url).value().id == second.id);
}

TEST_CASE("store: capabilities and their expiry are kept and replaced")
{
    scratch here;
    auto const s = open_store(here.path());
    auto const of = add_tracker(*s, "bugs.example.org").id;
    auto const r = open_reader(here.path());
    CHECK_FALSE(r->capabilities_of(of));

    stored_capabilities kept{
        .can =
            {.protocol = "rest",
             .version = "5.0.6",
             .batch = 500,
             .changed_since = true,
             .importance = true,
             .comments = true,
             .login = "header",
             .identity = "watcher@example.org"},
        .probed_at = at(10),
        .expires_at = at(86'400'000)};
    s->put_capabilities(of, kept);
    auto found = r->capabilities_of(of);
    REQUIRE(found);
    CHECK(found->can == kept.can);
    CHECK(found->probed_at == at(10));
    CHECK(found->expires_at == at(86'400'000));

    kept.can = capabilities{.batch = std::numeric_limits<std::size_t>::max()};
    kept.expires_at = at(-5);
    s->put_capabilities(of, kept);
    found = r->capabilities_of(of);
    REQUIRE(found);
    CHECK(found->can == kept.can);
    CHECK(found->expires_at == at(-5));
    CHECK_FALSE(r->capabilities_of(tracker_id{99}));
    CHECK_THROWS_AS(s->put_capabilities(tracker_id{99}, kept), database_error);
}

TEST_CASE("store: a bug is one row, due at once, beside its tracker's others")
{
    scratch here;
    auto const s = open_store(here.path());
    auto const first = add_tracker(*s, "a.example.org").id;
    auto const second = add_tracker(*s, "b.example.org").id;
    auto const one = s->add_bug(first, "4711", at(5));
    auto const other = s->add_bug(second, "4711", at(6));
    auto const two = s->add_bug(first, "ticket/ä 1", at(7));

    CHECK(s->add_bug(first, "4711", at(99)) == one);
    CHECK(one == make_bug_id(first, 1));
    CHECK(two == make_bug_id(first, 2));
    CHECK(other == make_bug_id(second, 1));
    CHECK(tracker_of(other) == second);

    auto const r = open_reader(here.path());
    CHECK(r->find_bug(first, "ticket/ä 1") == two);
    CHECK(r->find_bug(second, "4711") == other);
    CHECK_FALSE(r->find_bug(second, "ticket/ä 1"));
    auto const due = r->due(first, at(7));
    REQUIRE(due.size() == 2);
    CHECK(text_of(due[0]) == text_of(bug_state{.id = one, .remote_id = "4711", .next_check = at(5)}));
    CHECK_THROWS_AS(s->add_bug(tracker_id{99}, "1", at(0)), database_error);
}

TEST_CASE("store: a bug has many watches, each once")
{
    scratch here;
    auto const s = open_store(here.path());
    auto const bugs = add_bugs(*s, "bugs.example.org", 2);
    auto const on = bugs.front();
    CHECK(s->add_watch(on, {.label = "gedit", .source = "typed", .owner = "anna"}, at(1)));
    CHECK(s->add_watch(on, {.label = "gedit", .source = "file:/etc/watches", .owner = "ben"}, at(1)));
    CHECK(s->add_watch(on, {.label = "", .source = "typed", .owner = "anna"}, at(1)));
    CHECK(s->add_watch(bugs.back(), {.label = "gedit", .source = "typed", .owner = "anna"}, at(1)));
    CHECK_FALSE(s->add_watch(on, {.label = "gedit", .source = "typed", .owner = "clara"}, at(2)));

    auto const r = open_reader(here.path());
    CHECK(
        texts_of(r->watches(on))
        == std::vector<std::string>{"|typed|anna", "gedit|file:/etc/watches|ben", "gedit|typed|anna"});
    CHECK(r->watches(bugs.back()).size() == 1);
    CHECK_THROWS_AS(s->add_watch(make_bug_id(tracker_id{1}, 99), {}, at(0)), database_error);
}

TEST_CASE("store: a transaction is whole or not at all")
{
    scratch here;
    auto const s = open_store(here.path());
    auto const r = open_reader(here.path());
    CHECK_THROWS_AS(
        s->in_transaction([&] {
            auto const of = add_tracker(*s, "bugs.example.org").id;
            s->add_watch(s->add_bug(of, "1", at(0)), {.label = "x"}, at(0));
            throw std::invalid_argument{"changed my mind"};
        }),
        std::invalid_argument);
    CHECK(r->trackers().empty());

    // A usage error inside a transaction takes nothing else down.
    s->in_transaction([&] {
        add_tracker(*s, "bugs.example.org");
        CHECK(s->add_tracker({.kind = "trac", .name = "bugs.example.org", .base_url = "x"}).has_error());
        CHECK(r->trackers().empty()); // not to be seen before it is committed
    });
    CHECK(r->trackers().size() == 1);

    // Nor does a transaction within another.
    s->in_transaction([&] {
        add_tracker(*s, "trac.example.org");
        CHECK_THROWS_AS(s->in_transaction([] {}), database_error);
    });
    CHECK(r->trackers().size() == 2);
}
