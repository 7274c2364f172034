#include "engine/serve/events/event_ring.hpp"
#include "tests/serve/event_ground.hpp"

using namespace checkwatches;
using namespace checkwatches::serve;
using namespace checkwatches::serve::test;

TEST_CASE("events: an id is read as it was written, and nothing else is")
{
    event_id const id{.change = 12, .start = 1'764'000'000'123, .sequence = 345};
    CHECK(text_of(id) == "12-1764000000123-345");
    CHECK(read_event_id(text_of(id)) == id);
    CHECK(read_event_id("17") == event_id{.change = 17});
    for (auto const* broken :
         {"",
          "-",
          "1-",
          "1-2",
          "1-2-",
          "1-2-3-4",
          "-1-2-3",
          "a",
          "1-b-3",
          " 1",
          "1 ",
          "+1",
          "99999999999999999999"})
        CHECK_FALSE(read_event_id(broken));
}

TEST_CASE("events: an event's text is what the format wants, whatever the data")
{
    CHECK(event_text({1, 2, 3}, "check", "{}") == "id: 1-2-3\nevent: check\ndata: {}\n\n");
    CHECK(
        event_text({1, 2, 3}, "check", "a\nid: 9\r\n\nb")
        == "id: 1-2-3\nevent: check\ndata: a\ndata: id: 9 \ndata: \ndata: b\n\n");
    CHECK(event_text({1, 2, 3}, "check", "") == "id: 1-2-3\nevent: check\ndata: \n\n");
}

TEST_CASE("events: the ring keeps changes and others apart, and gives them in order")
{
    event_ring ring{1, 10, 3};
    auto const begin = ring.newest();
    CHECK(text_of(begin) == "10-1-1");
    auto const text = [&](event_id const& after, event_filter const& filter = {}) {
        auto const got = ring.after(after, filter);
        heard out;
        out.read(got.text ? *got.text : "");
        return out.all() + text_of(got.last);
    };
    CHECK(text(begin) == "10-1-1");
    ring.put_change(11, {"t", storage::bug_id{1}}, "a");
    ring.put(check_event, {"t", storage::bug_id{1}}, "b");
    ring.put_change(12, {"u", storage::bug_id{2}}, "c");
    CHECK(text(begin) == "change a; check b; change c; 12-1-4");
    CHECK(text({11, 1, 2}) == "check b; change c; 12-1-4");
    CHECK(text(begin, {.kinds = {"check", "pass_ended"}}) == "check b; 12-1-4");
    CHECK(text(begin, {.tracker = "u"}) == "change c; 12-1-4");
    CHECK(text(begin, {.bug = storage::bug_id{1}}) == "change a; check b; 12-1-4");
    // The same question has one and the same text.
    CHECK(ring.after(begin, {}).text == ring.after(begin, {}).text);
    for (int i = 0; i != 10; ++i)
        ring.put(pass_began_event, {"t"}, "d");
    CHECK(ring.lost_change() == 0);
    CHECK(ring.lost_other() == 11);
    CHECK(text(begin) == "change a; change c; pass_began d; pass_began d; pass_began d; 12-1-14");
    for (int i = 0; i != 3; ++i)
        ring.put_change(13 + i, {}, "e");
    CHECK(ring.lost_change() == 4);
    CHECK_THROWS_AS(ring.put("surprise", {}, "x"), std::logic_error);
}

TEST_CASE("events: of checks no more is told at once than somebody can follow, and changes all are")
{
    event_ring ring{1, 0, 1000};
    auto const begin = ring.newest();
    for (int i = 1; i <= 150; ++i) {
        ring.put(check_event, {"t"}, "c");
        ring.put_change(i, {"t"}, "d");
    }
    auto const got = ring.after(begin, {});
    heard all;
    all.read(*got.text);
    CHECK(all.count("check") == event_ring::most_checks);
    CHECK(all.count("change") == 150);
    CHECK(all.events.back() == R"(missed {"check":50})");
    CHECK(got.last == ring.newest());
    CHECK(ring.after(begin, {.bug = storage::bug_id{7}}).text == nullptr);
}
