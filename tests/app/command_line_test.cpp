#include "engine/app/command_line.hpp"
#include "engine/serve/pages/assets.hpp"

#include <catch2/catch.hpp>

#include <regex>

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

TEST_CASE("the commands on one tracker are understood")
{
    auto const one = [](std::vector<char const*> arguments) {
        auto const got = parse(std::move(arguments));
        CAPTURE(got.text);
        REQUIRE(got.line);
        return got.line->command;
    };
    auto const show = std::get<tracker_show_options>(one({"tracker", "show", "kde", "--json"}));
    CHECK((show.tracker == "kde" && show.json));
    CHECK(std::get<tracker_probe_options>(one({"tracker", "probe", "kde"})).tracker == "kde");
    CHECK(std::get<tracker_login_options>(one({"tracker", "login", "kde"})).tracker == "kde");
    auto const pause = std::get<tracker_pause_options>(one({"tracker", "pause", "kde", "--note", "a b"}));
    CHECK((pause.tracker == "kde" && pause.note == "a b"));
    CHECK(std::get<tracker_resume_options>(one({"tracker", "resume", "kde"})).tracker == "kde");
    CHECK(std::get<tracker_reset_options>(one({"tracker", "reset", "kde"})).tracker == "kde");
    auto const set = std::get<tracker_set_options>(
        one({"tracker", "set", "kde", "batch=50", "lanes=", "requests_per_second=0.5"}));
    CHECK(set.tracker == "kde");
    REQUIRE(set.settings.size() == 3);
    CHECK((set.settings[0].key == "batch" && set.settings[0].value == "50"));
    CHECK((set.settings[1].key == "lanes" && set.settings[1].value.empty()));
}

TEST_CASE("settings are changed one by one and taken back")
{
    storage::tracker_settings settings{.lanes = 4};
    for (auto const* const text :
         {"batch=50",
          "connections=3",
          "requests_per_second=0.5",
          "changed_since=false",
          "comments=true",
          "comments_of=Core; Tool, Kit;",
          "lanes="}) {
        auto const change = parse_setting(text);
        REQUIRE(change.has_value());
        auto const next = with_setting(settings, *change);
        REQUIRE(next.has_value());
        settings = *next;
    }
    CHECK(
        settings
        == storage::tracker_settings{
            .batch = 50,
            .connections = 3,
            .requests_per_second = 0.5,
            .changed_since = false,
            .comments = true,
            .comments_of = {"Core", "Tool, Kit"}});
    CHECK(
        settings_in_words(settings)
        == std::vector<std::pair<std::string, std::string>>{
            {"batch", "50"},
            {"connections", "3"},
            {"requests_per_second", "0.5"},
            {"changed_since", "false"},
            {"comments", "true"},
            {"comments_of", "Core;Tool, Kit"}});
}

TEST_CASE("errors, db and show --why are understood")
{
    auto const errors = parse({"errors", "--tracker", "a", "--tracker", "b", "--all", "--json"});
    REQUIRE(errors.line);
    auto const& e = std::get<errors_options>(errors.line->command);
    CHECK(e.trackers == std::vector<std::string>{"a", "b"});
    CHECK((e.all && e.json));
    auto const check = parse({"db", "check", "--json"});
    REQUIRE(check.line);
    CHECK(std::get<db_check_options>(check.line->command).json);
    auto const backup = parse({"db", "backup", "/b.db"});
    REQUIRE(backup.line);
    CHECK(std::get<db_backup_options>(backup.line->command).file == "/b.db");
    auto const compact = parse({"db", "compact", "--db", "/x.db"});
    REQUIRE(compact.line);
    CHECK(std::holds_alternative<db_compact_options>(compact.line->command));
    CHECK(compact.line->global.database == "/x.db");
    auto const why = parse({"show", "https://a/1", "--why"});
    REQUIRE(why.line);
    CHECK(std::get<show_options>(why.line->command).why);
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
        {{"chekc"},
         "there is no command \"chekc\"; the commands are add, check, show, changes, comments, errors, "
         "queue, rechecks, serve, status, import, tracker, map, token, digest, watchlist, scan, sink, db"},
        {{"add"}, "URL"},
        {{"check", "--frobnicate"}, "--frobnicate"},
        {{"show", "--outcome", "sene"}, "\"sene\" is no outcome"},
        {{"changes", "--after", "x"}, "--after"},
        {{"changes", "--limit", "0"}, "--limit"},
        {{"status", "--fail-behind", "soon"}, "a span such as"},
        {{"tracker", "add", "--kind", "trac"}, "--url"},
        {{"tracker"}, "subcommand"},
        {{"tracker", "show"}, "NAME"},
        {{"tracker", "set", "kde"}, "SETTING"},
        {{"tracker", "set", "kde", "lanes"}, "\"lanes\" is no setting: KEY=VALUE is expected"},
        {{"tracker", "set", "kde", "=3"}, "\"=3\" is no setting"},
        {{"tracker", "set", "kde", "lnaes=3"}, "there is no setting \"lnaes\"; the keys are batch, lanes, "},
        {{"tracker", "set", "kde", "lanes=0"},
         "lanes cannot be \"0\"; it must be a whole number from 1 to 64"},
        {{"tracker", "set", "kde", "lanes=3x"}, "lanes cannot be \"3x\""},
        {{"tracker", "set", "kde", "requests_per_second=nan"}, "it must be a number from 0 to"},
        {{"tracker", "set", "kde", "changed_since=yes"}, "it must be true or false"},
        {{"tracker", "set", "kde", "comments=on"}, "it must be true or false"},
        {{"tracker", "set", "kde", "comments_of=;"}, "it must be names of products"},
        {{"comments"}, "URL is required"},
        {{"token"}, "subcommand"},
        {{"token", "add", "ci", "--right", "all"}, "--right"},
        {{"scan"}, "PATH is required"},
        {{"scan", ".", "--since", "soon"}, "a day such as"},
        {{"scan", ".", "--jobs", "0"}, "--jobs"},
        {{"db"}, "subcommand"},
        {{"db", "backup"}, "FILE"},
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

TEST_CASE("every command that a page prints is understood")
{
    std::regex const printed{"<code>checkwatches ([^<]*)</code>"};
    std::regex const blank{" +"};
    int found = 0;
    for (auto const& asset : serve::all_assets()) {
        std::string const text{asset.text};
        for (std::sregex_iterator at{text.begin(), text.end(), printed}, end; at != end; ++at) {
            auto const command = std::regex_replace(
                (*at)[1].str(), std::regex{"\\{\\{[a-z]+\\}\\}"}, "bugs.example.org");
            INFO(asset.name << ": " << command);
            std::vector<std::string> const words{
                std::sregex_token_iterator{command.begin(), command.end(), blank, -1}, {}};
            std::vector<char const*> arguments;
            for (auto const& word : words)
                arguments.push_back(word.c_str());
            CHECK(parse(arguments).line);
            ++found;
        }
    }
    CHECK(found >= 12);
}
