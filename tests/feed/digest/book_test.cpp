#include "tests/feed/digest/book_fixture.hpp"

using namespace checkwatches;
using namespace checkwatches::feed;
using namespace checkwatches::feed::test;
using Catch::Matchers::Contains;

TEST_CASE("Digest: the first change of a label is told at once", "[digest]")
{
    world w;
    w.bug(1);
    w.take({w.change(1)});
    REQUIRE(w.letters().size() == 1);
    auto const& letter = w.letters().front();
    CHECK(letter.subject == "[d] curl: t #1 New → Confirmed (1 change)");
    CHECK_THAT(letter.text, Contains("* t #1: New → Confirmed\n  Crash\n  https://t/1\n"));
    CHECK_THAT(letter.text, Contains("https://w.example/watches?label=curl"));
    CHECK(letter.at == w.around.now);
}

TEST_CASE("Digest: one bug that nobody else is waited for with is one message", "[digest]")
{
    world w;
    w.bug(1);
    w.take({w.change(1)});
    CHECK(w.told().size() == 1);
    w.pass(9h);
    CHECK(w.told().empty());
    CHECK(w.book().open().empty());
}

TEST_CASE("Digest: status and importance that one check brought are one first message", "[digest]")
{
    world w;
    w.bug(1);
    w.take({w.change(1), w.change(1, "importance", "Low", "High")});
    CHECK(w.told() == lines{"first [d] curl: t #1 New → Confirmed (2 changes)"});
    w.pass(9h);
    CHECK(w.told().empty());
}

TEST_CASE("Digest: forty changes are one first message and one that it has settled", "[digest]")
{
    world w;
    for (int i = 1; i <= 40; ++i)
        w.bug(i, "curl", std::chrono::minutes{10 * i});
    bool const at_once = GENERATE(true, false);
    if (at_once) {
        std::vector<event> all;
        for (int i = 1; i <= 40; ++i)
            all.push_back(w.change(i));
        w.take(all);
    }
    else
        for (int i = 1; i <= 40; ++i) {
            w.take({w.change(i)});
            w.pass(10min);
        }
    w.pass(1min);
    CHECK(
        w.told()
        == lines{"first [d] curl: t #1 New → Confirmed (1 change)", "settled [d] curl: settled, 39 changes"});
    CHECK(w.book().open().empty());
}

TEST_CASE("Digest: it has settled when all that were due have answered, changed or not", "[digest]")
{
    world w;
    w.bug(1);
    w.bug(2, "curl", 2h);
    w.bug(3, "curl", 3h);
    w.bug(4, "curl", 20h); // not due within eight hours: not waited for
    w.bug(5, "zlib", 1h);  // another label's
    w.take({w.change(1)});
    CHECK_THAT(w.letters().front().text, Contains("2 bugs more will be asked until 2026-11-02T09:00:00Z"));
    w.told();
    w.pass(2h);
    w.answer(2);
    w.pass(1h);
    CHECK(w.told().empty());
    w.answer(3);
    w.pass(1min);
    REQUIRE(w.letters().size() == 1);
    CHECK_THAT(
        w.letters().front().text, Contains("All that were due since 2026-11-02T01:00:00Z have answered."));
    CHECK(w.told() == lines{"settled [d] curl: settled, nothing more"});
}

TEST_CASE("Digest: it has settled after a time, and who has not answered is named", "[digest]")
{
    world w;
    w.bug(1);
    w.bug(2, "curl", 2h).error = "";
    w.bug(3, "curl", 3h);
    w.take({w.change(1)});
    w.told();
    w.pass(3h);
    w.fail(3, outcome::timeout, "the server sent nothing for 10 s");
    w.bugs.at(3).next_check = w.around.now + 30h; // it was due all the same
    w.pass(4h + 59min);
    CHECK(w.told().empty());
    w.pass(1min);
    REQUIRE(w.letters().size() == 1);
    auto const letter = w.letters().front();
    CHECK(letter.subject == "[d] curl: settled, nothing more, 2 not answered");
    CHECK_THAT(letter.text, Contains("2 bugs that were due since 2026-11-02T01:00:00Z have not answered."));
    CHECK_THAT(letter.text, Contains("* t #2: has not been asked since 2026-11-01T01:00:00Z"));
    CHECK_THAT(letter.text, Contains("* t #3: has not answered: the server sent nothing for 10 s"));
    CHECK(w.book().open().empty());
}

TEST_CASE("Digest: the time is the configuration's", "[digest]")
{
    world w{{.name = "d", .settle = 3min}};
    w.bug(1);
    w.bug(2, "curl", 2min);
    w.take({w.change(1)});
    w.told();
    w.pass(2min);
    CHECK(w.told().empty());
    w.pass(1min);
    CHECK(w.told() == lines{"settled [d] curl: settled, nothing more, 1 not answered"});
}

TEST_CASE("Digest: after it has settled the next change is a first one again", "[digest]")
{
    world w;
    w.bug(1);
    w.take({w.change(1)});
    w.pass(1min);
    w.take({w.change(1, "Confirmed", "Fix Released")});
    CHECK(
        w.told()
        == lines{
            "first [d] curl: t #1 New → Confirmed (1 change)",
            "first [d] curl: t #1 Confirmed → Fix Released (1 change)"});
}

TEST_CASE("Digest: without a first message everything is told when it has settled", "[digest]")
{
    world w{{.name = "d", .first = false}};
    w.bug(1);
    w.bug(2, "curl", 1h);
    w.take({w.change(1)});
    CHECK(w.told().empty());
    w.pass(1h);
    w.take({w.change(2)});
    w.pass(1min);
    CHECK(w.told() == lines{"settled [d] curl: settled, 2 changes"});
}

TEST_CASE("Digest: nothing settles before all that the log has was taken in", "[digest]")
{
    world w;
    w.bug(1);
    w.bug(2);
    auto const both = std::vector{w.change(1), w.change(2)};
    w.around.caught_up = false;
    w.take({both[0]});
    w.pass(5min);
    w.take({both[1]});
    w.around.caught_up = true;
    w.pass(1min);
    CHECK(
        w.told()
        == lines{"first [d] curl: t #1 New → Confirmed (1 change)", "settled [d] curl: settled, 1 change"});
}

TEST_CASE(
    "Digest: what one bug does in between is told as one step, and not at all if it went back", "[digest]")
{
    world w;
    w.bug(1);
    w.bug(2);
    w.bug(3);
    w.bug(4, "curl", 1h);
    w.take({w.change(1), w.change(2), w.change(3)});
    w.take(
        {w.change(2, "Confirmed", "In Progress"),
         w.change(3, "Confirmed", "New"),
         w.change(1, "Confirmed", "New")});
    w.pass(61min);
    w.answer(4);
    w.told();
    w.pass(1min);
    REQUIRE(w.letters().size() == 1);
    auto const& text = w.letters().front().text;
    CHECK_THAT(text, Contains("* t #2: New → In Progress\n"));
    // What was told is taken back; what was not is no news.
    CHECK_THAT(text, Contains("* t #1: Confirmed → New\n"));
    CHECK_THAT(text, !Contains("t #3"));
}

TEST_CASE("Digest: a storm is one message with some of it, a count and a link", "[digest]")
{
    world w;
    std::vector<event> all;
    for (int i = 1; i <= 700; ++i) {
        w.bug(i);
        all.push_back(w.change(i));
    }
    w.take(all);
    w.pass(1min);
    REQUIRE(w.letters().size() == 2);
    auto const& letter = w.letters()[1];
    CHECK(letter.subject == "[d] curl: settled, 699 changes");
    CHECK_THAT(letter.text, Contains("… and 659 more\n") && Contains("https://w.example/watches?label=curl"));
    CHECK(letter.text.size() < 10'000);
    CHECK(letter.html.size() < 20'000);
}

TEST_CASE("Digest: keys are labels, owners, or releases, which are sets of labels", "[digest]")
{
    auto const keys = [](digest_key by, filter wanted = {}) {
        digest_settings s{
            .by = by, .releases = {{"13", {"curl", "zlib"}}, {"12", {"curl"}}}, .wanted = std::move(wanted)};
        auto const all = topics_of(
            s,
            {{.label = "curl", .owner = "anna"},
             {.label = "wget", .owner = "bert"},
             {.label = "", .owner = ""}});
        return std::vector<std::string>{all.begin(), all.end()};
    };
    CHECK(keys(digest_key::label) == lines{"label curl", "label wget"});
    CHECK(keys(digest_key::owner) == lines{"owner anna", "owner bert"});
    CHECK(keys(digest_key::release) == lines{"release 12", "release 13"});
    CHECK(keys(digest_key::label, {.labels = {"wget"}}) == lines{"label wget"});
    CHECK(keys(digest_key::label, {.owners = {"anna"}}) == lines{"label curl"});
}

TEST_CASE("Digest: the table says what is told", "[digest]")
{
    struct row {
        std::string field;
        std::optional<std::string> from;
        std::optional<std::string> to;
        bool told;
    };
    auto const r = GENERATE(values<row>({
        {"status", "New", "Confirmed", true},
        {"status", std::nullopt, "New", false}, // first sight
        {"status", "Unknown", "New", false},
        {"status", "New", "Unknown", false},
        {"importance", "Low", "High", true},
        {"importance", "Undecided", "High", true},
        {"importance", std::nullopt, "High", false},
        {"importance", "Unknown", "High", false},
        {"moved_to", std::nullopt, "https://n/1", true},
        {"remote_status", "open; label a", "open; label b", false}, // only labels, only the tracker's words
        {"remote_importance", "P1", "P2", false},
        {"duplicate_of", std::nullopt, "17", false},
        {"something", "a", "b", false},
    }));
    CAPTURE(r.field, r.from.value_or("-"), r.to.value_or("-"));
    world w;
    w.bug(1);
    w.take({w.change(1, r.field, r.from, r.to)});
    CHECK(w.told().size() == (r.told ? 1U : 0U));
    CHECK(w.book().open().empty() != r.told);
}

TEST_CASE("Digest: acts of operators and new meanings of words are quiet", "[digest]")
{
    world w;
    w.bug(1);
    auto act = w.change(1);
    act.change->what.actor = "token ci";
    auto meaning = w.change(1);
    meaning.change->what.reason = "mapping";
    w.take({act, meaning});
    CHECK(w.told().empty());
}

TEST_CASE("Digest: a quiet field is told where the filter names it", "[digest]")
{
    world w{{.name = "d", .wanted = {.fields = {"duplicate_of"}}}};
    w.bug(1);
    w.take({w.change(1, "duplicate_of", std::nullopt, "17")});
    CHECK(w.told() == lines{"first [d] curl: t #1 duplicate_of none → 17 (1 change)"});
}

TEST_CASE("Digest: what was seen to is silent until there is a newer change", "[digest]")
{
    world w;
    w.bug(1);
    auto const before = w.change(1);
    w.around.acknowledged = {{.label = "curl", .bug = storage::bug_id{1}, .change = 1, .newest = 1}};
    w.take({before});
    CHECK(w.told().empty());
    w.take({w.change(1, "Confirmed", "Fix Released")});
    CHECK(w.told().size() == 1);
}

TEST_CASE("Digest: what is seen to while it is gathered is not told any more", "[digest]")
{
    world w;
    w.bug(1);
    w.bug(2);
    w.bug(3);
    w.bug(4, "curl", 1h);
    w.take({w.change(1), w.change(2), w.change(3)});
    w.told();
    w.around.acknowledged = {
        {.label = "curl", .bug = storage::bug_id{2}, .change = 2, .newest = 2},
        {.label = "zlib", .bug = storage::bug_id{3}, .change = 3, .newest = 3},  // another label's
        {.label = "curl", .bug = storage::bug_id{4}, .change = 0, .newest = 0}}; // and is not waited for
    w.pass(1min);
    REQUIRE(w.letters().size() == 1);
    CHECK_THAT(w.letters().front().text, Contains("t #3") && !Contains("t #2"));
    CHECK(w.told() == lines{"settled [d] curl: settled, 1 change"});
}

TEST_CASE("Digest: a bug of two labels is silent for the one that has seen to it", "[digest]")
{
    world w;
    w.bug(1).watches.push_back({.label = "zlib", .source = "typed"});
    w.around.acknowledged = {{.label = "zlib", .bug = storage::bug_id{1}, .change = 1, .newest = 1}};
    w.take({w.change(1)});
    CHECK(w.told() == lines{"first [d] curl: t #1 New → Confirmed (1 change)"});
}

TEST_CASE("Digest: nothing that happened in a maintenance window is told after it", "[digest]")
{
    enum class why { configured, muted, paused };
    auto const how = GENERATE(why::configured, why::muted, why::paused);
    bool const late = GENERATE(true, false); // it is told of it when the window is over
    digest_settings s{.name = "d"};
    if (how == why::configured)
        s.maintenance.push_back(parse_window("Mon 02:00-04:00").value());
    world w{s};
    w.bug(1);
    if (how == why::muted)
        w.around.mutes = {{.from = world::start + 2h, .until = world::start + 4h}};
    if (how == why::paused)
        w.around.paused = {"t"};
    w.around.now = world::start + 3h;
    auto const inside = w.change(1);
    if (!late || how == why::paused)
        w.take({inside});
    w.around.now = world::start + 5h;
    w.around.paused.clear();
    if (late)
        w.take({inside});
    w.pass(10h);
    CHECK(w.told().empty());
    w.take({w.change(1, "Confirmed", "Fix Released")});
    CHECK(w.told() == lines{"first [d] curl: t #1 Confirmed → Fix Released (1 change)"});
}

TEST_CASE(
    "Digest: what was gathered before a maintenance window is told after it, and nothing in it", "[digest]")
{
    world w;
    w.bug(1);
    w.bug(2);
    w.bug(3);
    w.take({w.change(1), w.change(2)});
    w.told();
    w.around.mutes = {{.from = w.around.now + 30s, .until = w.around.now + 2h}};
    w.around.now += 1h;
    w.take({w.change(3)});
    w.settle();
    CHECK(w.told().empty());
    w.around.now += 1h;
    w.settle();
    CHECK(w.told() == lines{"settled [d] curl: settled, 1 change"});
}

TEST_CASE("Digest: a new digest tells nothing of the time before it", "[digest]")
{
    world w;
    w.bug(1);
    w.around.now = world::start - 1h;
    w.take({w.change(1)});
    w.around.now = world::start + 1h;
    w.pass(9h);
    CHECK(w.told().empty());
}

TEST_CASE("Digest: a week that is caught up with is one message for each key", "[digest]")
{
    world w;
    w.bug(1);
    w.bug(2);
    std::vector<event> week;
    for (int day = 0; day != 7; ++day) {
        week.push_back(w.change(1, fmt::format("S{}", day), fmt::format("S{}", day + 1)));
        week.push_back(w.change(2, fmt::format("S{}", day), fmt::format("S{}", day + 1)));
        w.around.now += 24h;
    }
    w.around.caught_up = false;
    for (auto const& e : week)
        w.take({e});
    CHECK(w.told().empty());
    w.around.caught_up = true;
    w.pass(10min);
    REQUIRE(w.letters().size() == 1);
    CHECK_THAT(w.letters().front().text, Contains("* t #1: S0 → S7") && Contains("* t #2: S0 → S7"));
}

TEST_CASE("Digest: a change that comes twice is told once", "[digest]")
{
    world w;
    w.bug(1);
    auto const e = w.change(1);
    w.take({e});
    w.take({e});
    w.pass(1min);
    w.take({e});
    CHECK(w.told().size() == 1);
}

TEST_CASE("Digest: all that it knows is in what is stored", "[digest]")
{
    world w;
    for (int i = 1; i <= 3; ++i)
        w.bug(i);
    w.bug(4, "curl", 1h);
    w.take({w.change(1), w.change(2)});
    w.restart();
    w.take({w.change(3)});
    w.restart();
    w.pass(9h);
    w.restart();
    w.pass(1min);
    CHECK(
        w.told()
        == lines{
            "first [d] curl: t #1 New → Confirmed (1 change)",
            "settled [d] curl: settled, 2 changes, 1 not answered"});
}

TEST_CASE("Digest: the letters of a key are one thread, and their ids are made of what they are", "[digest]")
{
    world w;
    w.bug(1);
    w.bug(2);
    w.bug(3, "zlib");
    w.take({w.change(1), w.change(2), w.change(3)});
    w.pass(1min);
    w.take({w.change(1, "Confirmed", "Fix Released")});
    auto const all = w.letters();
    REQUIRE(all.size() == 4); // first curl, first zlib, settled curl, first curl
    auto const& first = all[0].topic == "label curl" ? all[0] : all[1];
    CHECK(first.references.empty());
    CHECK(all[2].references == lines{first.message_id});
    CHECK(all[3].references == lines{first.message_id, all[2].message_id});
    CHECK_THAT(first.message_id, Catch::Matchers::Matches("[0-9a-f]{32}\\.[0-9]+@example\\.org"));

    world same;
    same.bug(1);
    same.take({same.change(1)});
    CHECK(same.letters().front().message_id == all[0].message_id);
}

TEST_CASE("Digest: nothing from outside ends a line or means something in HTML", "[digest]")
{
    world w;
    auto& b = w.bug(1, "cu\r\nBcc: x@example.org");
    b.what.title = "a\r\nb <script>alert('1')</script> & \"c\" \xC2\x85";
    b.what.url = "javascript:alert(1)";
    w.take({w.change(1)});
    REQUIRE(w.letters().size() == 1);
    auto const& letter = w.letters().front();
    CHECK(letter.subject.find_first_of("\r\n") == std::string::npos);
    CHECK_THAT(
        letter.text, Contains("  a  b <script>alert('1')</script> & \"c\"  \n") && !Contains("javascript"));
    CHECK_THAT(
        letter.html,
        Contains("a  b &lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; &quot;c&quot;")
            && !Contains("javascript"));
}
