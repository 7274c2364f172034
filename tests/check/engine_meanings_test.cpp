#include "tests/check/engine_fixture.hpp"

using namespace checkwatches;
using namespace checkwatches::check;
using test::engine_fixture;

namespace {

// An engine over one tracker of three bugs that were seen: OPEN, which the kind takes for New and Medium.
struct seen_bugs : engine_fixture {
    seen_bugs() : engine_fixture{{3, 2}} { check(); }

    result<std::size_t> mean(std::string field, std::string key, std::string means)
    {
        return test::run(
            loop,
            the_engine->set_meaning("a", std::move(field), std::move(key), std::move(means), "token ci"));
    }
    std::optional<status> state_of(std::string const& tracker, std::string const& id) const
    {
        return storage::reader::open(path).value()->bugs({bug(tracker, id)}).front().state;
    }
    std::vector<storage::stored_meaning> stored() const
    {
        return storage::reader::open(path).value()->meanings();
    }
    std::size_t due() const { return the_engine->status().due; }
    void restart()
    {
        the_engine.reset();
        begin();
    }
};

} // namespace

TEST_CASE("a meaning is kept, makes due what it changes, and holds from then on")
{
    seen_bugs f;
    REQUIRE(f.due() == 0);
    auto const made_due = f.mean("status", " Open", "Triaged");
    REQUIRE(made_due);
    CHECK(*made_due == 3);
    CHECK(f.due() == 3);
    REQUIRE(f.stored().size() == 1);
    CHECK(f.stored().front().tracker == "a");
    CHECK(f.stored().front().key == "open");
    CHECK(f.stored().front().means == "Triaged");
    CHECK(f.stored().front().actor == "token ci");

    CHECK(f.check().trackers.front().changes == 3);
    CHECK(f.state_of("a", "1") == status::triaged);
    CHECK(f.state_of("b", "1") == status::new_);
    CHECK(f.due() == 0);
    CHECK(f.mean("status", "open", "Triaged").value() == 0); // nothing changes any more
}

TEST_CASE("a meaning survives a restart and a reload, and is taken back")
{
    seen_bugs f;
    f.settings.pass.meanings["a"].states = {{"open", status::confirmed}};
    REQUIRE(f.mean("status", "OPEN", "Triaged"));
    f.restart();
    CHECK(f.due() == 3);
    f.check();
    CHECK(f.state_of("a", "2") == status::triaged);

    f.the_engine->reload(f.settings); // the configuration says otherwise, and what is stored wins
    f.check({.force = true});
    CHECK(f.state_of("a", "2") == status::triaged);

    CHECK(f.mean("status", "open", "").value() == 3);
    CHECK(f.stored().empty());
    f.check();
    CHECK(f.state_of("a", "2") == status::confirmed);
    auto const again = f.mean("status", "open", "");
    REQUIRE(again.has_error());
    CHECK(again.error().kind == error_kind::usage);
}

TEST_CASE("a meaning that there is not is refused and nothing is kept")
{
    seen_bugs f;
    for (auto const& refused :
         {f.mean("status", "open", "Fixd"),
          f.mean("severity", "open", "New"),
          f.mean("status", " ", "New")}) {
        REQUIRE(refused.has_error());
        CHECK(refused.error().kind == error_kind::usage);
    }
    auto const nobody = test::run(
        f.loop, f.the_engine->set_meaning("nobody", "status", "open", "New", "token ci"));
    REQUIRE(nobody.has_error());
    CHECK(nobody.error().message.find("nobody") != std::string::npos);
    CHECK(f.stored().empty());
    CHECK(f.due() == 0);
}

TEST_CASE("a word that means something by now leaves the queue, and no other does")
{
    seen_bugs f;
    auto const row = storage::reader::open(f.path).value()->bugs({f.bug("a", "1")}).front();
    auto add = [&](storage::store& to) {
        to.apply(
            {.from = storage::tracker_of(row.id),
             .at = f.time.now(),
             .bugs = {
                 {.after = row,
                  .unmapped = {
                      {.field = "status", .word = "OPEN"},
                      {.field = "status", .word = "OTHER"},
                      {.field = "importance", .word = "OPEN"}}}}});
    };
    REQUIRE(test::run(f.loop, f.writer->run(add)));
    REQUIRE(f.mean("status", "open", "Triaged"));
    std::vector<std::string> left;
    for (auto const& entry : storage::reader::open(f.path).value()->unmapped())
        left.push_back(entry.what.field + " " + entry.what.word);
    std::ranges::sort(left);
    CHECK(left == std::vector<std::string>{"importance OPEN", "status OTHER"});
}

TEST_CASE("a bug that nobody watches leaves the schedule, and comes back with its next watch")
{
    engine_fixture f{{2}};
    auto const id = f.bug("a", "1");
    auto const refresh = [&] { return test::run(f.loop, f.the_engine->refresh({id})); };
    auto store = storage::store::open(f.path).value();
    store->add_watch(id, {.label = "l", .source = "s"}, f.time.now());
    REQUIRE(store->remove_watch(id, "l", "s"));
    REQUIRE(refresh());
    CHECK(f.the_engine->status().bugs == 1);

    store->add_bug(storage::tracker_of(id), "1", f.time.now());
    store->add_watch(id, {.label = "l", .source = "s"}, f.time.now());
    REQUIRE(refresh());
    REQUIRE(refresh()); // once more is no more
    CHECK(f.the_engine->status().bugs == 2);
    CHECK(f.check().trackers.front().seen() == 2);
}
