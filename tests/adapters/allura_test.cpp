#include "adapters/allura.hpp"
#include "tests/support/found.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"
#include "tests/support/scripted_remote.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace checkwatches;
using test::answer;
using test::ended;
using test::seen;

namespace {

constexpr utc_time since = std::chrono::sys_days{std::chrono::year{2026} / 11 / 20} + std::chrono::hours{10};
using strings = std::vector<std::string>;

adapters::reply json(std::string body, unsigned status = 200)
{
    return answer(status, "application/json; charset=utf-8", std::move(body));
}

std::string ticket(int id, std::string_view status = "open", std::string_view priority = "5")
{
    return fmt::format(
        R"({{"ticket_num":{0},"summary":"pear {0}","status":"{1}","private":false,"labels":["plum"],)"
        R"("mod_date":"2026-11-20 10:00:00.123000","custom_fields":{{"_priority":"{2}","_milestone":""}}}})",
        id,
        status,
        priority);
}

adapters::reply found(strings const& rows, std::size_t count)
{
    return json(fmt::format(
        R"({{"tickets":[{}],"count":{},"limit":100,"page":0,"solr_error":null}})",
        fmt::join(rows, ","),
        count));
}
adapters::reply found(strings const& rows)
{
    return found(rows, rows.size());
}

adapters::reply single(int id)
{
    return json(fmt::format(R"({{"ticket":{}}})", ticket(id)));
}

adapters::reply refused(unsigned status)
{
    return answer(
        status,
        "text/html; charset=utf-8",
        fmt::format("<html><head><title>A {} Error has Occurred </title></head></html>", status));
}

adapters::reply front_page(unsigned status)
{
    return answer(status, "text/html", "<html><head><title>nginx</title></head></html>");
}

adapters::reply tool()
{
    return json(R"({"tickets":[{"ticket_num":1,"summary":"x"}],"count":9,"tracker_config":{"options":{}}})");
}

std::string const home = "/rest/p/pear/bugs/";

struct tracker {
    explicit tracker(std::string_view base = "https://sourceforge.net/p/pear/bugs") : at{base} {}

    test::scripted_remote at;
    capabilities can{.protocol = "search", .batch = 100, .changed_since = true};
    std::unique_ptr<adapters::adapter const> allura = adapters::make_allura();

    adapters::findings look(strings const& ids) { return test::run(allura->look(at, can, ids)); }
    adapters::findings look_changed(strings const& ids)
    {
        return test::run(allura->look_changed(at, can, ids, since));
    }
    result<capabilities> probe() { return test::run(allura->probe(at)); }
    tracker& on_search(result<adapters::reply> what)
    {
        at.on("GET", home + "search?*", std::move(what));
        return *this;
    }
    tracker& on_one(std::string const& id, result<adapters::reply> what)
    {
        at.on("GET", home + id + "/", std::move(what));
        return *this;
    }
};

} // namespace

TEST_CASE("Allura: a ticket's address names a tool and a number")
{
    struct row {
        char const* address;
        char const* base;
        char const* id;
    };
    auto const allura = adapters::make_allura();
    for (auto const& r : std::vector<row>{
             {"https://sourceforge.net/p/pear/bugs/042/", "https://sourceforge.net/p/pear/bugs", "42"},
             {"http://www.sf.net/p/pear/bugs/7?page=1#x", "https://sourceforge.net/p/pear/bugs", "7"},
             {"https://sourceforge.net/p/pear/sub/patches/7/",
              "https://sourceforge.net/p/pear/sub/patches",
              "7"},
             {"https://sourceforge.net/u/jo/tickets/7/", "https://sourceforge.net/u/jo/tickets", "7"},
             {"https://forge.example.org/rest/p/pear/bugs/7", "https://forge.example.org/p/pear/bugs", "7"},
             {"http://127.0.0.1:8080/p/pear/bugs/7/", "http://127.0.0.1:8080/p/pear/bugs", "7"}}) {
        INFO(r.address);
        auto const ref = allura->recognise(test::url(r.address));
        REQUIRE(ref);
        CHECK(ref->base.text() == r.base);
        CHECK(ref->remote_id == r.id);
        CHECK(allura->bug_url(ref->base, ref->remote_id).text() == std::string{r.base} + "/" + r.id + "/");
    }
    for (auto const* const other :
         {"https://sourceforge.net/p/pear/wiki/Home/",
          "https://sourceforge.net/p/pear/bugs/",
          "https://sourceforge.net/p/pear/7/",
          "https://sourceforge.net/projects/pear/bugs/7/",
          "https://sourceforge.net/p/a/b/c/bugs/7/"})
        CHECK_FALSE(allura->recognise(test::url(other)));
    CHECK(allura->normalise("#07") == "7");
    CHECK_FALSE(allura->normalise("x7"));
}

TEST_CASE("Allura probe: the API's own page of the tool proves it")
{
    tracker t;
    t.at.on("GET", home + "?limit=1", tool());
    auto const can = t.probe();
    REQUIRE(can);
    CHECK(can->changed_since);
    CHECK(can->batch == 100);
    CHECK(can->identity.empty());
    CHECK(t.at.asked().size() == 1);

    tracker known;
    known.at.set_credential(false);
    known.at.on("GET", home + "?limit=1", tool());
    CHECK(known.probe()->identity == "logged in");
    CHECK(known.at.asked().front().login->prefix == "Bearer ");
}

TEST_CASE("Allura probe: what is no tracker of Allura is unsupported, and what prevents an answer is told")
{
    struct row {
        result<adapters::reply> what;
        error_kind kind;
    };
    for (auto const& r : std::vector<row>{
             {refused(404), error_kind::unsupported},
             {front_page(404), error_kind::unsupported},
             {front_page(200), error_kind::unsupported},
             {json("{}"), error_kind::unsupported},
             {json("[1"), error_kind::unsupported},
             {json(R"({"pages":["Home"]})"), error_kind::unsupported},
             {json(R"({"code":"401 Unauthorized"})", 401), error_kind::auth_failed},
             {refused(403), error_kind::auth_failed},
             {error{.kind = error_kind::timeout}, error_kind::timeout},
             {front_page(503), error_kind::maintenance},
             {front_page(502), error_kind::protocol_error}}) {
        tracker t;
        t.at.on("GET", home + "?limit=1", r.what);
        CHECK(t.probe().error().kind == r.kind);
    }
}

TEST_CASE("Allura: one search for many, and each id has one right end")
{
    tracker t;
    t.on_search(found({ticket(1, "closed-fixed", "9"), ticket(2), ticket(77)}, 3))
        .on_one("3", refused(404))
        .on_one("4", json(R"({"message":"x","code":"401 Unauthorized","title":"x"})", 401))
        .on_one("5", refused(403))
        .on_one("6", single(6))
        .on_one("8", single(9))
        .on_one("10", json(R"({"ticket":[]})"))
        .on_one("99999999999", refused(404));
    auto const got = t.look({"1", "2", "3", "4", "5", "6", "8", "10", "x", "99999999999"});
    CHECK_FALSE(got.trouble);
    auto const one = seen(got, "1");
    CHECK(one.words.status == "closed-fixed");
    CHECK(one.words.priority == "9");
    CHECK(one.words.labels == strings{"plum"});
    CHECK(one.words.type.empty());
    CHECK(one.title == "pear 1");
    CHECK(format_time(one.modified.value()) == "2026-11-20T10:00:00Z");
    CHECK(ended(got, "2") == outcome::seen);
    CHECK(ended(got, "3") == outcome::not_found);
    CHECK(ended(got, "4") == outcome::forbidden);
    CHECK(ended(got, "5") == outcome::forbidden);
    CHECK(ended(got, "6") == outcome::seen);
    CHECK(ended(got, "8") == outcome::not_answered);
    CHECK(ended(got, "10") == outcome::unparsable);
    CHECK(ended(got, "x") == outcome::invalid_id);
    CHECK(ended(got, "99999999999") == outcome::not_found);
    CHECK(t.at.count(home + "search?") == 1);
    auto const asked = t.at.asked().front().url;
    CHECK(asked.parameter("q") == "ticket_num:(1 OR 2 OR 3 OR 4 OR 5 OR 6 OR 8 OR 10)");
    CHECK(asked.parameter("limit") == "100");
}

TEST_CASE("Allura: a 404 of something in front of it is no ticket's end")
{
    tracker one;
    one.on_search(found({ticket(1)})).on_one("2", front_page(404));
    auto const got = one.look({"1", "2"});
    CHECK_FALSE(got.trouble);
    CHECK(ended(got, "2") == outcome::not_answered);

    tracker many;
    many.on_search(found({}));
    for (auto const* const id : {"1", "2", "3"})
        many.on_one(id, front_page(404));
    auto const none = many.look({"1", "2", "3"});
    REQUIRE(none.trouble);
    CHECK(none.trouble->kind == error_kind::protocol_error);
    CHECK(none.found.empty());
}

TEST_CASE("Allura: a tool for wishes says so of each ticket")
{
    tracker t{"https://sourceforge.net/p/pear/feature-requests"};
    t.at.on("GET", "/rest/p/pear/feature-requests/search?*", found({ticket(1)}));
    CHECK(seen(t.look({"1"}), "1").words.type == "feature request");
}

TEST_CASE("Allura: trouble of the tracker is no ticket's end")
{
    struct row {
        result<adapters::reply> what;
        error_kind kind;
    };
    for (auto const& r : std::vector<row>{
             {error{.kind = error_kind::timeout}, error_kind::timeout},
             {json(R"({"tickets":[],"count":0,"solr_error":"Error running search"})"),
              error_kind::protocol_error},
             {json("{\"tickets\":"), error_kind::protocol_error},
             {json(R"({"tickets":[{"summary":"x"}]})"), error_kind::protocol_error},
             {refused(404), error_kind::protocol_error},
             {refused(401), error_kind::auth_failed},
             {front_page(403), error_kind::auth_failed},
             {front_page(200), error_kind::protocol_error},
             {front_page(503), error_kind::maintenance}}) {
        tracker t;
        t.on_search(r.what);
        auto const got = t.look({"1", "2"});
        REQUIRE(got.trouble);
        CHECK(got.trouble->kind == r.kind);
        CHECK(got.found.empty());
    }
    tracker later;
    later.on_search(found({ticket(1)})).on_one("2", front_page(503));
    auto const got = later.look({"1", "2"});
    CHECK(ended(got, "1") == outcome::seen);
    CHECK_FALSE(ended(got, "2"));
    CHECK(got.trouble->kind == error_kind::maintenance);
}

TEST_CASE("Allura: a look asks for a bounded number of tickets one by one")
{
    tracker t;
    t.on_search(found({}));
    t.at.on("GET", home + "*", refused(404));
    strings ids;
    for (int id = 1; id <= 25; ++id)
        ids.push_back(std::to_string(id));
    auto const got = t.look(ids);
    CHECK(got.found.size() == 20);
    CHECK(got.trouble->kind == error_kind::deferred);
}

TEST_CASE("Allura: what a redirect leads to has moved")
{
    tracker t;
    auto page = answer(200, "text/html", "<html><title>pear</title></html>");
    page.url = test::url("https://sourceforge.net/p/pear/support/9/");
    auto login = answer(200, "text/html", "<html><title>Log In</title></html>");
    login.url = test::url("https://sourceforge.net/auth/?return_to=x");
    t.on_search(found({})).on_one("1", page).on_one("2", login);
    auto const got = t.look({"1", "2"});
    CHECK(ended(got, "1") == outcome::moved);
    CHECK(
        std::get<adapters::absence>(test::find(got, "1")->what).detail
        == "https://sourceforge.net/p/pear/support/9/");
    CHECK_FALSE(ended(got, "2"));
    CHECK(got.trouble->kind == error_kind::auth_failed);

    tracker renamed;
    auto rows = found({ticket(7)});
    rows.url = test::url("https://sourceforge.net/rest/p/apple/bugs/search?q=x");
    renamed.on_search(rows);
    auto const away = renamed.look({"7"});
    CHECK(ended(away, "7") == outcome::moved);
    CHECK(
        std::get<adapters::absence>(test::find(away, "7")->what).detail
        == "https://sourceforge.net/p/apple/bugs/7/");
}

TEST_CASE("Allura changed: only a complete answer calls a ticket unmodified")
{
    tracker t;
    t.on_search(found({ticket(2)}));
    auto const got = t.look_changed({"1", "2", "3"});
    CHECK_FALSE(got.trouble);
    CHECK(ended(got, "1") == outcome::unmodified);
    CHECK(ended(got, "2") == outcome::seen);
    CHECK(ended(got, "3") == outcome::unmodified);
    CHECK(t.at.asked().size() == 1);
    CHECK(
        t.at.asked().front().url.parameter("q")
        == "ticket_num:(1 OR 2 OR 3) AND mod_date:[2026-11-20T09:50:00Z TO *]");

    for (auto const& doubtful :
         {found({ticket(2)}, 3),
          found({ticket(2), ticket(9)}),
          json(R"({"tickets":[],"solr_error":null})")}) {
        tracker u;
        u.on_search(doubtful).on_search(found({ticket(1), ticket(2)}));
        auto const again = u.look_changed({"1", "2"});
        CHECK(ended(again, "1") == outcome::seen);
        CHECK(ended(again, "2") == outcome::seen);
        CHECK(u.at.asked().size() == 2);
    }

    tracker large;
    large.on_one("99999999999", refused(404));
    CHECK(ended(large.look_changed({"99999999999"}), "99999999999") == outcome::not_found);
    CHECK(large.at.asked().size() == 1);

    tracker down;
    down.on_search(front_page(503));
    CHECK(down.look_changed({"1"}).trouble->kind == error_kind::maintenance);
}
