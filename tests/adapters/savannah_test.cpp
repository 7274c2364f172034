#include "adapters/savannah.hpp"
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

using strings = std::vector<std::string>;

adapters::reply html(std::string body, unsigned status = 200)
{
    return answer(status, "text/html; charset=utf-8", std::move(body));
}

// `rows` are those of the table of fields.
std::string page(std::string_view name, int id, std::string_view rows)
{
    return fmt::format(
        "<html><head><title>Orchard - Bugs: {0} #{1}, it broke "
        "[Savannah]</title></head><body><h1>Orchard</h1>"
        "<h1 class='prioc'><i><a href=\"?{1}\">{0} #{1}</a></i>: it broke: &lt;b&gt; &amp; more</h1>"
        "<form action='?{1}'><table>{2}</table></form></body></html>",
        name,
        id,
        rows);
}

std::string item(int id, std::string_view state = "Open", std::string_view resolution = "None")
{
    return page(
        "bug",
        id,
        fmt::format(
            "<tr><td class='preinput'>Submitter:&nbsp;</td><td>al</td><td colspan='2'>&nbsp;</td></tr>"
            "<tr><td><span class='preinput help'>Severity:</span><span> *</span></td><td>4 - Important</td>"
            "<td><span>Priority:</span>&nbsp;</td><td>5 - Normal</td></tr>"
            "<tr><td>Status:&nbsp;</td><td>{}</td><td>Open/Closed:&nbsp;</td><td>&nbsp;{} </td></tr>",
            resolution,
            state));
}

adapters::reply refused(std::string_view words, unsigned status = 404)
{
    return html(
        fmt::format(
            "<html><head><title>Exiting with Error [Savannah]</title></head><body><h1>Savannah</h1>"
            "<h1>Error</h1><p>{}</p></body></html>",
            words),
        status);
}

adapters::reply refused_in_box(std::string_view words, unsigned status = 404)
{
    return html(
        fmt::format(
            "<html><head><title>Exiting with Error [Savannah]</title></head><body>"
            "<div id=\"feedback\" class=\"feedbackerror\"><span><img src=\"x\"/> Error:</span><br/>{}</div>"
            "</body></html>",
            words),
        status);
}

adapters::reply front_page(unsigned status)
{
    return html("<html><head><title>nginx</title></head></html>", status);
}

struct tracker {
    explicit tracker(std::string_view base = "https://savannah.gnu.org/bugs") : at{base} {}

    test::scripted_remote at;
    capabilities can{.protocol = "pages", .batch = 20, .each = 1};
    std::unique_ptr<adapters::adapter const> savannah = adapters::make_savannah();

    adapters::findings look(strings const& ids) { return test::run(savannah->look(at, can, ids)); }
    result<capabilities> probe() { return test::run(savannah->probe(at)); }
    tracker& on(std::string const& id, result<adapters::reply> what)
    {
        at.on("GET", at.base().path + "/index.php?" + id, std::move(what));
        return *this;
    }
};

} // namespace

TEST_CASE("Savane: an item's address names a tracker and a number")
{
    struct row {
        char const* address;
        char const* base;
        char const* id;
    };
    auto const savannah = adapters::make_savannah();
    for (auto const& r : std::vector<row>{
             {"https://savannah.gnu.org/bugs/?042", "https://savannah.gnu.org/bugs", "42"},
             {"http://savannah.nongnu.org/bugs/index.php?7", "https://savannah.gnu.org/bugs", "7"},
             {"https://savannah.gnu.org/bugs/?func=detailitem&item_id=7",
              "https://savannah.gnu.org/bugs",
              "7"},
             {"https://savannah.gnu.org/patch/?7#comment1", "https://savannah.gnu.org/patch", "7"},
             {"https://savannah.gnu.org/support/?7", "https://savannah.gnu.org/support", "7"},
             {"https://savane.example.org:8443/s/task/index.php?7",
              "https://savane.example.org:8443/s/task",
              "7"}}) {
        INFO(r.address);
        auto const ref = savannah->recognise(test::url(r.address));
        REQUIRE(ref);
        CHECK(ref->base.text() == r.base);
        CHECK(ref->remote_id == r.id);
        CHECK(savannah->bug_url(ref->base, ref->remote_id).text() == std::string{r.base} + "/?" + r.id);
    }
    for (auto const* const other :
         {"https://savannah.gnu.org/bugs/?group=make",
          "https://savannah.gnu.org/bugs/",
          "https://savannah.gnu.org/cookbook/?7",
          "https://savannah.gnu.org/?7",
          "https://savannah.gnu.org/projects/bugs/x?7"})
        CHECK_FALSE(savannah->recognise(test::url(other)));
    CHECK(savannah->normalise("#07") == "7");
    CHECK_FALSE(savannah->normalise("x7"));
}

TEST_CASE("Savane probe: its page of an item proves it, and so does its page for errors")
{
    for (auto const& good :
         {html(item(1)),
          refused("Item not found"),
          refused("This item is private."),
          refused_in_box("No group chosen", 200)}) {
        tracker t;
        t.on("1", good);
        auto const can = t.probe();
        REQUIRE(can);
        CHECK(can->each == 1);
        CHECK_FALSE(can->changed_since);
        CHECK(t.at.asked().size() == 1);
    }
    struct row {
        result<adapters::reply> what;
        error_kind kind;
    };
    for (auto const& r : std::vector<row>{
             {front_page(404), error_kind::unsupported},
             {front_page(200), error_kind::unsupported},
             {html(page("task", 1, "")), error_kind::unsupported},
             {answer(200, "application/json", "{}"), error_kind::unsupported},
             {html("<title>Login</title><input type=\"password\">"), error_kind::auth_failed},
             {html("<title>Just a moment...</title>", 403), error_kind::bot_wall},
             {error{.kind = error_kind::timeout}, error_kind::timeout},
             {front_page(503), error_kind::maintenance},
             {front_page(502), error_kind::protocol_error}}) {
        tracker t;
        t.on("1", r.what);
        CHECK(t.probe().error().kind == r.kind);
    }
    CHECK(tracker{"https://savannah.gnu.org/projects"}.probe().error().kind == error_kind::unsupported);
}

TEST_CASE("Savane: every id has one right end")
{
    tracker t;
    t.on("1", html(item(1, "Closed", "Wont Fix")))
        .on("2", refused("Item not found"))
        .on("3", refused("This item is private. You are not listed as member\nallowed to read it."))
        .on("4", refused_in_box("No item found with that id.", 200))
        .on("5", refused_in_box("This item is private."))
        .on("6", refused("Permission Denied", 403))
        .on("7", refused("This group is not in active state"))
        .on("8", html(page("bug", 8, "<tr><td>Status:</td><td>Fixed</td></tr>")))
        .on("9", html(item(10)))
        .on("11", html(page("bug", 11, "<tr><td>Open/Closed:</td><td>Open</td></tr>")));
    auto const got = t.look({"1", "2", "3", "4", "5", "7", "8", "6", "9", "11", "x"});
    CHECK_FALSE(got.trouble);
    auto const one = seen(got, "1");
    CHECK(one.words.status == "Closed");
    CHECK(one.words.resolution == "Wont Fix");
    CHECK(one.words.severity == "4 - Important");
    CHECK(one.words.priority == "5 - Normal");
    CHECK(one.title == "it broke: <b> & more");
    CHECK_FALSE(one.modified);
    CHECK(ended(got, "2") == outcome::not_found);
    CHECK(ended(got, "3") == outcome::forbidden);
    CHECK(ended(got, "4") == outcome::not_found);
    CHECK(ended(got, "5") == outcome::forbidden);
    CHECK(ended(got, "6") == outcome::forbidden);
    CHECK(ended(got, "7") == outcome::unparsable);
    CHECK(ended(got, "8") == outcome::unparsable);
    CHECK(ended(got, "9") == outcome::not_answered);
    CHECK(seen(got, "11").words.resolution.empty());
    CHECK(ended(got, "x") == outcome::invalid_id);
    CHECK(t.at.asked().size() == 10);
}

TEST_CASE("Savane: what people wrote is no field, no heading and no error")
{
    tracker t;
    t.on(
        "1",
        html("<html><head><title>Orchard - Bugs: bug #1, x [Savannah]</title></head><body>"
             "<h1><i><a href='?1'>bug #1</a></i>: Exiting with Error</h1>"
             "<form><table><tr><td>Category:</td><td><table><tr><td>Open/Closed:</td><td>Closed</td></tr>"
             "</table></td></tr><tr><td>Open/Closed:</td><td>Open</td></tr></table>"
             "<table><tr><td>Open/Closed:</td><td>Closed</td></tr></table></form>"
             "<div>Item not found</div><p>bug #2: y</p></body></html>"));
    t.on("2", html("<title>Orchard</title><p><a href='?2'>bug #2</a>: y</p><p>Item not found</p>", 404));
    auto const got = t.look({"1", "2"});
    CHECK(seen(got, "1").words.status == "Open");
    CHECK(seen(got, "1").title == "Exiting with Error");
    CHECK(ended(got, "2") == outcome::not_answered);
}

TEST_CASE("Savane: trouble of the tracker is no item's end")
{
    struct row {
        result<adapters::reply> what;
        error_kind kind;
    };
    for (auto const& r : std::vector<row>{
             {error{.kind = error_kind::timeout}, error_kind::timeout},
             {front_page(404), error_kind::protocol_error},
             {front_page(403), error_kind::auth_failed},
             {front_page(200), error_kind::protocol_error},
             {front_page(503), error_kind::maintenance},
             {front_page(500), error_kind::protocol_error},
             {refused("No group chosen"), error_kind::protocol_error},
             {html("<title>Login</title><input type=\"password\">"), error_kind::auth_failed},
             {html("<title>Making sure you're not a bot!</title>"), error_kind::bot_wall},
             {html("x"), error_kind::protocol_error},
             {answer(200, "text/plain", item(1)), error_kind::protocol_error}}) {
        tracker t;
        for (auto const* const id : {"1", "2", "3"})
            t.on(id, r.what);
        auto const got = t.look({"1", "2", "3"});
        REQUIRE(got.trouble);
        CHECK(got.trouble->kind == r.kind);
        CHECK(got.found.empty());
    }
}

TEST_CASE("Savane: a look reads a bounded number of pages")
{
    tracker t;
    t.at.on("GET", "/bugs/index.php*", refused("Item not found"));
    strings ids;
    for (int id = 1; id <= 25; ++id)
        ids.push_back(std::to_string(id));
    auto const got = t.look(ids);
    CHECK(got.found.size() == 20);
    CHECK(got.trouble->kind == error_kind::deferred);
}
