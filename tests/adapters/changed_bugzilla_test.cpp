#include "tests/adapters/bugzilla_pages.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using namespace checkwatches::test;
using namespace checkwatches::test::bugzilla;

namespace {

constexpr utc_time since = std::chrono::sys_days{std::chrono::year{2026} / 11 / 20} + std::chrono::hours{10};
capabilities const rest{.protocol = "rest", .version = "5.2", .batch = 500, .changed_since = true};
capabilities const xmlrpc{.protocol = "xmlrpc", .version = "5.2", .batch = 500, .changed_since = true};

canned_remote at_server(canned_remote::answering f)
{
    return canned_remote{"https://bugs.example.org/bz", std::move(f)};
}

findings look_changed(canned_remote& at, capabilities const& can, std::vector<std::string> const& ids)
{
    auto const adapter = adapters::make_bugzilla();
    return run(adapter->look_changed(at, can, ids, since));
}

std::string bug(std::string_view id)
{
    return fmt::format(R"({{"id":{},"status":"NEW","resolution":"","summary":"s"}})", id);
}

reply bugs(std::vector<std::string> const& ids)
{
    std::vector<std::string> rows;
    for (auto const& id : ids)
        rows.push_back(bug(id));
    return json(fmt::format(R"({{"bugs":[{}]}})", fmt::join(rows, ",")));
}

bool asks_changes(request const& rq)
{
    return rq.url.parameter("last_change_time").has_value();
}

std::string endings(findings const& all, std::vector<std::string> const& ids)
{
    std::string out;
    for (auto const& id : ids)
        out += (out.empty() ? "" : " ") + ending(all, id);
    return out;
}

} // namespace

TEST_CASE("bugzilla changed: one request brings the records of what changed; the rest is unmodified")
{
    auto at = at_server([](request const&) { return bugs({"2"}); });
    auto const found = look_changed(at, rest, {"1", "2", "3"});
    CHECK_FALSE(found.trouble);
    CHECK(endings(found, {"1", "2", "3"}) == "unmodified seen unmodified");
    REQUIRE(at.asked.size() == 1);
    auto const& url = at.asked[0].url;
    CHECK(url.parameter("id") == "1,2,3");
    CHECK(url.parameter("limit") == "3");
    CHECK(url.parameter("include_fields")->starts_with("id,status,"));
    // Five minutes for a precision of seconds and a replica that lags behind.
    CHECK(url.parameter("last_change_time") == "2026-11-20T09:55:00Z");
    CHECK_FALSE(at.asked[0].conditional);
}

TEST_CASE("bugzilla changed: a server that does not know the filter answers for all, and all are seen")
{
    auto at = at_server([](request const& rq) { return bugs(searched_ids(rq)); });
    auto const found = look_changed(at, rest, {"1", "2", "3"});
    CHECK(endings(found, {"1", "2", "3"}) == "seen seen seen");
    CHECK(at.asked.size() == 1);
}

TEST_CASE("bugzilla changed: an answer for others than were asked for proves nothing")
{
    auto at = at_server(
        [](request const& rq) { return asks_changes(rq) ? bugs({"71", "72"}) : bugs(searched_ids(rq)); });
    auto const found = look_changed(at, rest, {"1", "2"});
    CHECK_FALSE(found.trouble);
    CHECK(endings(found, {"1", "2"}) == "seen seen");
    CHECK(at.asked.size() == 2);
}

TEST_CASE("bugzilla changed: what may have been cut off is asked for again")
{
    auto const ids = numbers(1, 60);
    auto at = at_server([](request const& rq) {
        auto const wanted = searched_ids(rq); // all but the first ten changed, and it sends 20 at a time
        std::vector<std::string> out;
        for (auto const& id : wanted)
            if (std::stoi(id) > 10 && out.size() < 20)
                out.push_back(id);
        return bugs(out);
    });
    auto const found = look_changed(at, rest, ids);
    CHECK_FALSE(found.trouble);
    for (auto const& id : ids)
        CHECK(ending(found, id) == (std::stoi(id) > 10 ? "seen" : "unmodified"));
    CHECK(at.asked.size() == 3); // 20, 20, 10
}

TEST_CASE("bugzilla changed: a refused question is no trouble, a page in its place is")
{
    auto refusing = at_server([](request const& rq) {
        return asks_changes(rq) ? json_error(400, 56, "'2026' is not a legal date.") : bugs(searched_ids(rq));
    });
    CHECK(endings(look_changed(refusing, rest, {"1", "2"}), {"1", "2"}) == "seen seen");

    auto paged = at_server([](request const&) { return html("Frobzilla", "welcome"); });
    auto const found = look_changed(paged, rest, {"1", "2"});
    REQUIRE(found.trouble);
    CHECK(found.trouble->kind == error_kind::protocol_error);
    CHECK(found.found.empty());

    auto closed = at_server([](request const&) { return down(); });
    CHECK(look_changed(closed, rest, {"1", "2"}).trouble->kind == error_kind::maintenance);
    CHECK(closed.asked.size() == 1);
}

TEST_CASE("bugzilla changed: malformed ids and aliases are what they are in any look")
{
    auto at = at_server([](request const& rq) { return searched_ids(rq).empty() ? bugs({"5"}) : bugs({}); });
    auto const found = look_changed(at, rest, {"1", "CVE-2026-0001", "0"});
    CHECK(endings(found, {"1", "CVE-2026-0001", "0"}) == "unmodified seen invalid_id");
}

TEST_CASE("bugzilla changed: XML-RPC searches by the ids and the time")
{
    auto at = at_server([](request const&) {
        return rpc_value("<struct><member><name>bugs</name><value><array><data><value><struct>"
                         "<member><name>id</name><value><int>2</int></value></member>"
                         "<member><name>status</name><value><string>NEW</string></value></member>"
                         "</struct></value></data></array></value></member></struct>");
    });
    auto const found = look_changed(at, xmlrpc, {"1", "2"});
    CHECK_FALSE(found.trouble);
    CHECK(endings(found, {"1", "2"}) == "unmodified seen");
    REQUIRE(at.asked.size() == 1);
    CHECK(contains(at.asked[0].body, "<methodName>Bug.search</methodName>"));
    CHECK(contains(at.asked[0].body, "<dateTime.iso8601>20261120T09:55:00</dateTime.iso8601>"));
}

TEST_CASE("bugzilla changed: where the protocol cannot tell, everything is read")
{
    auto at = at_server([](request const&) {
        return canned(200, "text/csv", "bug_id,\"bug_status\"\n1,\"NEW\"\n2,\"NEW\"\n");
    });
    auto const found = look_changed(at, {.protocol = "csv", .batch = 500}, {"1", "2"});
    CHECK(endings(found, {"1", "2"}) == "seen seen");
    CHECK_FALSE(contains(at.asked[0].url.query, "chfield"));
}

TEST_CASE("bugzilla rest: small batches and single bugs are asked conditionally; 304 is unmodified")
{
    auto at = at_server([](request const& rq) -> reply {
        CHECK(rq.conditional);
        return {.status = 304};
    });
    std::vector<std::string> const ids{"1", "2", "CVE-2026-0001"};
    auto const found = look(at, rest, ids);
    CHECK_FALSE(found.trouble);
    CHECK(endings(found, ids) == "unmodified unmodified unmodified");

    auto const adapter = adapters::make_bugzilla();
    auto const told = adapter->conditional_questions(at, rest, ids);
    REQUIRE(told.size() == 2);
    std::set<std::string> asked;
    for (auto const& rq : at.asked)
        asked.insert(rq.url.text());
    for (auto const& q : told)
        CHECK(asked.contains(q.url));
    CHECK(told[0].ids == std::vector<std::string>{"CVE-2026-0001"});
    CHECK(told[1].ids == std::vector<std::string>{"1", "2"});

    auto large = at_server([](request const& rq) { return bugs(searched_ids(rq)); });
    look(large, rest, numbers(1, 51));
    CHECK_FALSE(large.asked[0].conditional);
    CHECK(adapter->conditional_questions(large, rest, numbers(1, 51)).empty());
}

TEST_CASE("bugzilla: a probe tells which protocols can say what changed")
{
    auto const adapter = adapters::make_bugzilla();
    auto probed = [&](canned_remote::answering f) {
        auto at = at_server(std::move(f));
        return run(adapter->probe(at)).value().changed_since;
    };
    CHECK(probed([](request const&) { return json(R"({"version":"5.2"})"); }));
    auto const rpc_only = [](std::string_view version) {
        return [=](request const& rq) {
            return rq.url.path.ends_with("xmlrpc.cgi") ? rpc_version(version) : not_there();
        };
    };
    CHECK(probed(rpc_only("4.4")));
    CHECK_FALSE(probed(rpc_only("3.4"))); // its times are in an unknown zone
    CHECK_FALSE(probed([](request const& rq) {
        return rq.url.path.ends_with("show_bug.cgi") ? xml("<bugzilla version=\"2.22\"></bugzilla>")
                                                     : not_there();
    }));
}
