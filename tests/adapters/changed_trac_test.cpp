#include "adapters/trac.hpp"
#include "tests/adapters/trac_pages.hpp"
#include "tests/support/found.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using test::csv;
using test::ended;
using test::seen;

namespace {

constexpr utc_time since = std::chrono::sys_days{std::chrono::year{2026} / 11 / 20} + std::chrono::hours{10};

struct tracker {
    explicit tracker(std::string protocol) : can{.protocol = std::move(protocol), .batch = 500} {}

    test::scripted_remote at{"https://trac.example.org/plum"};
    capabilities can;

    adapters::findings look_changed(std::vector<std::string> const& ids)
    {
        auto const trac = adapters::make_trac();
        return test::run(trac->look_changed(at, can, ids, since));
    }
    void on_changes(result<adapters::reply> what) { at.on("GET", "/plum/query?id=1-3&changetime=*", what); }
    void on_query(result<adapters::reply> what) { at.on("GET", "/plum/query?id=1-3&col=*", what); }
    bool called(std::string_view method) const
    {
        auto const mark = "<methodName>" + std::string{method} + "<";
        return std::ranges::any_of(
            at.asked(), [&](adapters::request const& rq) { return rq.body.find(mark) != std::string::npos; });
    }
};

constexpr std::string_view head = "id,Status\r\n";

} // namespace

TEST_CASE("Trac changed: one query brings what changed; the rest is unmodified")
{
    tracker t{"csv"};
    t.on_changes(csv("id,Status,Resolution\r\n2,closed,fixed\r\n"));
    auto const got = t.look_changed({"1", "2", "3", "x"});
    CHECK_FALSE(got.trouble);
    CHECK(ended(got, "1") == outcome::unmodified);
    CHECK(seen(got, "2").words.resolution == "fixed");
    CHECK(ended(got, "3") == outcome::unmodified);
    CHECK(ended(got, "x") == outcome::invalid_id);
    REQUIRE(t.at.asked().size() == 1);
    // One minute for the server's lag; from then on, without an end.
    CHECK(t.at.asked()[0].url.parameter("changetime") == "2026-11-20T09:59:00Z..");
}

TEST_CASE("Trac changed: nothing changed")
{
    tracker t{"csv"};
    t.on_changes(csv(head));
    auto const got = t.look_changed({"1", "2", "3"});
    CHECK_FALSE(got.trouble);
    for (auto const* const id : {"1", "2", "3"})
        CHECK(ended(got, id) == outcome::unmodified);
}

TEST_CASE("Trac changed: strangers, an empty body or a refusal prove nothing, and all are read")
{
    auto const answers = {
        csv("id,Status\r\n71,new\r\n72,new\r\n"),
        csv("id,Status\r\n2,new\r\n72,new\r\n"),
        csv(""),
        test::trac_page(500, "Trac Error")};
    for (auto const& answer : answers) {
        tracker t{"csv"};
        t.on_changes(answer);
        t.on_query(csv("id,Status\r\n1,new\r\n2,new\r\n3,new\r\n"));
        t.at.on("GET", "/plum/query?id=1,3&col=*", csv("id,Status\r\n1,new\r\n3,new\r\n"));
        auto const got = t.look_changed({"1", "2", "3"});
        CHECK_FALSE(got.trouble);
        for (auto const* const id : {"1", "2", "3"})
            CHECK(ended(got, id) == outcome::seen);
    }
}

TEST_CASE("Trac changed: what stands in front of the tracker is trouble")
{
    tracker t{"csv"};
    t.on_changes(test::answer(503, "text/html", "<title>Down for maintenance</title>"));
    auto const got = t.look_changed({"1", "2", "3"});
    REQUIRE(got.trouble);
    CHECK(got.trouble->kind == error_kind::maintenance);
    CHECK(got.found.empty());
}

TEST_CASE("Trac changed: the plugin names the tracker's changes, and those watched are read")
{
    tracker t{"xmlrpc"};
    t.at.next(test::xml_ids({2, 700, 701}));
    t.at.next(test::xml_ids({2}));
    t.at.next(test::xml_answer(test::xml_ticket(2, "closed", "fixed")));
    auto const got = t.look_changed({"1", "2", "3"});
    CHECK_FALSE(got.trouble);
    CHECK(ended(got, "1") == outcome::unmodified);
    CHECK(seen(got, "2").words.resolution == "fixed");
    CHECK(ended(got, "3") == outcome::unmodified);
    CHECK(t.at.asked()[0].body.find("<dateTime.iso8601>20261120T09:59:00<") != std::string::npos);
    CHECK(t.at.asked().size() == 3);
}

TEST_CASE("Trac changed: no changes are one request")
{
    tracker t{"rpc"};
    t.at.next(test::xml_ids({}));
    auto const got = t.look_changed({"1", "2"});
    CHECK_FALSE(got.trouble);
    CHECK(ended(got, "1") == outcome::unmodified);
    CHECK(ended(got, "2") == outcome::unmodified);
    CHECK(t.at.asked().size() == 1);
}

TEST_CASE("Trac changed: a fault or nonsense instead of ids says nothing of the tickets")
{
    auto const answers = {
        test::xml_fault(-32601, "RPC method \"ticket.getRecentChanges\" not found"),
        test::xml_answer(test::xml_value("string", "none")),
        test::xml_answer(test::xml_array({test::xml_value("string", "many")}))};
    for (auto const& answer : answers) {
        tracker t{"xmlrpc"};
        t.at.next(answer);
        t.at.next(test::xml_ids({1}));
        t.at.next(test::xml_answer(test::xml_ticket(1, "new", "")));
        auto const got = t.look_changed({"1"});
        CHECK_FALSE(got.trouble);
        CHECK(ended(got, "1") == outcome::seen);
        CHECK(t.called("ticket.query"));
    }
    tracker refused{"xmlrpc"};
    refused.at.next(test::answer(403, "text/html", "<title>Forbidden</title>"));
    CHECK(refused.look_changed({"1"}).trouble->kind == error_kind::auth_failed);
    CHECK(refused.at.asked().size() == 1);
}

TEST_CASE("Trac changed: Launchpad's plugin leaves out what did not change")
{
    tracker t{"launchpad"};
    auto const text = [](std::string_view v) { return test::xml_value("string", v); };
    t.at.next(test::xml_answer(test::xml_array(
        {test::xml_value("int", "1795168800"),
         test::xml_array(
             {test::xml_struct(
                  {{"id", text("2")}, {"status", text("closed")}, {"resolution", text("fixed")}}),
              test::xml_struct({{"id", text("3")}, {"status", text("missing")}})})})));
    auto const got = t.look_changed({"1", "2", "3"});
    CHECK_FALSE(got.trouble);
    CHECK(ended(got, "1") == outcome::unmodified);
    CHECK(ended(got, "2") == outcome::seen);
    CHECK(ended(got, "3") == outcome::not_found);
    // Launchpad's eleven minutes before 2026-11-20T10:00:00Z.
    CHECK(t.at.asked()[0].body.find("<int>1795168140</int>") != std::string::npos);
}

TEST_CASE("Trac: a probe finds out whether the query knows the constraint on changes")
{
    auto const trac = adapters::make_trac();
    auto const probed = [&](adapters::reply far_ahead) {
        test::scripted_remote at{"https://trac.example.org/plum"};
        at.on("GET", "/plum/query?id=1&changetime=2100*", std::move(far_ahead));
        at.on("GET", "/plum/query?id=1&col=*", csv("id,Status\r\n1,new\r\n"));
        return test::run(trac->probe(at)).value().changed_since;
    };
    CHECK(probed(csv(head)));
    CHECK_FALSE(probed(csv("id,Status\r\n1,new\r\n")));
    CHECK_FALSE(probed(csv("")));
    CHECK_FALSE(probed(test::trac_page(500, "Trac Error")));
}
