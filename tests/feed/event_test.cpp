#include "engine/feed/event.hpp"
#include "tests/support/print.hpp"

namespace checkwatches::feed {
namespace {

event change_to(std::string status_word)
{
    event e;
    auto& c = e.change.emplace();
    c.what = {.id = 7, .field = "status", .before = "New", .after = std::move(status_word)};
    c.tracker = "bugs.example.org";
    e.state = status::new_;
    e.weight = importance::high;
    e.watches = {{.label = "curl", .source = "typed", .owner = "anna"}};
    return e;
}

} // namespace

TEST_CASE("An event has one id in the world, of the form of a random one", "[feed]")
{
    auto const id = uuid_of("0123", event_kind::change, 7);
    CHECK(id == uuid_of("0123", event_kind::change, 7));
    CHECK(id != uuid_of("0123", event_kind::check, 7));
    CHECK(id != uuid_of("0123", event_kind::change, 8));
    CHECK(id != uuid_of("0124", event_kind::change, 7));
    REQUIRE(id.size() == 36);
    CHECK(id[14] == '4');
    CHECK(std::string{"89ab"}.find(id[19]) != std::string::npos);
    CHECK(id.find_first_not_of("0123456789abcdef-") == std::string::npos);
}

TEST_CASE("A filter lets through what has one of each kind that it names", "[feed]")
{
    auto const e = change_to("Fix Released");
    CHECK(filter{}.wants(e));
    CHECK(filter{.labels = {"zlib", "curl"}}.wants(e));
    CHECK_FALSE(filter{.labels = {"zlib"}}.wants(e));
    CHECK(filter{.owners = {"anna"}}.wants(e));
    CHECK_FALSE(filter{.owners = {"bert"}}.wants(e));
    CHECK(filter{.trackers = {"bugs.example.org"}}.wants(e));
    CHECK_FALSE(filter{.trackers = {"other"}}.wants(e));
    CHECK(filter{.importances = {"High"}}.wants(e));
    CHECK_FALSE(filter{.importances = {"Low"}}.wants(e));
    CHECK_FALSE(filter{.fields = {"importance"}}.wants(e));
    CHECK_FALSE(filter{.labels = {"curl"}, .trackers = {"other"}}.wants(e));
}

TEST_CASE("A filter goes by the status that a change leads to", "[feed]")
{
    auto const e = change_to("Fix Released");
    CHECK(filter{.statuses = {"Fix Released"}}.wants(e));
    CHECK_FALSE(filter{.statuses = {"New"}}.wants(e));
}

TEST_CASE("What operators did is told only where it is wanted", "[feed]")
{
    event e;
    e.change.emplace().what = {.id = 8, .field = "pause", .actor = "token ci"};
    CHECK_FALSE(filter{}.wants(e));
    CHECK(filter{.acts = true}.wants(e));
}

} // namespace checkwatches::feed
