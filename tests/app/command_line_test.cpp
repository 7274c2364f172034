#include "engine/app/command_line.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using namespace checkwatches::app;

namespace {

parsed parse(std::vector<char const*> arguments)
{
    arguments.insert(arguments.begin(), "checkwatches");
    return parse_command_line(static_cast<int>(arguments.size()), arguments.data());
}

} // namespace

TEST_CASE("every command of the contract is understood")
{
    auto const add = parse(
        {"add", "https://a/1", "https://a/2", "--label", "pkg", "--kind", "trac", "--no-probe"});
    REQUIRE(add.line);
    auto const& a = std::get<add_options>(add.line->command);
    CHECK(a.urls == std::vector<std::string>{"https://a/1", "https://a/2"});
    CHECK(a.label == "pkg");
    CHECK(a.kind == "trac");
    CHECK_FALSE(a.probe);

    auto const check = parse(
        {"check", "--tracker", "x", "--tracker", "y", "--url", "https://a/1", "--force", "--json"});
    REQUIRE(check.line);
    auto const& c = std::get<check_options>(check.line->command);
    CHECK(c.trackers == std::vector<std::string>{"x", "y"});
    CHECK(c.urls == std::vector<std::string>{"https://a/1"});
    CHECK((c.force && c.json));

    auto const serve = parse({"serve"});
    REQUIRE(serve.line);
    CHECK(std::holds_alternative<serve_options>(serve.line->command));

    auto const status = parse({"status", "--json"});
    REQUIRE(status.line);
    CHECK(std::get<status_options>(status.line->command).json);
    CHECK(std::get<status_options>(status.line->command).most_behind == std::chrono::hours{2});
    auto const strict = parse({"status", "--fail-behind", "15m"});
    REQUIRE(strict.line);
    CHECK(std::get<status_options>(strict.line->command).most_behind == std::chrono::minutes{15});

    auto const show = parse({"show", "--label", "pkg", "--outcome", "not_found"});
    REQUIRE(show.line);
    CHECK(std::get<show_options>(show.line->command).how == outcome::not_found);

    auto const changes = parse({"changes", "--after", "17", "--limit", "5", "--follow"});
    REQUIRE(changes.line);
    auto const& ch = std::get<changes_options>(changes.line->command);
    CHECK((ch.after == 17 && ch.limit == 5 && ch.follow));

    auto const tracker = parse(
        {"tracker",
         "add",
         "--kind",
         "launchpad",
         "--url",
         "http://h/",
         "--api",
         "http://h/devel",
         "--name",
         "lp"});
    REQUIRE(tracker.line);
    auto const& t = std::get<tracker_add_options>(tracker.line->command);
    CHECK(
        (t.kind == "launchpad" && t.url == "http://h/" && t.api == "http://h/devel" && t.name == "lp"
         && t.probe));

    auto const list = parse({"tracker", "list"});
    REQUIRE(list.line);
    CHECK(std::holds_alternative<tracker_list_options>(list.line->command));
}

TEST_CASE("global options stand before or behind the command")
{
    for (auto const& arguments : std::vector<std::vector<char const*>>{
             {"--db", "/x/y.db", "--config", "/c.toml", "--verbose", "show"},
             {"show", "--db", "/x/y.db", "--config", "/c.toml", "--verbose"}}) {
        auto const got = parse(arguments);
        REQUIRE(got.line);
        CHECK(got.line->global.database == "/x/y.db");
        CHECK(got.line->global.config_file == "/c.toml");
        CHECK(got.line->global.verbose);
    }
}

TEST_CASE("help and version are asked for")
{
    for (auto const& arguments :
         std::vector<std::vector<char const*>>{{"--help"}, {"check", "--help"}, {"--version"}}) {
        auto const got = parse(arguments);
        CHECK_FALSE(got.line);
        CHECK(got.is_help);
        CHECK_FALSE(got.text.empty());
    }
    CHECK(parse({"check", "--help"}).text.find("--force") != std::string::npos);
}

TEST_CASE("what is wrong with the arguments is named")
{
    struct row {
        std::vector<char const*> arguments;
        std::string expected;
    };
    std::vector<row> const rows{
        {{}, "subcommand"},
        {{"chekc"}, "there is no command \"chekc\"; the commands are add, check, show, changes, serve, status, tracker"},
        {{"add"}, "URL"},
        {{"check", "--frobnicate"}, "--frobnicate"},
        {{"show", "--outcome", "sene"}, "\"sene\" is no outcome"},
        {{"changes", "--after", "x"}, "--after"},
        {{"changes", "--limit", "0"}, "--limit"},
        {{"status", "--fail-behind", "soon"}, "a span such as"},
        {{"tracker", "add", "--kind", "trac"}, "--url"},
    };
    for (auto const& r : rows) {
        auto const got = parse(r.arguments);
        CAPTURE(got.text);
        CHECK_FALSE(got.line);
        CHECK_FALSE(got.is_help);
        CHECK(got.text.starts_with("checkwatches: "));
        CHECK(got.text.find(r.expected) != std::string::npos);
    }
}
