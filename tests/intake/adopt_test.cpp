#include "engine/intake/adopt/bts_link.hpp"
#include "engine/intake/adopt/bugwarrior.hpp"
#include "engine/intake/adopt/csv_list.hpp"
#include "engine/intake/adopt/forwarded.hpp"
#include "tests/support/print.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace {

using namespace checkwatches;
using namespace checkwatches::intake;
using Catch::Matchers::Contains;
using why = leftover::why;

// "2:1 bad debian:7: why", one a line.
std::string printed(std::vector<leftover> const& rest)
{
    std::string out;
    for (auto const& one : rest) {
        auto const how = one.how == why::bad ? "bad" : one.how == why::waiting ? "waiting" : "left_out";
        out += fmt::format("{}:{} {} {}\n", one.at.line, one.at.column, how, one.name);
    }
    return out;
}

// "1:1 name kind url", one a line.
std::string printed(std::vector<adopted_tracker> const& trackers)
{
    std::string out;
    for (auto const& one : trackers)
        out += fmt::format("{}:{} {} {} {}\n", one.at.line, one.at.column, one.name, one.kind, one.url);
    return out;
}

// "1:1 url label relation", one a line.
std::string printed(std::vector<adopted_watch> const& watches)
{
    std::string out;
    for (auto const& one : watches)
        out += fmt::format(
            "{}:{} {} {} {}\n",
            one.at.line,
            one.at.column,
            one.url.empty() ? one.tracker + "#" + one.bug : one.url,
            one.what.label.empty() ? one.usual_label : one.what.label,
            storage::word(one.what.is));
    return out;
}

} // namespace

TEST_CASE("a table is read by the names of its columns")
{
    auto const list = read_csv_list("\xef\xbb\xbfNote,bug,TRACKER,url,relation,label\r\n"
                                    "\"two\"\"\",7,moz,,Related,nano\r\n"
                                    ",,,https://h.example/ticket/1\r\n");
    REQUIRE(list);
    CHECK(printed(list->watches) == "2:1 moz#7 nano related\n3:1 https://h.example/ticket/1  same\n");
    CHECK(list->watches[0].what.note == "two\"");
    CHECK_FALSE(list->watches[0].theirs);
    CHECK(list->rest.empty());
}

TEST_CASE("a damaged row is told by its place and takes no other along")
{
    auto const list = read_csv_list("url,relation,checked_at,colour\n"
                                    "https://h.example/1,same,2026-01-02,red\n"
                                    "https://h.example/2,cousin\n"
                                    "https://h.example/3,same,,,,\n"
                                    "https://h.example/\xff,same\n"
                                    "https://h.example/5,same,yesterday\n"
                                    ",same\n"
                                    "\"https://h.example/\n7\",same\n");
    REQUIRE(list);
    CHECK(printed(list->watches) == "2:1 https://h.example/1  same\n6:1 https://h.example/5  same\n");
    CHECK(
        printed(list->rest)
        == "1:0 left_out column \"colour\"\n"
           "2:26 left_out checked_at\n"
           "3:21 bad \n"
           "4:28 bad \n"
           "5:1 bad \n"
           "6:26 left_out checked_at\n"
           "7:1 bad \n"
           "8:1 bad \n");
    CHECK(list->watches[0].theirs);
}

TEST_CASE("what the other side knows comes along with a table")
{
    auto const list = read_csv_list(
        "url,status,importance,checked_at,changed_at,error\n"
        "https://h.example/1,Fix Released,High,2026-01-02T03:04:05Z,2026-01-01T00:00:00+01:00,timed out\n");
    REQUIRE(list);
    REQUIRE(list->watches.size() == 1);
    other_view const expected{
        .status = "Fix Released",
        .importance = "High",
        .checked_at = parse_time("2026-01-02T03:04:05Z"),
        .changed_at = parse_time("2025-12-31T23:00:00Z"),
        .failure = "timed out",
        .is_normal = true};
    CHECK(list->watches[0].theirs == expected);
}

TEST_CASE("a text that is no table of watches is refused")
{
    std::string_view const text = GENERATE(
        "", "\n", "label,owner\nx,y\n", "url,URL\n", "tracker,label\n", "url\n\"x", "bug\n7\n");
    INFO(text);
    auto const list = read_csv_list(text);
    REQUIRE(list.has_error());
    CHECK(list.error().kind == error_kind::unparsable);
}

TEST_CASE("forwarded bugs are lines of a number and addresses")
{
    auto const list = read_forwarded("# 1 https://h.example/comment\n"
                                     "\n"
                                     "700001 https://h.example/1\r\n"
                                     "  #700002\tsee also <https://h.example/2>.\n"
                                     "0700003 https://h.example/3, merged-upstream: HTTPS://h.example/4\n"
                                     "700004 somebody@example.org\n"
                                     "700005 nowhere\n"
                                     "https://h.example/5\n"
                                     "700006 https://h.example/\x01\n"
                                     "700007");
    CHECK(
        printed(list.watches)
        == "3:8 https://h.example/1 debian:700001 same\n"
           "4:21 https://h.example/2 debian:700002 related\n"
           "5:9 https://h.example/3 debian:700003 same\n"
           "5:47 HTTPS://h.example/4 debian:700003 related\n");
    CHECK(
        printed(list.rest)
        == "6:1 left_out debian:700004\n"
           "7:1 bad debian:700005\n"
           "8:1 bad \n"
           "9:1 bad \n"
           "10:1 bad debian:700007\n");
}

TEST_CASE("user tags are read in paragraphs and in lines")
{
    std::vector<leftover> rest;
    auto const said = read_usertags(
        "Tag: status-RESOLVED\nBugs: 1, 2,\n 3 x\n\n"
        "Tag: resolution-FIXED\nBugs: 1\nTag: nice\nBugs: 2\nTag:\n"
        "4 status-NEW nice\nTag: status-closed oops\n5 status-\n\n#6 Status-open\n",
        rest);
    std::string shown;
    for (auto const& [number, view] : said)
        shown += number + "=" + view.status + "\n";
    CHECK(shown == "1=RESOLVED FIXED\n2=RESOLVED\n3=RESOLVED\n4=NEW\n6=open\n");
    CHECK(
        printed(rest)
        == "3:4 bad \n8:1 left_out tag \"nice\"\n9:1 bad \n11:1 bad \n12:3 left_out tag \"status-\"\n");
}

TEST_CASE("bts-link's trackers are read by name and as a list")
{
    auto const by_name = read_bts_link(
        "general: {user: x}\n"
        "remotes:\n"
        "  gnome: {type: Bugzilla, uri: 'https://bugzilla.gnome.example/'}\n"
        "  kde:\n"
        "    type: issuezilla\n"
        "    hosts: [bugs.kde.example, {a: b}]\n"
        "  lp: {type: launchpad, uri: 'https://bugs.launchpad.net'}\n"
        "  bitbucket: {type: bitbucket, uri: 'https://bitbucket.org'}\n"
        "  forge: {type: gitlab, uri: 'https://gitlab.example/group/project'}\n"
        "  hub: {type: github, uri: 'https://github.com'}\n"
        "  bare: {type: mantis}\n"
        "  odd: {type: [trac], uri: 'https://trac.example'}\n"
        "  none: nothing\n"
        "  leaky: {type: trac, uri: 'https://me:secret@trac.example/'}\n");
    REQUIRE(by_name);
    CHECK(
        printed(by_name->trackers)
        == "3:32 gnome bugzilla https://bugzilla.gnome.example/\n"
           "6:13 kde bugzilla https://bugs.kde.example/\n"
           "7:30 lp launchpad https://launchpad.net/\n"
           "9:30 forge gitlab https://gitlab.example/group/project\n");
    CHECK(
        printed(by_name->rest)
        == "6:31 bad kde\n8:37 left_out bitbucket\n10:28 left_out hub\n11:9 left_out bare\n12:15 bad odd\n"
           "13:9 bad none\n14:28 bad leaky\n");
    for (auto const& one : by_name->rest)
        CHECK_THAT(one.reason, !Contains("secret"));

    auto const at_the_top = read_bts_link("user: x\nours: {type: trac, base: trac.example}\n");
    REQUIRE(at_the_top);
    CHECK(printed(at_the_top->trackers) == "2:26 ours trac https://trac.example/\n");
    CHECK(printed(at_the_top->rest) == "1:7 left_out user\n");

    auto const as_list = read_bts_link("- {name: a, type: trac, url: 'http://trac.example/x'}\n- 7\n");
    REQUIRE(as_list);
    CHECK(printed(as_list->trackers) == "1:30 a trac http://trac.example/x\n");
    CHECK(printed(as_list->rest) == "2:3 bad \n");
}

TEST_CASE("what is no YAML of trackers is refused, with its place")
{
    CHECK_THAT(read_bts_link("remotes:\n  a: {type: x\n").error().message, Contains("line 3, column 1"));
    for (std::string_view const text : {"", "7", "just a text"}) {
        INFO(text);
        CHECK(read_bts_link(text).error().kind == error_kind::unparsable);
    }
    CHECK(read_bts_link(std::string(2'000'000, 'x')).error().kind == error_kind::too_large);
    CHECK(read_bts_link(std::string(100'000, '[')).has_error());
}

TEST_CASE("bugwarrior's services become trackers, bugs, or are left out by name")
{
    auto const list = read_bugwarrior(
        "; old and new spelling\n"
        "[general]\n"
        "targets = a, b, c,\n"
        "  d, e, f, absent\n"
        "log.level = DEBUG\n"
        "[a]\n"
        "service = github\n"
        "github.username = anna\n"
        "github.include_repos = one, other/two, ../three\n"
        "github.token = secret\n"
        "[b]\nservice = bts\nbts.email = anna@example.org\n"
        "[c]\nservice: pagure\npagure.base_url: https://pagure.example/\npagure.repo: plum/orchard\n"
        "[d]\nservice = phabricator\nhost = https://phab.example/?token=secret\n"
        "[e]\nservice = jira\njira.base_uri = https://jira.example\njira.password = secret\n  continued "
        "secret\n"
        "[f]\nservice = gmail\n"
        "[g]\nservice = trac\n",
        bugwarrior_form::either);
    REQUIRE(list);
    CHECK(
        printed(list->trackers)
        == "7:1 a github https://github.com/anna/one\n"
           "7:1 a github https://github.com/other/two\n"
           "12:1 b debbugs https://bugs.debian.org/\n"
           "16:1 c pagure https://pagure.example/plum/orchard\n"
           "20:1 d phorge https://phab.example/\n"
           "23:1 e jira https://jira.example/\n");
    CHECK(printed(list->rest) == "7:1 bad a\n27:1 left_out f\n28:1 left_out g\n0:0 bad \"absent\"\n");
    for (auto const& one : list->rest)
        CHECK_THAT(one.reason, !Contains("secret"));
}

TEST_CASE("damage in a file of sections is told by line and never quoted")
{
    auto const list = read_bugwarrior(
        "password = secret\n[a\n[b]\nservice = trac\nbase_uri = trac.example\nsecret\n= secret\n[b]\nx\x01y "
        "= 1\n",
        bugwarrior_form::ini);
    REQUIRE(list);
    CHECK(printed(list->trackers) == "5:1 b trac https://trac.example/\n");
    CHECK(printed(list->rest) == "1:1 bad \n2:1 bad \n6:1 bad \n7:1 bad \n8:1 bad \n9:1 bad \n");
    for (auto const& one : list->rest)
        CHECK_THAT(one.reason, !Contains("secret"));

    for (std::string_view const text : {"", "no section", "a = [1, 2]\n"}) {
        INFO(text);
        CHECK(read_bugwarrior(text, bugwarrior_form::either).error().kind == error_kind::unparsable);
    }
    auto const broken = read_bugwarrior("[a]\ntoken = 'secret\n", bugwarrior_form::toml);
    REQUIRE(broken.has_error());
    CHECK_THAT(broken.error().message, Contains("line 2") && !Contains("secret"));
}
