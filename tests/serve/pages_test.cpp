#include "engine/core/url.hpp"
#include "tests/serve/pages_stage.hpp"
#include "tests/support/print.hpp"

#include <deque>
#include <set>

using namespace checkwatches;
using namespace checkwatches::serve;
using namespace checkwatches::serve::test;
using namespace std::chrono_literals;

namespace {

std::vector<std::string> const all_pages{
    "/",
    "/trackers",
    "/trackers?need=1",
    "/trackers/bugs.example.org",
    "/trackers/bugs.example.org?slice=timeout",
    "/trackers/bugs.example.org/settings",
    "/bugs",
    "/bugs?failing=1",
    "/bugs?unchecked=1",
    "/bugs/4294967297",
    "/bugs/4294967298",
    "/watches",
    "/watches?by=owner",
    "/watches?by=source",
    "/watches?tracker=bugs.example.org",
    "/changes",
    "/changes?tracker=bugs.example.org",
    "/errors",
    "/errors?ended=1",
    "/queue",
    "/queue?tracker=bugs.example.org&field=status&word=Odd",
    "/queue?tracker=bugs.example.org&field=status&word=Odd&means=Confirmed",
    "/fixed",
    "/sinks",
    "/sinks?tested=ci",
    "/search",
    "/search?q=zz%3Cscript%3Ealert(1)%3C%2Fscript%3E%22%27%3E%26amp;",
    "/search?q=https://elsewhere.example.org/%3Cscript%3Ealert(1)",
    "/about",
    "/login",
    "/login?failed=1",
};

int occurrences(std::string const& text, std::string_view part)
{
    int out = 0;
    for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size())
        ++out;
    return out;
}

bool has(std::string const& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("every page has a frame, a heading, a sentence, and how fresh it is")
{
    stage on{[](auto& to, auto now) { fill_with_everything(to, now); }};
    on.count();
    for (auto const& who : {stage::reader(), stage::operator_()})
        for (auto const& target : all_pages) {
            auto const html = on.page(target, who);
            INFO(target << "\n" << html);
            CHECK(unbalanced(html) == "");
            CHECK(has(html, "<html lang=\"en\">"));
            CHECK(has(html, "<main id=\"main\""));
            CHECK(has(html, "<h1>"));
            CHECK(has(html, "class=\"answer\""));
            CHECK(has(html, "Read from the record"));
            CHECK(has(html, "✓ oldest overdue 4 min"));
            CHECK(html.size() < 50'000);
            CHECK_FALSE(has(html, "style=\""));
            CHECK_FALSE(has(html, "href=\"\""));
        }
}

TEST_CASE("what trackers and people wrote is text on every page, and never a link of another scheme")
{
    stage on{[](auto& to, auto now) { fill_with_everything(to, now); }};
    on.count();
    int seen = 0;
    for (auto const& who : {stage::reader(), stage::operator_()})
        for (auto const& target : all_pages) {
            auto const html = on.page(target, who);
            INFO(target << "\n" << html);
            CHECK_FALSE(has(html, "<script>"));
            CHECK_FALSE(has(html, "\"'>"));
            CHECK_FALSE(has(html, "\x01"));
            CHECK_FALSE(has(html, "=\"javascript:"));
            seen += has(html, "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&gt;&amp;amp;") ? 1 : 0;
        }
    CHECK(seen > 30);
}

TEST_CASE("no link of ours leads nowhere")
{
    stage on{[](auto& to, auto now) { fill_with_everything(to, now); }};
    on.count();
    std::set<std::string> known{"/"};
    std::deque<std::string> open{"/"};
    while (!open.empty()) {
        auto const target = open.front();
        open.pop_front();
        auto const made = on.get(target, stage::operator_());
        INFO(target << "\n" << body_of(made));
        REQUIRE((made.status == 200 || made.status == 303));
        auto links = links_of(body_of(made));
        if (made.status == 303)
            links = {header_of(made, "Location")};
        for (auto const& link : links) {
            auto const path = link.substr(0, link.find('#'));
            bool const is_ours = path.starts_with('/') && !path.starts_with("/api/")
                                 && !path.starts_with("/metrics") && !path.ends_with("z");
            if (is_ours && known.insert(path).second)
                open.push_back(path);
        }
    }
    CHECK(known.size() > 40);
}

TEST_CASE("numbers lead to exactly the rows that they count")
{
    stage on{[](auto& to, auto now) { fill_with_everything(to, now, 7); }};
    on.count();
    auto const tracker = on.page("/trackers/bugs.example.org");
    CHECK(has(tracker, "<a href=\"/bugs?tracker=bugs.example.org\">8</a>"));
    CHECK(has(tracker, "<a href=\"/bugs?tracker=bugs.example.org&amp;failing=1\">2</a> (25.0 %)"));
    CHECK(has(tracker, "<a href=\"/bugs?tracker=bugs.example.org&amp;unchecked=1\">1</a>"));
    CHECK(has(on.page("/bugs?tracker=bugs.example.org"), "<caption>8 bugs</caption>"));
    CHECK(has(on.page("/bugs?tracker=bugs.example.org&failing=1"), "<caption>2 bugs</caption>"));
    CHECK(has(on.page("/bugs?tracker=bugs.example.org&unchecked=1"), "<caption>1 bug</caption>"));
    auto const errors = on.page("/errors");
    CHECK(has(errors, "<a href=\"/bugs?signature=1\">2 bugs</a>"));
    CHECK(has(on.page("/bugs?signature=1"), "<caption>2 bugs</caption>"));
}

TEST_CASE("a tracker's page says in what its last pass ended, and leads to those bugs")
{
    stage on{[](auto& to, auto now) {
        fill_with_everything(to, now, 7);
        auto const at = to.add_tracker(
            {.kind = "trac",
             .name = "fresh.example.org",
             .base_url = "https://fresh.example.org/",
             .created_at = now});
        REQUIRE(at);
    }};
    auto const tracker = on.page("/trackers/bugs.example.org");
    CHECK(has(tracker, "<a href=\"/bugs?tracker=bugs.example.org&amp;outcome=timeout\">2 timeout</a>"));
    CHECK(has(on.page("/bugs?tracker=bugs.example.org&outcome=timeout"), "<caption>2 bugs</caption>"));
    CHECK(has(tracker, "<a href=\"/bugs?tracker=bugs.example.org&amp;outcome=seen\">5 seen</a>"));
    CHECK(has(on.page("/bugs?tracker=bugs.example.org&outcome=seen"), "<caption>5 bugs</caption>"));
    CHECK_FALSE(has(on.page("/trackers/fresh.example.org"), "outcome="));

    on.change([](auto& to, auto now) {
        storage::tracker_pass const later{
            .from = storage::tracker_id{1},
            .began = now,
            .ended = now,
            .asked = 1,
            .outcomes = {{outcome::gone, 1}}};
        to.add_pass(later);
    });
    on.time.advance(2s);
    auto const then = on.page("/trackers/bugs.example.org");
    CHECK(has(then, "outcome=gone\">1 gone</a>"));
    CHECK_FALSE(has(then, "outcome=timeout\"")); // its bugs may be others by now
    CHECK(has(then, "2 timeout"));
}

TEST_CASE("an empty record says on each page what to do next")
{
    stage on;
    on.commands.status = {{"bugs", 0}, {"due", 0}, {"offline", false}};
    for (auto const target : {"/", "/trackers", "/bugs", "/watches"}) {
        auto const html = on.page(target);
        INFO(html);
        CHECK(has(html, "<code>checkwatches add URL"));
        CHECK(unbalanced(html) == "");
        CHECK(has(html, "not counted yet"));
    }
    CHECK(has(on.page("/"), "Alive, and nothing is watched yet."));
    CHECK(has(on.page("/changes"), "No change was recorded yet."));
    CHECK(has(on.page("/errors"), "No check fails."));
    CHECK(has(on.page("/queue"), "Every word of every bug has a meaning."));
    CHECK(has(on.page("/fixed"), "Nothing that you watch was resolved upstream"));
}

TEST_CASE("a long list is turned page by page, and every row comes once")
{
    stage on{[](auto& to, auto now) { fill_with_everything(to, now, 250); }};
    for (std::string target : {"/bugs", "/watches?tracker=bugs.example.org", "/changes", "/fixed"}) {
        std::multiset<std::string> rows;
        int turned = 0;
        while (!target.empty()) {
            auto const html = on.page(target);
            INFO(target);
            CHECK(html.size() < 100'000);
            std::string next;
            for (auto const& link : links_of(html)) {
                if (link.starts_with("/bugs/"))
                    rows.insert(link);
                if (link.find("after=") != link.npos || link.find("before=") != link.npos
                    || link.find("&behind=") != link.npos)
                    next = link;
            }
            target = next;
            ++turned;
        }
        CHECK(turned >= 3);
        std::set<std::string> const once{rows.begin(), rows.end()};
        CHECK(once.size() >= 250);
    }
}

TEST_CASE("a page of full rows is below 50 KB, whoever reads it")
{
    stage on{[](auto& to, auto now) { fill_with_long_rows(to, now); }};
    on.count();
    for (auto const& who : {stage::reader(), stage::operator_()})
        for (auto const target :
             {"/bugs",
              "/bugs?failing=1",
              "/bugs?signature=1",
              "/watches?label=plasma-workspace-wallpapers",
              "/changes",
              "/fixed",
              "/errors",
              "/queue",
              "/trackers",
              "/trackers/bugs.long-name-of-a-company.example.org"}) {
            auto const html = on.page(target, who);
            INFO(target);
            CHECK(html.size() < 50'000);
            CHECK(has(html, "of plasma-workspace crash"));
        }
}

TEST_CASE("what bugs in a row fail with is said once")
{
    stage on{[](auto& to, auto now) { fill_with_long_rows(to, now); }};
    CHECK(occurrences(on.page("/bugs?failing=1"), "refused the connection") == 1);
    // There it stands above the table.
    CHECK(occurrences(on.page("/bugs?signature=1"), "refused the connection") == 1);
}

TEST_CASE("what is not there is a page that leads on, not an error of ours")
{
    stage on{[](auto& to, auto now) { fill_with_everything(to, now); }};
    for (auto const target :
         {"/nothing",
          "/trackers/nobody",
          "/trackers/bugs.example.org/secrets",
          "/bugs/1",
          "/bugs/x",
          "/bugs/99999999999999999999",
          "/static/none-1.css",
          "/bugs/4294967297/x"}) {
        auto const made = on.get(target);
        INFO(target);
        CHECK(made.status == 404);
        CHECK(has(body_of(made), "<a href=\"/\">Overview</a>"));
    }
    for (auto const target :
         {"/bugs?after=x",
          "/bugs?foo=1",
          "/bugs?fail=1",
          "/?x=1",
          "/trackers/bugs.example.org?started_at=1",
          "/bugs/4294967297?x=1",
          "/bugs?tracker=nobody",
          "/bugs?outcome=none",
          "/bugs?signature=77",
          "/changes?before=-1",
          "/watches?by=colour",
          "/trackers/bugs.example.org?slice=none",
          "/fixed?kind=fixd",
          "/queue?tracker=bugs.example.org&field=colour&word=x",
          "/queue?tracker=bugs.example.org&word=x&means=Blue"}) {
        auto const made = on.get(target);
        INFO(target);
        CHECK(made.status == 400);
        CHECK(has(body_of(made), "That cannot be shown"));
    }
}

TEST_CASE("the search takes what can be pasted")
{
    stage on{[](auto& to, auto now) { fill_with_everything(to, now); }};
    auto const leads = [&](std::string const& text) {
        return header_of(on.get("/search?q=" + percent_encode(text)), "Location");
    };
    CHECK(leads("https://bugs.example.org/2") == "/bugs/4294967298");
    CHECK(leads("bugs.example.org 2") == "/bugs/4294967298");
    CHECK(leads("bugs.example.org #3") == "/bugs/4294967299");
    CHECK(leads("#3") == "/bugs/4294967299");
    CHECK(leads("2") == "/bugs/4294967298");
    CHECK(leads("kde-session") == "/watches?label=kde-session");
    CHECK(leads("kde-s") == "/watches?label=kde-session");
    CHECK(leads("BUGS.exam") == "/trackers/bugs.example.org");
    auto const offer = on.page("/search?q=https://bugs.example.org/4711", stage::operator_());
    CHECK(has(offer, "This bug is not watched."));
    CHECK(has(offer, "value=\"https://bugs.example.org/4711\""));
    CHECK(has(on.page("/search?q=zebra"), "Nothing here is called “zebra”."));
    CHECK(on.get("/search?q=" + std::string(3000, 'x')).status == 400);
}

TEST_CASE("a file of ours is kept for ever by its name, and told unchanged by its tag")
{
    stage on;
    std::string style;
    for (auto const& link : links_of(on.page("/")))
        if (link.starts_with("/static/style-"))
            style = link;
    auto const made = on.get(style, {});
    CHECK(made.status == 200);
    CHECK(header_of(made, "Content-Type") == "text/css; charset=utf-8");
    CHECK(has(header_of(made, "Cache-Control"), "immutable"));
    CHECK(has(made.body, "prefers-color-scheme: dark"));
    CHECK(header_of(on.get("/static/style-old.css"), "Cache-Control") == "public, no-cache");
    CHECK(on.get("/static/frame.mustache").status == 404);
}

TEST_CASE("an engine that does not answer, is offline or behind is said at the head of each page")
{
    stage on{[](auto& to, auto now) { fill_with_everything(to, now); }};
    on.commands.status = {};
    CHECK(has(on.page("/bugs"), "? the engine does not answer"));
    on.commands.status = {{"offline", true}, {"bugs", 1}};
    CHECK(has(on.page("/errors"), "✗ this machine is offline"));
    on.commands.status = {
        {"bugs", 3}, {"due", 1}, {"oldest_due", (on.time.now() - 3h).time_since_epoch().count()}};
    auto const overview = on.page("/");
    CHECK(has(overview, "✗ behind: oldest overdue 3 h"));
    CHECK(has(overview, "Behind: 1 check is overdue, the oldest by 3 h."));
}
