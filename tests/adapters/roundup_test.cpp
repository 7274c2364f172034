#include "adapters/roundup.hpp"
#include "tests/support/found.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"
#include "tests/support/scripted_remote.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace checkwatches;
using namespace test;

namespace {

constexpr utc_time since = std::chrono::sys_days{std::chrono::year{2026} / 11 / 20} + std::chrono::hours{10};

adapters::reply json(std::string const& data)
{
    return answer(200, "application/json", "{\"data\": " + data + "}");
}

adapters::reply fault(unsigned status, std::string_view words)
{
    return answer(
        status,
        "application/json",
        fmt::format("{{\"error\": {{\"status\": {}, \"msg\": \"{}\"}}}}", status, words));
}

adapters::reply page(unsigned status)
{
    return answer(status, "text/html", "<html><head><title>nginx</title></head></html>");
}

adapters::reply csv(std::string lines)
{
    return answer(200, "text/csv; charset=utf-8", std::move(lines));
}

std::string fields(std::string_view status, std::string_view more = {})
{
    return fmt::format(
        R"("title": "plums", "activity": "2026-11-20.10:00:00", "status": {{"id": "4", "link": "x", "name": "{}"}},
           "priority": {{"id": "3", "link": "y", "name": "bug"}}{})",
        status,
        more);
}

std::string row(int id, std::string_view status, std::string_view more = {})
{
    return fmt::format(R"({{"id": "{}", "link": "z", {}}})", id, fields(status, more));
}

adapters::reply collection(std::string const& rows, std::string const& links = "{}")
{
    return json("{\"collection\": [" + rows + "], \"@links\": " + links + ", \"@total_size\": 1}");
}

struct tracker {
    scripted_remote at{"https://bugs.example.org/"};
    capabilities can{.protocol = "rest:activity,priority,resolution,status,superseder,title", .batch = 200};
    std::unique_ptr<adapters::adapter const> kind = adapters::make_roundup();

    adapters::findings look(std::vector<std::string> const& ids) { return run(kind->look(at, can, ids)); }
    result<capabilities> probe() { return run(kind->probe(at)); }
};

} // namespace

TEST_CASE("Roundup REST: a search, and what it leaves out one by one")
{
    tracker t;
    t.at.on(
        "GET",
        "/rest/data/issue?*",
        collection(
            row(1, "chatting") + ","
            + row(20, "closed", R"(, "resolution": null, "superseder": [{"id": "10", "link": "s"}])") + ","
            + row(77, "unread") + R"(, {"title": "no id"})"));
    t.at.on("GET", "/rest/data/issue/13?*", fault(403, "Permission to view issue13 denied"));
    t.at.on("GET", "/rest/data/issue/9999?*", fault(404, "Issue 9999 not found"));
    t.at.on(
        "GET",
        "/rest/data/issue/30?*",
        json("{\"id\": \"30\", \"attributes\": {" + fields("resolved") + "}}"));
    auto const got = t.look({"1", "13", "20", "30", "9999", "x"});
    CHECK_FALSE(got.trouble);
    auto const one = seen(got, "1");
    CHECK(one.words.status == "chatting");
    CHECK(one.words.priority == "bug");
    CHECK(one.modified == since);
    CHECK(one.title == "plums");
    CHECK(seen(got, "20").duplicate_of == "10");
    CHECK(seen(got, "20").words.resolution == "None");
    CHECK(seen(got, "30").words.status == "resolved");
    CHECK(ended(got, "13") == outcome::forbidden);
    CHECK(ended(got, "9999") == outcome::not_found);
    CHECK(ended(got, "x") == outcome::invalid_id);
    CHECK(find(got, "77") == nullptr);
    auto const& asked = t.at.asked()[0];
    CHECK(asked.url.query.starts_with("id=1&id=13&id=20&id=30&id=9999&@fields=activity,priority,"));
    CHECK(asked.url.query.find("&@verbose=2&@page_size=6") != std::string::npos);
}

TEST_CASE("Roundup REST: an empty page may have a next one")
{
    tracker t;
    t.at.next(collection("", R"({"next": [{"rel": "next", "uri": "http://inside/"}]})"));
    t.at.next(collection(row(1, "unread")));
    CHECK(ended(t.look({"1"}), "1") == outcome::seen);
    REQUIRE(t.at.asked().size() == 2);
    CHECK(t.at.asked()[1].url.host == "bugs.example.org");
    CHECK(t.at.asked()[1].url.parameter("@page_index") == "2");
}

TEST_CASE("Roundup REST: trouble is no absence")
{
    std::vector<std::pair<result<adapters::reply>, error_kind>> const all{
        {error{.kind = error_kind::timeout}, error_kind::timeout},
        {fault(401, "Invalid Login"), error_kind::auth_failed},
        {fault(403, "Forbidden."), error_kind::auth_failed},
        {fault(400, "Field x is not valid"), error_kind::protocol_error},
        {fault(404, "Class issue not found"), error_kind::protocol_error},
        {page(503), error_kind::maintenance},
        {page(200), error_kind::protocol_error},
        {json("{}"), error_kind::protocol_error},
        {answer(200, "application/json", "{"), error_kind::protocol_error}};
    for (auto const& [what, kind] : all) {
        tracker t;
        t.at.on("GET", "/rest/data/issue?*", what);
        auto const got = t.look({"1", "2"});
        REQUIRE(got.trouble);
        CHECK(got.trouble->kind == kind);
        CHECK(got.found.empty());
    }
}

TEST_CASE("Roundup REST: what changed, with a day's overlap; where the answer is no use, all is read")
{
    std::vector<std::string> const ids{"1", "2"};
    tracker t;
    t.at.next(collection(row(2, "resolved")));
    auto const got = run(t.kind->look_changed(t.at, t.can, ids, since));
    CHECK(ended(got, "1") == outcome::unmodified);
    CHECK(seen(got, "2").words.status == "resolved");
    CHECK(t.at.asked()[0].url.parameter("activity") == "2026-11-19.10:00:00;");

    for (auto const& odd :
         {fault(400, "Not a date spec"),
          collection(row(77, "unread")),
          collection("7"),
          collection(R"({"title": "no id"})")}) {
        tracker u;
        u.at.next(odd);
        u.at.next(collection(row(1, "unread") + "," + row(2, "unread")));
        CHECK(ended(run(u.kind->look_changed(u.at, u.can, ids, since)), "1") == outcome::seen);
    }
}

TEST_CASE("Roundup CSV: names, numbers and None")
{
    tracker t;
    t.can.protocol = "csv:title,activity,status,resolution,priority";
    t.at.on(
        "GET",
        "/issue?@action=export_csv&@columns=id,title,activity,status,resolution,priority&*",
        csv("id,title,activity,status,resolution,priority\r\n"
            "1,\"plums, sour\",2026-11-20.10:00:00,1,None,2\r\n2,x,None,2,3,None\r\n"));
    t.at.on("GET", "/status?*", csv("id,name\r\n1,open\r\n2,closed\r\n"));
    t.at.on("GET", "/resolution?*", csv("id,name\r\n3,fixed\r\n"));
    t.at.on("GET", "/priority?*", csv("id,name\r\n3,bug\r\n"));
    t.at.on("GET", "/issue13", page(403));
    t.at.on("GET", "/issue14", page(200));
    t.at.on("GET", "/issue9999", page(404));
    auto const got = t.look({"1", "2", "13", "14", "9999"});
    CHECK_FALSE(got.trouble);
    CHECK(seen(got, "1").words.status == "open");
    CHECK(seen(got, "1").words.resolution.empty());
    CHECK(seen(got, "1").words.priority == "2"); // whose name nobody tells
    CHECK(seen(got, "1").title == "plums, sour");
    CHECK(seen(got, "1").modified == since);
    CHECK(seen(got, "2").words.resolution == "fixed");
    CHECK(ended(got, "13") == outcome::forbidden);
    CHECK(ended(got, "14") == outcome::not_answered);
    CHECK(ended(got, "9999") == outcome::not_found);
    CHECK(t.at.asked()[0].url.parameter("id") == "1,2,13,14,9999");

    tracker deaf;
    deaf.can.protocol = "csv:title,status";
    deaf.at.next(csv("id,title,status\r\n7,x,unread\r\n8,y,unread\r\n"));
    REQUIRE(deaf.look({"1"}).trouble);
}

TEST_CASE("Roundup: what is hidden is not taken for what is not there")
{
    tracker t;
    t.at.on(
        "GET",
        "/rest/data/issue?*",
        collection(R"({"id": "1", "title": "x", "status": {"id": "2", "name": "closed"}},)"
                   R"({"id": "2", "title": "x", "resolution": null})"));
    auto const got = t.look({"1", "2"});
    CHECK(seen(got, "1").words.resolution == "[hidden]");
    auto const means = t.kind->interpret(seen(got, "1").words);
    CHECK_FALSE(means.state);
    CHECK(means.unmapped == std::vector<unmapped_word>{{.field = "status", .word = "closed [hidden]"}});
    CHECK(means.weight == importance::unknown);
    CHECK(ended(got, "2") == outcome::unparsable);

    tracker old;
    old.can.protocol = "csv:title,status,resolution";
    old.at.next(csv("id,title,status,resolution\r\n1,x,closed,[hidden]\r\n2,x,[hidden],None\r\n"));
    auto const rows = old.look({"1", "2"});
    CHECK_FALSE(old.kind->interpret(seen(rows, "1").words).state);
    CHECK(ended(rows, "2") == outcome::unparsable);
}

TEST_CASE("Roundup CSV: where the names are not told, numbers are not passed off as words")
{
    tracker t;
    t.can.protocol = "csv:title,status";
    t.at.on("GET", "/issue?*", csv("id,title,status\r\n1,x,2\r\n"));
    t.at.on("GET", "/status?*", page(403));
    auto const got = t.look({"1"});
    CHECK(got.found.empty());
    REQUIRE(got.trouble);
    CHECK(got.trouble->kind == error_kind::auth_failed);
}

TEST_CASE("Roundup CSV: an issue that breaks the server stops no look between others that do not")
{
    tracker t;
    t.can.protocol = "csv:title,status";
    t.at.on("GET", "/issue?*", csv("id,title,status\r\n"));
    for (auto const* const id : {"1", "3", "5"})
        t.at.on("GET", std::string{"/issue"} + id, page(500));
    for (auto const* const id : {"2", "4"})
        t.at.on("GET", std::string{"/issue"} + id, page(404));
    auto const got = t.look({"1", "2", "3", "4", "5"});
    CHECK_FALSE(got.trouble);
    CHECK(ended(got, "1") == outcome::not_answered);
    CHECK(ended(got, "4") == outcome::not_found);
}

TEST_CASE("Roundup REST: an answer about another issue is not believed")
{
    tracker t;
    t.at.on("GET", "/rest/data/issue?*", collection(""));
    t.at.on(
        "GET", "/rest/data/issue/1?*", json("{\"id\": \"2\", \"attributes\": {" + fields("resolved") + "}}"));
    t.at.on("GET", "/rest/data/issue/3?*", json("{\"attributes\": {" + fields("resolved") + "}}"));
    auto const got = t.look({"1", "3"});
    CHECK_FALSE(got.trouble);
    CHECK(ended(got, "1") == outcome::not_answered);
    CHECK(ended(got, "3") == outcome::not_answered);
}

TEST_CASE("Roundup probe: the fields of its issues by REST")
{
    tracker t;
    t.at.on("GET", "/rest/", json(R"({"default_version": 1, "supported_versions": [1], "links": []})"));
    t.at.on("GET", "/rest/data/issue?@page_size=1", collection(R"({"id": "7", "link": "z"})"));
    t.at.on(
        "GET",
        "/rest/data/issue/7?@protected=true",
        json(
            R"({"id": "7", "attributes": {"title": "x", "status": {"id": "1"}, "nosy": [], "activity": "y"}})"));
    t.at.on("GET", "/rest/data/issue?id=7&*", collection(""));
    auto const can = t.probe();
    REQUIRE(can);
    CHECK(can->protocol == "rest:activity,status,title");
    CHECK(can->changed_since);
    CHECK_FALSE(can->importance);
    CHECK(can->login.empty());
    CHECK(t.at.asked().size() == 4);
    CHECK(t.at.asked()[3].url.parameter("activity") == "2100-01-01.00:00:00;");

    t.at.set_credential(true);
    CHECK(t.probe()->login == "basic");
    CHECK(t.at.asked()[4].login->place == adapters::login_place::where::basic);
}

TEST_CASE("Roundup probe: the export where there is no REST, with the columns that it knows")
{
    tracker t;
    t.at.on("GET", "/rest/", page(404));
    t.at.next(page(400));
    t.at.next(csv("id,title,activity,status,priority\r\n"));
    auto const can = t.probe();
    REQUIRE(can);
    CHECK(can->protocol == "csv:title,activity,status,priority");
    CHECK(can->importance);
    CHECK_FALSE(can->changed_since);
}

TEST_CASE("Roundup probe: what is no Roundup, or does not let us in")
{
    struct sample {
        result<adapters::reply> rest;
        adapters::reply export_;
        error_kind kind;
    };
    std::vector<sample> const rows{
        {page(404), page(404), error_kind::unsupported},
        {page(200), page(200), error_kind::unsupported},
        {answer(404, "application/json", R"({"error":true,"code":32614})"),
         page(404),
         error_kind::unsupported},
        {answer(200, "application/json", R"({"data":{}})"), page(404), error_kind::unsupported},
        {page(404), csv("number,title\r\n"), error_kind::unsupported},
        {fault(403, "Forbidden."), page(403), error_kind::auth_failed},
        {fault(401, "Invalid Login"), page(404), error_kind::auth_failed},
        {error{.kind = error_kind::timeout}, page(404), error_kind::timeout},
        {page(503), page(404), error_kind::maintenance}};
    for (auto const& r : rows) {
        tracker t;
        t.at.on("GET", "/rest/", r.rest);
        t.at.on("GET", "/issue?*", r.export_);
        auto const can = t.probe();
        REQUIRE_FALSE(can);
        CHECK(can.error().kind == r.kind);
    }
}
