#include "adapters/described.hpp"
#include "tests/support/found.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"
#include "tests/support/scripted_remote.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace checkwatches;
using Catch::Matchers::Contains;
using test::answer;
using test::ended;
using test::seen;

namespace {

using strings = std::vector<std::string>;

// A kind whose bugs are rows of CSV.
constexpr std::string_view csv_kind = R"toml(
kind = "plums"
addresses = ["{base}/view?name={id}", "https://plums.example.org/*/{id}"]
id = "name"
[headers]
Accept = "text/csv"
[probe]
url = "{api}/about.csv"
form = "csv"
is = [{ at = "product", is = "Plums" }]
[bug]
url = "{api}/one.csv?id={id}"
form = "csv"
missing = [{ http = 404, at = "error", contains = "no such" }]
private = [{ http = 403 }]
[batch]
url = "{api}/some.csv?ids={ids}"
form = "csv"
separator = "|"
most = 2
[fields]
id = "id"
status = "state"
severity = "weight"
title = { at = "summary", after = ": " }
modified = "changed"
[login]
place = "header"
name = "X-Key"
word = "API key"
url = "{origin}/me.csv"
form = "csv"
identity = "name"
[words.status]
"open" = "New"
"done" = "Fix Released"
[words.importance]
"bad" = "High"
)toml";

adapters::reply csv(std::string body, unsigned status = 200)
{
    return answer(status, "text/csv; charset=utf-8", std::move(body));
}

std::unique_ptr<adapters::adapter const> make(std::string_view text)
{
    return adapters::make_described(text, "plums.toml").value();
}

std::string complaint(std::string text)
{
    auto const made = adapters::make_described(text, "plums.toml");
    return made ? "" : made.error().message;
}

std::string with(std::string_view old, std::string_view fresh)
{
    std::string out{csv_kind};
    auto const at = out.find(old);
    REQUIRE(at != std::string::npos);
    return out.replace(at, old.size(), fresh);
}

struct tracker {
    test::scripted_remote at{"https://plums.example.net/garden/"};
    std::unique_ptr<adapters::adapter const> kind = make(csv_kind);

    adapters::findings look(strings const& ids) { return test::run(kind->look(at, {.batch = 2}, ids)); }
    tracker& on(std::string const& below, result<adapters::reply> what)
    {
        at.on("GET", "/garden/" + below, std::move(what));
        return *this;
    }
};

} // namespace

TEST_CASE("described: addresses are recognised by the shape that leaves least to the tracker's own")
{
    auto const kind = make(csv_kind);
    auto const one = kind->recognise(test::url("https://h.example/a/b/view?name=Leak-7&x=1"));
    REQUIRE(one);
    CHECK(one->base.text() == "https://h.example/a/b");
    CHECK(one->remote_id == "Leak-7");
    CHECK(kind->bug_url(one->base, one->remote_id).text() == "https://h.example/a/b/view?name=Leak-7");
    auto const fixed = kind->recognise(test::url("https://plums.example.org/tree/x.1"));
    REQUIRE(fixed);
    CHECK(fixed->base.text() == "https://plums.example.org/");
    for (auto const* const other :
         {"https://h.example/a/b/view",
          "https://h.example/a/b/view?name=",
          "https://h.example/tree/x.1",
          "https://plums.example.org/x.1",
          "https://plums.example.org/a/tree/x.1"})
        CHECK_FALSE(kind->recognise(test::url(other)));
    CHECK(kind->normalise(" a.B_c-9 ") == "a.B_c-9");
    CHECK_FALSE(kind->normalise("a b"));
    CHECK_FALSE(kind->normalise(std::string(65, 'a')));
}

TEST_CASE("described: batches are read, and what they do not name is asked for singly")
{
    tracker t;
    t.on("some.csv?ids=a%7Cb",
         csv("id,state,weight,summary,changed\nb,Done,bad,#b: It, 2026-11-20 10:00\nz,Open,,,\n"))
        .on("some.csv?ids=c%7Cd", csv("id,state,weight,summary,changed\nc,,,,\n"))
        .on("one.csv?id=a", csv("error\nno such plum\n", 404))
        .on("one.csv?id=d", answer(403, "text/plain", "no"))
        .on("one.csv?id=e", csv("id,state,weight,summary,changed\ne,Odd,worse,no mark,1795168740\n"));
    auto const got = t.look({"a", "b", "c", "d", "e"});
    CHECK_FALSE(got.trouble);
    CHECK(ended(got, "a") == outcome::not_found);
    auto const b = seen(got, "b");
    CHECK(b.words.status == "Done");
    CHECK(b.title == "It");
    CHECK(ended(got, "c") == outcome::unparsable);
    CHECK(ended(got, "d") == outcome::forbidden);
    auto const e = seen(got, "e");
    CHECK(e.title.empty());
    CHECK(e.modified == utc_time{std::chrono::seconds{1'795'168'740}});

    CHECK(t.kind->interpret(b.words) == verdict{.state = status::fix_released, .weight = importance::high});
    auto const odd = t.kind->interpret(e.words);
    CHECK_FALSE(odd.state);
    CHECK(odd.unmapped == std::vector<unmapped_word>{{"status", "Odd"}, {"importance", "worse"}});
}

TEST_CASE("described: an answer that was not described says nothing of a bug")
{
    tracker t;
    SECTION("a page in place of a batch")
    {
        t.on("some.csv?ids=a%7Cb", answer(200, "text/html", "<html><title>Welcome</title></html>"));
        auto const got = t.look({"a", "b"});
        REQUIRE(got.trouble);
        CHECK(got.trouble->kind == error_kind::protocol_error);
        CHECK(got.found.empty());
    }
    SECTION("404 that says nothing")
    {
        t.on("one.csv?id=a", answer(404, "text/html", "<html><title>nginx</title></html>"));
        auto const got = t.look({"a"});
        REQUIRE(got.trouble);
        CHECK(got.found.empty());
    }
    SECTION("another bug")
    {
        t.on("one.csv?id=a", csv("id,state\nb,Open\n"));
        auto const got = t.look({"a"});
        REQUIRE(got.trouble);
        CHECK(got.found.empty());
    }
    SECTION("an answer of the tracker for another one shows that it works")
    {
        t.on("some.csv?ids=a%7Cb", csv("id,state\n"))
            .on("one.csv?id=a", csv("id,state\nx,Open\n"))
            .on("one.csv?id=b", csv("id,state\nb,Open\n"));
        auto const got = t.look({"a", "b"});
        CHECK_FALSE(got.trouble);
        CHECK(ended(got, "a") == outcome::not_answered);
        CHECK(ended(got, "b") == outcome::seen);
    }
    SECTION("a login that is wanted")
    {
        t.on("one.csv?id=a", answer(401, "text/plain", "who are you?"));
        auto const got = t.look({"a"});
        REQUIRE(got.trouble);
        CHECK(got.trouble->kind == error_kind::auth_failed);
    }
}

TEST_CASE("described: a probe proves the kind, and the login who we are")
{
    tracker t;
    t.on("about.csv", csv("product,version\nPlums,1.2\n"));
    auto const can = test::run(t.kind->probe(t.at));
    REQUIRE(can);
    CHECK(can->protocol == "csv");
    CHECK(can->batch == 2);
    CHECK(can->importance);
    CHECK(can->identity.empty());

    t.at.set_credential(false);
    t.at.on("GET", "/me.csv", csv("name\nanna\n"));
    auto const known = test::run(t.kind->probe(t.at));
    REQUIRE(known);
    CHECK(known->identity == "anna");
    CHECK(t.at.asked().back().login->name == "X-Key");

    for (auto const& other :
         {csv("product\nPears\n"),
          answer(404, "text/html", "<html></html>"),
          answer(200, "text/html", "<html><title>Welcome</title></html>")}) {
        tracker another;
        another.on("about.csv", other);
        auto const is = test::run(another.kind->probe(another.at));
        REQUIRE_FALSE(is);
        CHECK(is.error().kind == error_kind::unsupported);
    }
    tracker down;
    down.on("about.csv", answer(503, "text/plain", "maintenance"));
    auto const untold = test::run(down.kind->probe(down.at));
    REQUIRE_FALSE(untold);
    CHECK(untold.error().kind != error_kind::unsupported);
}

TEST_CASE("described: what is wrong with a description is said with its place")
{
    CHECK(complaint(std::string{csv_kind}).empty());
    struct row {
        std::string text;
        char const* says;
    };
    for (auto const& r : std::vector<row>{
             {"kind = ", "plums.toml:1:"},
             {with("\"plums\"", "\"Plums\""), "\"kind\" must be a name"},
             {with("{base}/view?name={id}", "{base}/view"), "is no address of bugs"},
             {with("{base}/view?name={id}", "{base}/{id}/{project}"), "is no address of bugs"},
             {with("\"name\"\n[headers]", "\"word\"\n[headers]"), "\"id\" must be one of \"number\""},
             {with("{api}/one.csv?id={id}", "{api}/one.csv"), "\"url\" in [bug] must have {id}"},
             {with("{api}/one.csv?id={id}", "{api}/{project}/{id}"), "\"url\" has {project}"},
             {with("form = \"csv\"\nseparator", "form = \"html\"\nrows = \"tr\"\nseparator"),
              "must be the same in [bug] and [batch]"},
             {with("is = [{ at = \"product\", is = \"Plums\" }]", ""), "[probe] needs \"is\""},
             {with("private = [{ http = 403 }]", "private = [{ at = \"x\" }]"), "\"private\" needs \"http\""},
             {with("private = [{ http = 403 }]", "private = [{ http = 404 }]"), "\"private\" needs \"at\""},
             {with(", at = \"error\", contains = \"no such\"", ""), "\"missing\" needs \"at\""},
             {with("contains = \"no such\"", "contains = \"\""), "\"missing\" needs \"http\""},
             {with("at = \"error\"", "label = \"error\""), "\"label\" is for pages of HTML"},
             {with("at = \"product\", is = \"Plums\"", "http = 200"), "[probe] needs \"is\""},
             {with("Accept = ", "Authorization = "), "a credential goes into [login]"},
             {with("Accept = ", "Host = "), "[headers] may have Accept"},
             {with("\"text/csv\"", "\"a\\nb\""), "a header must be a text of one line"},
             {with("\"X-Key\"", "\"X Key\""), "\"name\" must be letters"},
             {with("{api}/one.csv", "api/one.csv"), "\"url\" makes no address"},
             {with("{base}/view?name={id}", "{base}view?name={id}"), "is no address of bugs"},
             {with("{base}/view?name={id}", "{base}/#/{id}"), "is no address of bugs"},
             {with("{base}/view?name={id}", "{base}/{id}/{id}"), "is no address of bugs"},
             {with("status = \"state\"", ""), "[fields] needs \"status\""},
             {with("most = 2", "most = 1"), "\"most\" must be a whole number from 2 to 1000"},
             {with("word = \"API key\"", ""), "[login] needs"},
             {with("\"New\"", "\"Newish\""), "\"open\" must be one of \"New\""},
             {with("[words.status]", "[word.status]"), "unknown key \"word\""},
             {std::string(70'000, ' '), "longer than 64 KiB"}}) {
        INFO(r.says);
        CHECK_THAT(complaint(r.text), Contains(r.says));
    }
}

TEST_CASE("described: a batch whose address would be too long is asked in halves")
{
    tracker t;
    auto const long_kind = make(with("most = 2", "most = 1000"));
    strings ids;
    for (int i = 0; i != 300; ++i)
        ids.push_back(fmt::format("{:060}x", i));
    auto const got = test::run(long_kind->look(t.at, {.batch = 1000}, ids));
    REQUIRE(got.trouble);
    CHECK(got.trouble->kind == error_kind::too_large);
    CHECK(t.at.asked().empty());
}

TEST_CASE("described: closed is not fixed, and what is no reason known waits for one")
{
    for (auto const& [name, text] : adapters::shipped_descriptions())
        if (name == "fossil.toml") {
            auto const fossil = make(text);
            CHECK(
                fossil->interpret({.status = "Closed", .resolution = "Fixed"}).state == status::fix_released);
            for (auto const* const odd : {"Superseded", "Open", ""}) {
                auto const means = fossil->interpret({.status = "Closed", .resolution = odd});
                CHECK_FALSE(means.state);
                CHECK(means.unmapped.size() == 1);
            }
        }
}

TEST_CASE("described: a page's cells are read beside their labels, its links as addresses")
{
    auto const kind = make(R"toml(
kind = "pages"
addresses = ["{base}/p/{id}"]
[probe]
url = "{base}/"
form = "html"
is = [{ at = "h1", is = "Pages" }]
[bug]
url = "{base}/p/{id}"
form = "html"
missing = [{ at = "p.error", contains = "no page" }]
[fields]
id = { at = "h1", after = "#", before = ":" }
status = { label = "State|Status:" }
labels = "ul.tags > li"
title = { at = "h1", after = ": " }
duplicate_of = { at = "a.original", attribute = "href" }
[words.status]
"open" = "New"
)toml");
    auto const page = [](std::string_view original) {
        return answer(
            200,
            "text/html",
            fmt::format(
                "<h1>Page #7: A &amp; B</h1><table><tr><th>STATUS:</th><td> Open\n</td></tr></table>"
                "<ul class=tags><li>a<li>b</ul><a class=original href='{}'>it</a>",
                original));
    };
    for (auto const& [href, master] : std::vector<std::pair<char const*, char const*>>{
             {"/x/p/3", "https://pages.example.org/x/p/3"},
             {"3", "3"},
             {"0", ""},
             {"mailto:a@b.example", ""}}) {
        test::scripted_remote one{"https://pages.example.org/x"};
        auto reply = page(href);
        reply.url = test::url("https://pages.example.org/x/p/7");
        one.on("GET", "/x/p/7", reply);
        auto const seen_page = seen(test::run(kind->look(one, {.batch = 1}, strings{"7"})), "7");
        CHECK(seen_page.words.status == "Open");
        CHECK(seen_page.words.labels == strings{"a", "b"});
        CHECK(seen_page.title == "A & B");
        CHECK(seen_page.duplicate_of == master);
    }
}

TEST_CASE("described: those that come with the program are good")
{
    CHECK(adapters::shipped_descriptions().size() == 2);
    for (auto const& [name, text] : adapters::shipped_descriptions())
        CHECK(adapters::make_described(text, std::string{name}));
}
