#include "engine/feed/fedora_message.hpp"
#include "storage/chain.hpp"
#include "tests/support/print.hpp"

#include <boost/json/parse.hpp>

using namespace checkwatches;
using namespace checkwatches::feed;
using namespace std::chrono_literals;

namespace json = boost::json;

namespace {

utc_time const noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 29} + 12h + 345ms};

event status_change()
{
    event e{.uuid = "0b5f7bd6-3b1c-4e0e-9d2a-1f6f0a1b2c3d"};
    auto& c = e.change.emplace();
    c.what = {
        .id = 7,
        .at = noon - 1h,
        .from = storage::tracker_id{1},
        .bug = storage::make_bug_id(storage::tracker_id{1}, 3),
        .field = "status",
        .before = "New",
        .after = "Fix Released",
        .remote_before = "NEW",
        .remote_after = "RESOLVED FIXED",
        .previous = std::string(40, 'a')};
    c.tracker = "bugs.example.org";
    c.kind = "bugzilla";
    c.remote_id = "12";
    e.url = "https://bugs.example.org/show_bug.cgi?id=12";
    e.title = "Line\nbreak \"quoted\" ü";
    e.state = status::fix_released;
    e.weight = importance::high;
    e.watches = {
        {.label = "zlib", .source = "typed", .owner = "anna"},
        {.label = "curl", .source = "typed", .owner = "anna"},
        {.label = "curl", .source = "list:a", .owner = ""}};
    return e;
}

event check_that(outcome how, bool is_duplicate)
{
    event e{.uuid = "1b5f7bd6-3b1c-4e0e-9d2a-1f6f0a1b2c3d"};
    auto& c = e.check.emplace();
    c.what = {
        .id = 9,
        .at = noon,
        .bug = storage::make_bug_id(storage::tracker_id{1}, 3),
        .how = how,
        .error = is_success(how) ? "" : "no answer for 10 s",
        .is_duplicate = is_duplicate,
        .state = status::confirmed,
        .last_checked = noon - 1h,
        .last_success = is_success(how) ? noon : noon - 90s};
    c.tracker = "bugs.example.org";
    c.kind = "bugzilla";
    c.remote_id = "12";
    e.state = status::new_; // when it is told, by now another
    return e;
}

} // namespace

TEST_CASE("fedora message: topic, schema, id and time are those of the contract", "[fedora]")
{
    auto const m = make_message(status_change(), {.prefix = "org.fedoraproject.prod"}, noon);
    CHECK(m.topic == "org.fedoraproject.prod.checkwatches.change.v1");
    CHECK(m.schema == "checkwatches.change.v1");
    CHECK(m.schema_package.empty());
    CHECK(m.id == "0b5f7bd6-3b1c-4e0e-9d2a-1f6f0a1b2c3d");
    CHECK(m.sent_at == "2026-11-29T12:00:00+00:00"); // no fraction
    CHECK(m.severity == 20);
    CHECK(m.about == "bugs.example.org#12");
    CHECK(make_message(status_change(), {}, noon).topic == "checkwatches.change.v1");
    CHECK(
        make_message(check_that(outcome::seen, false), {.prefix = "a"}, noon).topic == "a.checkwatches.check.v1");
}

TEST_CASE("fedora message: a failure that is new warns, and nothing else does", "[fedora]")
{
    CHECK(severity_of(status_change()) == 20);
    CHECK(severity_of(check_that(outcome::seen, false)) == 20);
    CHECK(severity_of(check_that(outcome::unmodified, true)) == 20);
    CHECK(severity_of(check_that(outcome::timeout, false)) == 30);
    CHECK(severity_of(check_that(outcome::timeout, true)) == 20);
}

TEST_CASE("fedora message: labels and owners are headers to choose by", "[fedora]")
{
    using texts = std::vector<std::string>;
    auto e = status_change();
    CHECK(
        make_message(e, {}, noon).filters
        == texts{"fedora_messaging_rpm_curl", "fedora_messaging_rpm_zlib", "fedora_messaging_user_anna"});
    CHECK(
        make_message(e, {.labels = label_meaning::flatpak}, noon).filters
        == texts{
            "fedora_messaging_flatpak_curl", "fedora_messaging_flatpak_zlib", "fedora_messaging_user_anna"});
    CHECK(
        make_message(e, {.labels = label_meaning::nothing}, noon).filters == texts{"fedora_messaging_user_anna"});

    SECTION("but for what is no name, or would not fit")
    {
        e.watches = {
            {.label = "two words"}, {.label = std::string(235, 'x')}, {.label = std::string(234, 'x')}};
        auto const filters = make_message(e, {}, noon).filters;
        REQUIRE(filters.size() == 1);
        CHECK(filters[0].size() == 255);
    }
    SECTION("and not without bound")
    {
        e.watches.clear();
        for (int i = 0; i != 1'000; ++i)
            e.watches.push_back({.label = "p" + std::to_string(i)});
        CHECK(make_message(e, {}, noon).filters.size() == 200);
        CHECK(body_of(e).at("labels").as_array().size() == 1'000);
    }
}

TEST_CASE("fedora message: the body says what changed, and of which bug", "[fedora]")
{
    auto const e = status_change();
    auto const body = json::parse(make_message(e, {}, noon).body);
    auto const wanted = json::parse(R"json({
        "change_id": 7, "at": "2026-11-29T11:00:00+00:00", "field": "status", "old": "New",
        "new": "Fix Released", "remote_old": "NEW", "remote_new": "RESOLVED FIXED", "reason": null,
        "actor": null, "tracker": "bugs.example.org", "kind": "bugzilla", "remote_id": "12",
        "url": "https://bugs.example.org/show_bug.cgi?id=12", "title": "Line\nbreak \"quoted\" ü",
        "status": "Fix Released", "importance": "High", "labels": ["curl", "zlib"], "owners": ["anna"]})json");
    auto all = wanted.as_object();
    all["hash"] = storage::hash_of(e.change->what);
    all["previous"] = std::string(40, 'a');
    CHECK(body == all);
}

TEST_CASE("fedora message: of a check the body says how it ended, and how old what is known is", "[fedora]")
{
    auto const body = json::parse(make_message(check_that(outcome::timeout, true), {}, noon).body);
    auto const wanted = json::parse(R"json({
        "check_id": 9, "at": "2026-11-29T12:00:00+00:00", "outcome": "timeout", "error": "no answer for 10 s",
        "duplicate": true, "last_checked": "2026-11-29T11:00:00+00:00",
        "last_success": "2026-11-29T11:58:30+00:00", "age_s": 90, "tracker": "bugs.example.org",
        "kind": "bugzilla", "remote_id": "12", "url": null, "title": null, "status": "Confirmed",
        "importance": null, "labels": [], "owners": []})json");
    CHECK(body == wanted);
    CHECK(body_of(check_that(outcome::seen, false)).at("age_s") == 0);

    auto never = check_that(outcome::timeout, false);
    never.check->what.last_success.reset();
    never.check->what.last_checked.reset();
    CHECK(body_of(never).at("age_s").is_null());
    CHECK(body_of(never).at("last_checked").is_null());
}

TEST_CASE("fedora message: a line of a file is one JSON object with what the program for them wants", "[fedora]")
{
    auto const m = make_message(status_change(), {.prefix = "a.b", .schema_package = "checkwatches-messages"}, noon);
    auto const line = line_of(m);
    REQUIRE(line.ends_with('\n'));
    CHECK(line.find('\n') == line.size() - 1);
    auto const all = json::parse(line).as_object();
    CHECK(all.size() == 6);
    CHECK(all.at("topic") == "a.b.checkwatches.change.v1");
    CHECK(all.at("id") == m.id.c_str());
    CHECK(all.at("queue").is_null());
    CHECK(all.at("priority") == 0);
    CHECK(all.at("body") == json::parse(m.body));
    auto const headers = json::parse(R"json({
        "fedora_messaging_schema": "checkwatches.change.v1", "fedora_messaging_severity": 20,
        "fedora_messaging_schema_package": "checkwatches-messages", "sent-at": "2026-11-29T12:00:00+00:00",
        "priority": 0, "fedora_messaging_rpm_curl": true, "fedora_messaging_rpm_zlib": true,
        "fedora_messaging_user_anna": true})json");
    CHECK(all.at("headers") == headers);
}

TEST_CASE("fedora message: a prefix is words with dots between them, and short enough", "[fedora]")
{
    CHECK(read_topic_prefix("").value().empty());
    CHECK(read_topic_prefix("org.fedoraproject.prod").value() == "org.fedoraproject.prod");
    CHECK(read_topic_prefix("org.fedoraproject.prod.").value() == "org.fedoraproject.prod");
    for (auto const* const bad : {".", "..", ".a", "a..b", "a..", "a b", "a.#", "*.b", "grün"})
        CHECK(read_topic_prefix(bad).has_error());

    std::string const longest(232, 'x');
    auto const prefix = read_topic_prefix(longest);
    REQUIRE(prefix);
    CHECK(make_message(status_change(), {.prefix = *prefix}, noon).topic.size() == 255);
    CHECK(read_topic_prefix(longest + "x").has_error());
}
