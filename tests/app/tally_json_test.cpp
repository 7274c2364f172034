#include "engine/app/engine_json.hpp"
#include "engine/app/json_lines.hpp"
#include "engine/app/progress.hpp"
#include "engine/app/tally_json.hpp"
#include "tests/support/print.hpp"

#include <boost/asio/error.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <catch2/catch.hpp>

using namespace checkwatches;
using namespace checkwatches::app;
namespace json = boost::json;

namespace {

json::object over_the_wire(json::object const& packed)
{
    return json::parse(json::serialize(packed)).as_object();
}

json::object over_the_wire(serve::json_text packed)
{
    return json::parse(std::move(packed).text()).as_object();
}

check::tracker_tally full_tally()
{
    check::tracker_tally tally{
        .tracker = "bugs.example.org",
        .kind = "bugzilla",
        .base_url = "https://bugs.example.org/",
        .due = 40,
        .changes = 7,
        .requests = 9,
        .elapsed = std::chrono::milliseconds{12345}};
    for (auto const how : all_outcomes)
        tally.outcomes.emplace(how, static_cast<std::size_t>(how) + 1);
    tally.failed = {
        {.remote_id = "13", .how = outcome::forbidden, .detail = "not \"for\"\nyou"},
        {.remote_id = "14/x", .how = outcome::moved, .detail = ""}};
    tally.trouble = error{
        .kind = error_kind::connect_failed,
        .message = "the connection broke",
        .request = "GET https://bugs.example.org/rest",
        .cause = boost::asio::error::connection_reset,
        .retry_after = std::chrono::seconds{60}};
    tally.moved_to = parse_url("https://new.example.org:8443/bugs/?a=b").value();
    return tally;
}

void check_same(check::tracker_tally const& a, check::tracker_tally const& b)
{
    CHECK(a.tracker == b.tracker);
    CHECK(a.kind == b.kind);
    CHECK(a.base_url == b.base_url);
    CHECK(a.due == b.due);
    CHECK(a.outcomes == b.outcomes);
    CHECK(a.changes == b.changes);
    CHECK(a.requests == b.requests);
    CHECK(a.elapsed == b.elapsed);
    CHECK(a.moved_to == b.moved_to);
    REQUIRE(a.failed.size() == b.failed.size());
    for (std::size_t i = 0; i != a.failed.size(); ++i) {
        CHECK(a.failed[i].remote_id == b.failed[i].remote_id);
        CHECK(a.failed[i].how == b.failed[i].how);
        CHECK(a.failed[i].detail == b.failed[i].detail);
    }
    REQUIRE(a.trouble.has_value() == b.trouble.has_value());
    if (a.trouble) {
        CHECK(a.trouble->kind == b.trouble->kind);
        CHECK(a.trouble->message == b.trouble->message);
        CHECK(a.trouble->request == b.trouble->request);
        CHECK(a.trouble->cause == b.trouble->cause);
        CHECK(a.trouble->retry_after == b.trouble->retry_after);
    }
    // What people and programs are told of it.
    CHECK(line_of(a) == line_of(b));
    CHECK(json_of(a) == json_of(b));
    CHECK(complaints_of({a}) == complaints_of({b}));
}

} // namespace

TEST_CASE("a tally survives the way between two processes, all of it")
{
    for (auto const& tally :
         {full_tally(), check::tracker_tally{}, check::tracker_tally{.tracker = "t", .due = 3}}) {
        auto const back = unpack_tally(over_the_wire(pack(tally)));
        REQUIRE(back);
        check_same(*back, tally);
    }
}

TEST_CASE("what is no tally is an error")
{
    auto const whole = over_the_wire(pack(full_tally()));
    for (auto const& member : whole) {
        std::string const key{std::string_view{member.key()}};
        CAPTURE(key);
        auto broken = whole;
        broken[key] = json::array{};
        if (key != "failed")
            CHECK(unpack_tally(broken).has_error());
        broken.erase(key);
        if (key != "trouble" && key != "moved_to")
            CHECK(unpack_tally(broken).has_error());
    }
    auto odd = whole;
    odd["outcomes"] = json::object{{"dreamt", 1}};
    REQUIRE(unpack_tally(odd).has_error());
    CHECK(unpack_tally(odd).error().kind == error_kind::protocol_error);
}

TEST_CASE("an estimate and a status survive the way")
{
    check::estimate const cost{
        .trackers = 1,
        .bugs = 300,
        .requests = 6,
        .free = 4,
        .comments = 300,
        .time = std::chrono::seconds{12}};
    auto const cost_back = unpack_estimate(over_the_wire(pack(cost)));
    REQUIRE(cost_back);
    CHECK(
        json_of(*cost_back)
        == R"({"plan":{"trackers":1,"bugs":300,"requests":6,"free":4,"comments":300,"seconds":12}})");
    CHECK(
        sentence_of(*cost_back)
        == "300 bugs of 1 tracker: 6 requests (4 of them free where nothing changed) and up to 300 for "
           "comments, about 12 s");

    auto const at = [](int s) { return utc_time{std::chrono::milliseconds{s}}; };
    check::engine_status status{
        .started_at = at(1),
        .trackers = 2,
        .active_trackers = 3,
        .waiting_trackers = 4,
        .bugs = 5,
        .due = 15,
        .oldest_due = at(16),
        .deferred = 17,
        .in_flight = 6,
        .passes = 7,
        .breakers_open = 8,
        .offline = true,
        .writer = {.pending = 9, .stuck_since = at(10), .why = "disk \"full\"", .committed_at = at(11)},
        .scheduler_moved_at = at(12),
        .writer_moved_at = at(13),
        .network_moved_at = at(14)};
    auto const back = unpack_status(over_the_wire(pack(status)));
    REQUIRE(back);
    CHECK(over_the_wire(pack(*back)) == over_the_wire(pack(status)));
    CHECK(back->writer.stuck_since == at(10));
    CHECK(back->writer.why == "disk \"full\"");
    CHECK(back->network_moved_at == at(14));
    CHECK(back->offline);
    CHECK(back->deferred == 17);
    CHECK(unpack_status({}).has_error());
    CHECK(unpack_estimate({}).has_error());
}
