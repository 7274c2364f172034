#include "adapters/mantis.hpp"
#include "tests/adapters/mantis_pages.hpp"
#include "tests/support/found.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using test::answer;
using test::ended;
using test::mantis_page;
using test::seen;

namespace {

struct tracker {
    test::scripted_remote at{"https://mantis.example.org/"};
    capabilities can{.protocol = "page", .batch = 60};

    void on(int id, result<adapters::reply> what)
    {
        at.on("GET", "/view.php?id=" + std::to_string(id), std::move(what));
    }
    void on_export(result<adapters::reply> what)
    {
        can.protocol = "export";
        auto set = answer(302, "text/html", "");
        set.headers.emplace_back("Location", "https://mantis.example.org/view_all_bug_page.php");
        at.on("POST", "/view_all_set.php?f=3", std::move(set));
        at.on("GET", "/csv_export.php", std::move(what));
    }
    adapters::findings look(std::vector<std::string> const& ids)
    {
        return test::run(adapters::make_mantis()->look(at, can, ids));
    }
};

adapters::reply says(unsigned status, std::string const& text)
{
    return answer(
        status,
        "text/html; charset=UTF-8",
        "<html><head><title>MantisBT</title></head><body><div class=\"alert\"><p class=\"bold\">" + text
            + "</p><p>Use the Back button.</p></div><a "
              "href=\"https://www.mantisbt.org\">M</a></body></html>");
}

adapters::reply csv(std::string body)
{
    auto out = answer(200, "text/csv; name=anonymous.csv;charset=UTF-8", std::move(body));
    out.headers.emplace_back("Content-Encoding", "UTF-8");
    return out;
}

std::vector<std::string> numbers(int count)
{
    std::vector<std::string> out;
    for (int i = 1; i <= count; ++i)
        out.push_back(std::to_string(i));
    return out;
}

} // namespace

TEST_CASE("Mantis pages: cells by class, or right of their label")
{
    for (bool const modern : {true, false}) {
        tracker t;
        t.on(42, mantis_page(42, "closed", "unable to reproduce", modern));
        auto const one = seen(t.look({"42"}), "42");
        CHECK(
            one.words
            == raw_words{
                .status = "closed",
                .resolution = "unable to reproduce",
                .priority = "urgent",
                .severity = "crash"});
        CHECK(one.title == "Plum: ripe");
        CHECK(one.duplicate_of == "10");
    }
}

TEST_CASE("Mantis pages: errors are told with 200 too")
{
    tracker t;
    t.on(1, mantis_page(1, "new", "open", true));
    t.on(2, says(404, "APPLICATION ERROR #1100"));
    t.on(3, says(200, "APPLICATION ERROR #1100"));
    t.on(4, says(200, "Access Denied."));
    t.on(5, says(200, "APPLICATION ERROR #401"));
    t.on(6, test::to_mantis_login());
    t.on(7, mantis_page(8, "new", "open", true));
    t.on(8, says(200, "Welcome"));
    auto const got = t.look({"6", "1", "2", "3", "4", "5", "7", "8"});
    CHECK_FALSE(got.trouble);
    CHECK(ended(got, "1") == outcome::seen);
    CHECK(ended(got, "2") == outcome::not_found);
    CHECK(ended(got, "3") == outcome::not_found);
    CHECK(ended(got, "4") == outcome::forbidden);
    CHECK(ended(got, "5") == outcome::unparsable);
    CHECK(ended(got, "6") == outcome::forbidden);
    CHECK(ended(got, "7") == outcome::unparsable);
    CHECK(ended(got, "8") == outcome::unparsable);
}

TEST_CASE("Mantis pages: nothing but the form for logging in is a missing login")
{
    tracker t;
    t.at.on("GET", "/view.php*", test::to_mantis_login());
    auto const got = t.look({"1", "2"});
    CHECK(got.found.empty());
    REQUIRE(got.trouble);
    CHECK(got.trouble->kind == error_kind::auth_failed);
}

TEST_CASE("Mantis pages: what is not a page of Mantis is trouble")
{
    struct row {
        adapters::reply what;
        error_kind kind;
    };
    for (auto const& r : std::vector<row>{
             {answer(200, "text/html", "<title>Just a moment...</title>"), error_kind::bot_wall},
             {answer(200, "text/html", "<title>Welcome to nginx</title>"), error_kind::protocol_error},
             {answer(404, "text/html", "<title>404 Not Found</title>"), error_kind::protocol_error},
             {answer(503, "text/html", "<p>offline</p>"), error_kind::maintenance}}) {
        tracker t;
        t.at.on("GET", "/view.php*", r.what);
        auto const got = t.look({"1", "2"});
        CHECK(got.found.empty());
        REQUIRE(got.trouble);
        CHECK(got.trouble->kind == r.kind);
    }
}

TEST_CASE("Mantis export: everything in one table, behind a filter that leaves nothing out")
{
    tracker t;
    t.on_export(csv("\xef\xbb\xbfId,Project,Priority,Severity,Summary,Status,Resolution,Duplicate ID\n"
                    "0000001,P,low,block,\"Comma, \"\"quoted\"\"\",new,open,\n"
                    "0000002,P,low,minor,two,closed,duplicate,0000001\n"
                    "0000003,P,low,minor,three\nbroken,closed,duplicate,\n"
                    "0000004,P,low,minor,four,closed,duplicate,\n"
                    "0000999,P,low,minor,strange,new,open,\n"));
    for (int i = 5; i <= 11; ++i)
        t.on(i, says(404, "APPLICATION ERROR #1100"));
    t.on(3, mantis_page(3, "new", "open", true));
    t.on(4, mantis_page(4, "closed", "duplicate", true));
    auto const got = t.look(numbers(11));

    CHECK_FALSE(got.trouble);
    auto const one = seen(got, "1");
    CHECK(
        one.words
        == raw_words{.status = "new", .resolution = "open", .priority = "low", .severity = "block"});
    CHECK(one.title == "Comma, \"quoted\"");
    CHECK(seen(got, "2").duplicate_of == "1");
    CHECK(seen(got, "3").words.status == "new");
    CHECK(seen(got, "4").duplicate_of == "10");
    CHECK(ended(got, "11") == outcome::not_found);
    CHECK(t.at.lines()[0] == "POST /view_all_set.php?f=3");
    CHECK(t.at.asked()[0].body.find("hide_status%5B%5D=%5Bnone%5D") != std::string::npos);
    CHECK(t.at.asked().size() == 11);
}

TEST_CASE("Mantis export: a few issues are not worth it, and a failing one leaves the pages")
{
    tracker t;
    t.on_export(answer(500, "text/html", ""));
    t.at.on("GET", "/view.php*", says(404, "APPLICATION ERROR #1100"));
    CHECK_FALSE(t.look(numbers(10)).trouble);
    CHECK(t.at.count("/csv_export.php") == 0);
    auto const got = t.look(numbers(11));
    CHECK_FALSE(got.trouble);
    CHECK(got.found.size() == 11);
    CHECK(t.at.count("/csv_export.php") == 1);

    tracker shut;
    shut.on_export(answer(503, "text/html", "offline"));
    auto const nothing = shut.look(numbers(11));
    CHECK(nothing.found.empty());
    REQUIRE(nothing.trouble);
    CHECK(nothing.trouble->kind == error_kind::maintenance);
}
