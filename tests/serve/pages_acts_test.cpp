#include "tests/serve/pages_stage.hpp"
#include "tests/support/print.hpp"

#include <fmt/format.h>

using namespace checkwatches;
using namespace checkwatches::serve;
using namespace checkwatches::serve::test;
using namespace std::chrono_literals;

namespace {

bool has(std::string const& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

// The one command that was given, which must be of this kind.
template <class Call>
Call asked(stage& on)
{
    REQUIRE(on.commands.asked.size() == 1);
    CHECK(on.commands.asked.front().second == "token ci");
    REQUIRE(std::holds_alternative<Call>(on.commands.asked.front().first));
    auto out = std::get<Call>(on.commands.asked.front().first);
    on.commands.asked.clear();
    return out;
}

storage::bug_id const second = storage::bug_id{4'294'967'298};

} // namespace

TEST_CASE("who may not operate has no forms, and is refused with a way to sign in")
{
    stage on{[](auto& to, auto now) { fill_with_everything(to, now); }};
    for (auto const target :
         {"/trackers/bugs.example.org", "/bugs/4294967298", "/fixed", "/queue", "/watches", "/sinks"}) {
        auto const html = on.page(target);
        INFO(html);
        CHECK_FALSE(has(html, "method=\"post\""));
        CHECK(has(html, "Sign in"));
    }
    for (auto const path :
         {"/watches",
          "/watches/remove",
          "/trackers/bugs.example.org/check",
          "/trackers/bugs.example.org/pause",
          "/bugs/4294967298/check",
          "/queue/settle",
          "/fixed/seen",
          "/sinks/ci/act"}) {
        auto const made = on.post(path, {{"confirm", "1"}}, stage::reader());
        INFO(path);
        CHECK(made.status == 403);
        CHECK(has(body_of(made), "<a href=\"/login?next=%2F\">Sign in</a>"));
    }
    CHECK(on.commands.asked.empty());
}

TEST_CASE("who may not read is led to the sign-in, and back")
{
    stage on{[](auto& to, auto now) { fill_with_everything(to, now); }};
    auto const made = on.get("/bugs?failing=1", {});
    CHECK(made.status == 303);
    CHECK(header_of(made, "Location") == "/login?next=%2Fbugs%3Ffailing%3D1");
    auto const login = on.page("/login?next=%2Fbugs%3Ffailing%3D1", {});
    CHECK(has(login, "name=\"next\" value=\"/bugs?failing=1\""));
    CHECK_FALSE(has(login, "<nav"));
    CHECK(has(on.page("/login?next=%2F%2Fevil.example.org", {}), "name=\"next\" value=\"/\""));
    CHECK(has(on.page("/login?next=https%3A%2F%2Fevil.example.org", {}), "name=\"next\" value=\"/\""));
}

TEST_CASE("every form carries the secret of the session")
{
    stage on{[](auto& to, auto now) { fill_with_everything(to, now); }};
    on.count();
    std::vector<std::string> const targets{
        "/",
        "/trackers/bugs.example.org",
        "/trackers/bugs.example.org/settings",
        "/bugs/4294967298",
        "/watches",
        "/queue",
        "/queue?tracker=bugs.example.org&word=Odd&means=Confirmed",
        "/fixed"};
    for (auto const& target : targets) {
        auto const html = on.page(target, stage::operator_());
        INFO(target << "\n" << html);
        std::size_t forms = 0;
        for (std::size_t at = 0; (at = html.find("method=\"post\"", at)) != html.npos; ++at) {
            auto const form = html.substr(at, html.find("</form>", at) - at);
            CHECK(has(form, "<input type=\"hidden\" name=\"csrf\" value=\"the-secret-of-forms\">"));
            ++forms;
        }
        CHECK(forms >= 2);
    }
}

TEST_CASE("a check of a whole tracker says first what it costs")
{
    stage on{[](auto& to, auto now) { fill_with_everything(to, now); }};
    auto const cost = on.post("/trackers/bugs.example.org/check", {});
    CHECK(cost.status == 200);
    CHECK(has(body_of(cost), "Check all 13,000 bugs of bugs.example.org: 130 requests, about 4 minutes."));
    CHECK(on.commands.asked.empty());

    auto const made = on.post("/trackers/bugs.example.org/check", {{"confirm", "1"}});
    CHECK(made.status == 303);
    auto const started = fmt::format("?started={}", on.time.now().time_since_epoch().count());
    CHECK(header_of(made, "Location") == "/trackers/bugs.example.org" + started);
    auto const call = asked<check_call>(on);
    CHECK(call.what.trackers == std::vector<std::string>{"bugs.example.org"});
    CHECK(call.what.force);
}

TEST_CASE("forms become commands, and lead to what came of them")
{
    stage on{[](auto& to, auto now) { fill_with_everything(to, now); }};
    auto const location = [&](std::string const& path, http_fields const& form) {
        auto const made = on.post(path, form);
        INFO(body_of(made));
        CHECK(made.status == 303);
        return header_of(made, "Location");
    };
    CHECK(
        location("/watches", {{"url", " https://bugs.example.org/9 "}, {"label", "p"}, {"owner", "o"}})
        == "/search?q=https%3A%2F%2Fbugs.example.org%2F9");
    CHECK(
        asked<watch_call>(on) == watch_call{.url = "https://bugs.example.org/9", .label = "p", .owner = "o"});

    CHECK(
        location("/watches/remove", {{"bug", "4294967298"}, {"label", " p "}, {"source", "typed"}})
        == "/bugs/4294967298?unwatched=1&for=%20p%20");
    CHECK(asked<unwatch_call>(on) == unwatch_call{.bug = second, .label = " p ", .source = "typed"});

    auto const started = fmt::format("?started={}", on.time.now().time_since_epoch().count());
    CHECK(location("/bugs/4294967298/check", {}) == "/bugs/4294967298" + started);
    auto const check = asked<check_call>(on);
    CHECK(check.what.bugs == std::vector{second});
    CHECK(check.what.force);

    CHECK(location("/trackers/odd%20one/pause", {{"note", "moving"}}) == "/trackers/odd%20one");
    CHECK(asked<pause_call>(on) == pause_call{.tracker = "odd one", .note = "moving"});
    location("/trackers/t/resume", {});
    CHECK(asked<resume_call>(on).tracker == "t");
    location("/trackers/t/probe", {});
    CHECK(asked<probe_call>(on).tracker == "t");
    location("/trackers/t/reset", {});
    CHECK(asked<reset_call>(on).tracker == "t");

    location(
        "/trackers/t/settings",
        {{"batch", "50"},
         {"lanes", ""},
         {"requests_per_second", "0.5"},
         {"changed_since", "no"},
         {"comments", "unset"},
         {"comments_of", "panel\r\n\r\n session\r\n"}});
    storage::tracker_settings const wanted{
        .batch = 50, .requests_per_second = 0.5, .changed_since = false, .comments_of = {"panel", "session"}};
    CHECK(asked<configure_call>(on) == configure_call{.tracker = "t", .settings = wanted});

    location(
        "/queue/settle", {{"tracker", "t"}, {"field", "status"}, {"key", "odd"}, {"means", "Confirmed"}});
    CHECK(
        asked<meaning_call>(on)
        == meaning_call{.tracker = "t", .field = "status", .key = "odd", .means = "Confirmed"});

    CHECK(location("/fixed/seen", {{"seen", "4294967298:a:b"}}) == "/fixed?put_away=4294967298%3Aa%3Ab");
    CHECK(asked<put_away_call>(on) == put_away_call{.bug = second, .label = "a:b"});
    CHECK(location("/fixed/seen", {{"back", "4294967298:a:b"}}) == "/fixed");
    CHECK(asked<put_away_call>(on) == put_away_call{.bug = second, .label = "a:b", .back = true});
}

TEST_CASE("a form that cannot be carried out says why, and changes nothing")
{
    stage on{[](auto& to, auto now) { fill_with_everything(to, now); }};
    auto const status = [&](std::string const& path, http_fields const& form) {
        return on.post(path, form).status;
    };
    CHECK(status("/trackers/t/settings", {{"batch", "many"}}) == 400);
    CHECK(status("/trackers/t/settings", {{"requests_per_second", "nan"}}) == 400);
    CHECK(status("/trackers/t/settings", {{"requests_per_second", "-1"}}) == 400);
    CHECK(status("/watches", {{"url", " "}}) == 400);
    CHECK(status("/watches/remove", {{"bug", "x"}}) == 400);
    CHECK(status("/fixed/seen", {{"seen", "4294967298"}}) == 400);
    CHECK(status("/queue/settle", {{"tracker", "t"}}) == 400);
    CHECK(status("/trackers/t/explode", {}) == 404);
    CHECK(status("/bugs/x/check", {}) == 404);
    CHECK(status("/changes", {}) == 404);
    CHECK(on.commands.asked.empty());

    on.commands.failure = error{.kind = error_kind::usage, .message = "there is no <tracker> \"t\""};
    auto const refused = on.post("/trackers/t/pause", {});
    CHECK(refused.status == 400);
    CHECK(has(body_of(refused), "there is no &lt;tracker&gt; &quot;t&quot;."));
    on.commands.failure = error{.kind = error_kind::timeout, .message = "no answer"};
    auto const unreached = on.post("/trackers/t/probe", {});
    CHECK(unreached.status == 200); // a proxy may have a page of its own for others
    CHECK(has(body_of(unreached), "no answer."));
    CHECK(has(body_of(unreached), "<a href=\"/trackers/t\">t</a>"));
    on.commands.failure = error{.kind = error_kind::storage, .message = "the disk is full"};
    CHECK(status("/trackers/t/check", {}) == 503);
}

TEST_CASE("a page is made once for many within a second, and anew for who did something")
{
    stage on{[](auto& to, auto now) { fill_with_everything(to, now); }};
    auto const who = stage::operator_();
    auto const first = on.get("/bugs", who);
    CHECK(on.get("/bugs", who).shared_body == first.shared_body);
    CHECK(on.get("/bugs", stage::reader()).shared_body != first.shared_body);
    on.post("/trackers/t/probe", {});
    auto const second_look = on.get("/bugs", who);
    CHECK(second_look.shared_body != first.shared_body);
    on.time.advance(std::chrono::milliseconds{1'000});
    CHECK(on.get("/bugs", who).shared_body != second_look.shared_body);
}

TEST_CASE("a check is said to be under way until it ended, where the page is kept up to date")
{
    stage on{[](auto& to, auto now) { fill_with_everything(to, now); }};
    auto const bug = header_of(on.post("/bugs/4294967298/check", {}), "Location");
    auto const all = header_of(on.post("/trackers/bugs.example.org/check", {{"confirm", "1"}}), "Location");
    auto const note = [&](std::string const& target) {
        auto const html = on.page(target);
        auto const at = html.find("id=\"live-checking\"");
        REQUIRE(at != html.npos);
        return html.substr(at, html.find("</div>", at) - at);
    };
    CHECK(has(note(bug), "It is being checked now"));
    CHECK(has(note(all), "All its bugs are being checked now"));
    CHECK_FALSE(has(note("/bugs/4294967298"), "being checked"));
    on.time.advance(5s);
    on.change([](auto& to, auto now) {
        storage::settled_bug one;
        one.after.id = second;
        one.after.last_outcome = outcome::timeout;
        one.after.checked_at = now;
        one.after.next_check = now + 1h;
        to.in_transaction([&] { to.apply({.from = storage::tracker_id{1}, .at = now, .bugs = {one}}); });
        to.add_pass({.from = storage::tracker_id{1}, .began = now - 1s, .ended = now, .asked = 1});
    });
    CHECK_FALSE(has(note(bug), "being checked"));
    CHECK_FALSE(has(note(all), "being checked"));

    // It may never end: the tracker is paused, say.
    on.time.advance(1s);
    auto const again = header_of(on.post("/bugs/4294967298/check", {}), "Location");
    CHECK(has(note(again), "It is being checked now"));
    on.time.advance(10min);
    CHECK_FALSE(has(note(again), "being checked"));
}

TEST_CASE("an address of no known shape is told above the form, which keeps what was filled in")
{
    stage on{[](auto& to, auto now) { fill_with_everything(to, now); }};
    on.commands.failure = error{
        .kind = error_kind::usage,
        .message = "https://x.example.org/ has the shape of no known tracker's bug; known shapes are trac "
                   "(a), b (c)"};
    auto const made = on.post(
        "/watches", {{"url", "https://x.example.org/"}, {"label", "gedit"}, {"owner", "anna"}});
    auto const html = body_of(made);
    INFO(html);
    CHECK(made.status == 400);
    CHECK(has(html, "has the shape of no known tracker&#39;s bug</p>"));
    CHECK(has(html, "<details><summary>Addresses that are known</summary><p>trac (a), b (c)</p></details>"));
    for (auto const* const kept : {"https://x.example.org/", "gedit", "anna"})
        CHECK(has(html, std::string{"value=\""} + kept + "\""));
}

TEST_CASE("who stopped watching is told what stops, and can take it back")
{
    stage on{[](auto& to, auto now) { fill_with_everything(to, now); }};
    auto const html = on.page("/bugs/4294967298?unwatched=1&for=gedit", stage::operator_());
    INFO(html);
    CHECK(has(html, "It is no longer watched for gedit."));
    CHECK(has(html, "<input type=\"hidden\" name=\"label\" value=\"gedit\">"));
    CHECK(has(html, "Watch it again"));
    CHECK_FALSE(has(on.page("/bugs/4294967298?unwatched=1"), "Watch it again"));
}

TEST_CASE("the sign-in says how long to wait, and whether the token is known")
{
    stage on;
    CHECK(has(on.page("/login?wait=540"), "Wait about 9 minutes, then try again."));
    CHECK(has(on.page("/login?failed=1"), "✗ This token is not known.</p>"));
    for (auto const* const odd : {"/login?wait=x", "/login?wait=-1", "/login?wait=99999999999999999999"})
        CHECK_FALSE(has(on.page(odd), "too many attempts"));
}

TEST_CASE("sinks are tested, tried again, helped on and forgotten from their page")
{
    stage on{[](auto& to, auto now) { fill_with_everything(to, now); }};
    auto const html = on.page("/sinks", stage::operator_());
    INFO(html);
    CHECK(has(html, "1 of 2 sinks fail"));
    CHECK(has(html, "action=\"/sinks/ci/act\""));
    CHECK(has(html, "value=\"skip\""));
    CHECK(has(html, "1 parked event"));
    auto const tested = on.post("/sinks/ci/act", {{"do", "test"}});
    CHECK(tested.status == 303);
    CHECK(header_of(tested, "Location") == "/sinks?tested=ci");
    CHECK(asked<sink_test_call>(on) == sink_test_call{.sink = "ci"});
    CHECK(has(on.page("/sinks?tested=ci"), "The test was taken by ci."));
    CHECK(on.post("/sinks/quiet/act", {{"do", "retry"}, {"id", "17"}}).status == 303);
    CHECK(asked<sink_retry_call>(on) == sink_retry_call{.sink = "quiet", .id = 17});
    on.post("/sinks/ci/act", {{"do", "retry"}});
    CHECK(asked<sink_retry_call>(on) == sink_retry_call{.sink = "ci"});
    on.post("/sinks/ci/act", {{"do", "skip"}});
    CHECK(asked<sink_skip_call>(on) == sink_skip_call{.sink = "ci"});
    on.post("/sinks/ci/act", {{"do", "drop"}});
    CHECK(asked<sink_drop_call>(on) == sink_drop_call{.sink = "ci"});
    CHECK(on.post("/sinks/ci/act", {{"do", "explode"}}).status == 404);
    CHECK(on.post("/sinks/ci/act", {{"do", "retry"}, {"id", "x"}}).status == 400);
    CHECK(on.commands.asked.empty());
}
