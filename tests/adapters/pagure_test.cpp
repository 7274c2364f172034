#include "adapters/pagure.hpp"
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
    return answer(status, "application/json", std::move(body));
}

// `more` is of the kind R"(,"priority":3)".
std::string issue_json(int id, std::string_view status, std::string_view more = {})
{
    return fmt::format(
        R"({{"id":{0},"title":"pear {0}","status":"{1}","date_created":"1776000000",)"
        R"("last_updated":"1776064089","private":false,"comments":[],"user":{{"name":"jo"}}{2}}})",
        id,
        status,
        more);
}

adapters::reply list(std::vector<int> const& ids, int pages, bool next)
{
    std::string rows;
    for (int const id : ids)
        rows += (rows.empty() ? "" : ",") + issue_json(id, "Open");
    return json(fmt::format(
        R"({{"args":{{}},"issues":[{}],"pagination":{{"next":{},"pages":{},"prev":null}},"total_issues":{}}})",
        rows,
        next ? "\"https://elsewhere.example.org/?page=2\"" : "null",
        pages,
        ids.size()));
}

adapters::reply refused(unsigned status, std::string_view code)
{
    return json(fmt::format(R"({{"error":"Something","error_code":"{}"}})", code), status);
}

adapters::reply front_page(unsigned status)
{
    return answer(status, "text/html", "<html><head><title>nginx</title></head></html>");
}

adapters::reply project()
{
    return json(R"({"name":"pear","close_status":["Fixed"],"priorities":{"":"","1":"High","2":"Soon"}})");
}

struct tracker {
    test::scripted_remote at{"https://pagure.example.org/plum/pear"};
    capabilities can{.protocol = "rest", .batch = 100, .changed_since = true, .page = 100, .each = 1};
    std::unique_ptr<adapters::adapter const> pagure = adapters::make_pagure();

    adapters::findings look(strings const& ids) { return test::run(pagure->look(at, can, ids)); }
    adapters::findings look_changed(strings const& ids)
    {
        return test::run(pagure->look_changed(at, can, ids, since));
    }
    result<capabilities> probe() { return test::run(pagure->probe(at)); }
    tracker& on(std::string const& below, result<adapters::reply> what, std::string const& method = "GET")
    {
        at.on(method, "/api/0/" + below, std::move(what));
        return *this;
    }
    tracker& on_one(std::string const& id, result<adapters::reply> what)
    {
        return on("plum/pear/issue/" + id + "?comments=0", std::move(what));
    }
    tracker& on_list(int rows, int page, result<adapters::reply> what)
    {
        return on(
            fmt::format("plum/pear/issues?status=all&order=asc&per_page={}&page={}", rows, page),
            std::move(what));
    }
    tracker& on_changes(int page, result<adapters::reply> what)
    {
        return on(
            fmt::format("plum/pear/issues?status=all&order=asc&per_page=100&page={}&since=1795168740", page),
            std::move(what));
    }
};

} // namespace

TEST_CASE("Pagure: an issue's address names a project and a number")
{
    struct row {
        char const* address;
        char const* base;
        char const* id;
    };
    auto const pagure = adapters::make_pagure();
    for (auto const& r : std::vector<row>{
             {"https://pagure.io/pear/issue/042", "https://pagure.io/pear", "42"},
             {"https://pagure.io/plum/pear/issue/7#comment-1", "https://pagure.io/plum/pear", "7"},
             {"https://pagure.io/fork/jo/pear/issue/7/", "https://pagure.io/fork/jo/pear", "7"},
             {"https://pagure.io/fork/jo/plum/pear/issue/7", "https://pagure.io/fork/jo/plum/pear", "7"},
             {"http://127.0.0.1:5000/pear/issue/x7", "http://127.0.0.1:5000/pear", "x7"}}) {
        INFO(r.address);
        auto const ref = pagure->recognise(test::url(r.address));
        REQUIRE(ref);
        CHECK(ref->base.text() == r.base);
        CHECK(ref->remote_id == r.id);
        CHECK(pagure->bug_url(ref->base, ref->remote_id).text() == std::string{r.base} + "/issue/" + r.id);
    }
    for (auto const* const other :
         {"https://pagure.io/issue/7",
          "https://pagure.io/fork/jo/issue/7",
          "https://pagure.io/a/b/c/issue/7",
          "https://pagure.io/pear/issues/7",
          "https://pagure.io/pear/issue",
          "https://pagure.io/pear/pull-request/7"})
        CHECK_FALSE(pagure->recognise(test::url(other)));
    CHECK(pagure->normalise("#07") == "7");
    CHECK_FALSE(pagure->normalise("x7"));
}

TEST_CASE("Pagure probe: version and project prove it")
{
    tracker t;
    t.on("version", json(R"({"version":"0.31"})")).on("plum/pear", project());
    auto const can = t.probe();
    REQUIRE(can);
    CHECK(can->version == "API 0.31");
    CHECK(can->changed_since);
    CHECK(can->page == 100);
    CHECK(can->identity.empty());
    CHECK(t.at.asked().size() == 2);

    tracker missing;
    missing.on("version", json(R"({"version":"0.31"})")).on("plum/pear", refused(404, "ENOPROJECT"));
    CHECK(missing.probe());
}

TEST_CASE("Pagure probe: what is no Pagure is unsupported, and what prevents an answer is told")
{
    struct row {
        result<adapters::reply> version;
        result<adapters::reply> project;
        error_kind kind;
    };
    auto const version = json(R"({"version":"0.31"})");
    for (auto const& r : std::vector<row>{
             {front_page(404), project(), error_kind::unsupported},
             {front_page(200), project(), error_kind::unsupported},
             {json("{}"), project(), error_kind::unsupported},
             {json(R"({"detail":"x"})", 404), project(), error_kind::unsupported},
             {version, json(R"({"slug":"pear"})"), error_kind::unsupported},
             {version, front_page(404), error_kind::unsupported},
             {error{.kind = error_kind::timeout}, project(), error_kind::timeout},
             {front_page(503), project(), error_kind::maintenance},
             {version, front_page(502), error_kind::protocol_error}}) {
        tracker t;
        t.on("version", r.version).on("plum/pear", r.project);
        CHECK(t.probe().error().kind == r.kind);
    }
}

TEST_CASE("Pagure probe: a token is proved before it is believed")
{
    auto const with = [](adapters::reply const& who, adapters::reply const& issues) {
        tracker t;
        t.at.set_credential(false);
        t.on("version", json(R"({"version":"0.31"})"))
            .on("plum/pear", project())
            .on("-/whoami", who, "POST")
            .on("plum/pear/issues?status=all&per_page=1", issues);
        return t.probe();
    };
    auto const empty = list({}, 0, false);
    CHECK(with(json(R"({"username":"jo"})"), empty)->identity == "jo");
    CHECK(with(refused(401, "EINVALIDTOK"), empty).error().kind == error_kind::auth_failed);
    CHECK(with(front_page(404), empty)->identity == "logged in");
    CHECK(with(front_page(404), refused(401, "EINVALIDTOK")).error().kind == error_kind::auth_failed);
}

TEST_CASE("Pagure: every id has one right end, and a priority its name")
{
    tracker t;
    t.on("plum/pear", project())
        .on_one(
            "1", json(issue_json(1, "Closed", R"(,"close_status":"Invalid","priority":1,"tags":["bug"])")))
        .on_one("2", refused(404, "ENOISSUE"))
        .on_one("3", refused(403, "EISSUENOTALLOWED"))
        .on_one("4", json(issue_json(9, "Open")))
        .on_one("5", refused(400, "EDBERROR"))
        .on_one("6", json(issue_json(6, "Open", R"(,"close_status":null,"priority":null)")));
    auto const got = t.look({"1", "2", "3", "4", "5", "6", "x"});
    CHECK_FALSE(got.trouble);
    auto const one = seen(got, "1");
    CHECK(one.words.status == "Closed");
    CHECK(one.words.resolution == "Invalid");
    CHECK(one.words.priority == "High");
    CHECK(one.words.labels == strings{"bug"});
    CHECK(one.title == "pear 1");
    CHECK(format_time(one.modified.value()) == "2026-04-13T07:08:09Z");
    CHECK(ended(got, "2") == outcome::not_found);
    CHECK(ended(got, "3") == outcome::forbidden);
    CHECK(ended(got, "4") == outcome::not_answered);
    CHECK(ended(got, "5") == outcome::not_answered);
    CHECK(seen(got, "6").words.priority.empty());
    CHECK(ended(got, "x") == outcome::invalid_id);
    CHECK(t.at.count("/api/0/plum/pear/issue/") == 6);
    CHECK(t.at.asked().size() == 7);
}

TEST_CASE("Pagure: the list is read where it is much cheaper, and what it hides is asked for")
{
    strings const ids{"1", "2", "3", "4", "5", "6", "7", "8"};
    tracker small;
    small.on_list(1, 1, list({1}, 20, true)).on_list(100, 1, list({2, 3, 4, 5, 6, 7}, 1, false));
    small.on_one("8", refused(403, "EISSUENOTALLOWED"));
    auto const got = small.look(ids);
    CHECK_FALSE(got.trouble);
    CHECK(ended(got, "1") == outcome::seen);
    CHECK(ended(got, "7") == outcome::seen);
    CHECK(ended(got, "8") == outcome::forbidden);
    CHECK(small.at.asked().size() == 3);

    tracker large;
    large.on_list(1, 1, list({1}, 5000, true));
    for (auto const& id : ids)
        large.on_one(id, json(issue_json(std::stoi(id), "Open")));
    CHECK(ended(large.look(ids), "8") == outcome::seen);
    CHECK(large.at.asked().size() == 8);

    tracker gone;
    gone.on_list(1, 1, refused(404, "ENOPROJECT"));
    CHECK(ended(gone.look(ids), "4") == outcome::not_found);
    CHECK(gone.at.asked().size() == 1);
}

TEST_CASE("Pagure: trouble of the tracker is no issue's end")
{
    struct row {
        result<adapters::reply> what;
        error_kind kind;
    };
    for (auto const& r : std::vector<row>{
             {error{.kind = error_kind::timeout}, error_kind::timeout},
             {refused(401, "EINVALIDTOK"), error_kind::auth_failed},
             {refused(404, "ETRACKERDISABLED"), error_kind::unsupported},
             {refused(400, "EDBERROR"), error_kind::protocol_error},
             {front_page(404), error_kind::protocol_error},
             {front_page(403), error_kind::auth_failed},
             {front_page(200), error_kind::protocol_error},
             {front_page(503), error_kind::maintenance},
             {json("{\"id\":"), error_kind::protocol_error}}) {
        tracker t;
        for (auto const* const id : {"1", "2", "3"})
            t.on_one(id, r.what);
        auto const got = t.look({"1", "2", "3"});
        REQUIRE(got.trouble);
        CHECK(got.trouble->kind == r.kind);
        CHECK(got.found.empty());
    }
}

TEST_CASE("Pagure: an issue of a project that was renamed has moved")
{
    tracker t;
    auto away = json(issue_json(7, "Open"));
    away.url = test::url("https://pagure.example.org/api/0/new/issue/7?comments=0");
    t.on_one("7", away);
    auto const got = t.look({"7"});
    CHECK(ended(got, "7") == outcome::moved);
    CHECK(
        std::get<adapters::absence>(test::find(got, "7")->what).detail
        == "https://pagure.example.org/new/issue/7");
}

TEST_CASE("Pagure changed: every page is read before anything is unmodified")
{
    tracker t;
    t.on_changes(1, list({90, 3}, 2, true)).on_changes(2, list({2}, 2, false));
    auto const got = t.look_changed({"1", "2", "3"});
    CHECK_FALSE(got.trouble);
    CHECK(ended(got, "1") == outcome::unmodified);
    CHECK(ended(got, "2") == outcome::seen);
    CHECK(ended(got, "3") == outcome::seen);
    CHECK(t.at.asked().size() == 2);

    tracker lively;
    lively.on_changes(1, list({90, 91}, 50, true)).on_one("1", json(issue_json(1, "Open")));
    CHECK(ended(lively.look_changed({"1"}), "1") == outcome::seen);
    CHECK(lively.at.asked().size() == 2);

    tracker down;
    down.on_changes(1, front_page(503));
    CHECK(down.look_changed({"1"}).trouble->kind == error_kind::maintenance);
}

TEST_CASE("Pagure changed: of a project that was renamed nothing is unmodified")
{
    tracker t;
    auto away = list({2}, 1, false);
    away.url = test::url("https://pagure.example.org/api/0/new/issues?status=all");
    auto one = json(issue_json(1, "Open"));
    one.url = test::url("https://pagure.example.org/api/0/new/issue/1?comments=0");
    t.on_changes(1, away).on_one("1", one);
    auto const got = t.look_changed({"1", "2"});
    CHECK_FALSE(got.trouble);
    CHECK(ended(got, "1") == outcome::moved);
    CHECK(ended(got, "2") == outcome::moved);
}

TEST_CASE("Pagure: the close status decides, and unknown words are not guessed")
{
    auto const of = [](std::string status, std::string closed, std::string priority = {}, strings tags = {}) {
        return adapters::make_pagure()->interpret(
            {.status = std::move(status),
             .resolution = std::move(closed),
             .priority = std::move(priority),
             .labels = std::move(tags)});
    };
    CHECK(of("Open", "").state == status::new_);
    CHECK(of("Blocked", "").state == status::confirmed);
    CHECK(of("Closed", "").state == status::fix_released);
    CHECK(of("Closed", "Fixed").state == status::fix_released);
    CHECK(of("Closed", "Invalid").state == status::invalid);
    CHECK(of("Closed", "Duplicate").state == status::invalid);
    CHECK(of("Closed", "Insufficient data").state == status::expired);
    CHECK(of("Closed", "Won't fix").state == status::wont_fix);
    CHECK(of("Closed", "Deferred").state == status::wont_fix);
    CHECK(of("Fixed", "").state == status::fix_released);
    auto const odd = of("Closed", "It's all good");
    CHECK_FALSE(odd.state);
    CHECK(odd.unmapped == std::vector<unmapped_word>{{.field = "status", .word = "Closed It's all good"}});

    CHECK(of("Open", "", "Urgent").weight == importance::critical);
    CHECK(of("Open", "", "high").weight == importance::high);
    CHECK(of("Open", "", "Normal", {"RFE"}).weight == importance::medium);
    CHECK(of("Open", "", "Low").weight == importance::low);
    CHECK(of("Open", "", "Needs Triage").weight == importance::undecided);
    CHECK(of("Open", "", "", {"RFE"}).weight == importance::wishlist);
    CHECK(of("Open", "", "", {"bug"}).weight == importance::undecided);
    CHECK(of("Open", "", "3").unmapped == std::vector<unmapped_word>{{.field = "importance", .word = "3"}});
}
