#include "adapters/debbugs.hpp"
#include "adapters/debbugs/spool.hpp"
#include "tests/support/found.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"
#include "tests/support/scripted_remote.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using adapters::debbugs::read_summary;
using test::ended;
using test::seen;

namespace {

constexpr std::string_view type = "application/octet-stream";

std::string const summary = "Format-Version: 3\n"
                            "Submitter: Jürgen <j@example.org>\n"
                            "Date: 1167609600\n"
                            "Subject: plum: it breaks\n"
                            "Message-ID: <report@example.org>\n"
                            "Package: plum\n"
                            "Tags: patch upstream\n"
                            "Severity: minor\n"
                            "Merged-With: 900 2000\n";

struct mirror {
    test::scripted_remote at{"https://bugs.debian.org/"};
    capabilities can{.protocol = "spool", .batch = 100};

    mirror() { at.set_api("http://127.0.0.1:8900/debbugs/spool/"); }

    void has(std::string const& file, std::string body)
    {
        auto reply = test::answer(200, std::string{type}, std::move(body));
        reply.headers.emplace_back("Last-Modified", "Mon, 24 Nov 2025 16:00:00 GMT");
        at.on("GET", "/debbugs/spool/" + file, std::move(reply));
    }
    adapters::findings look(std::vector<std::string> const& ids)
    {
        at.serve([](auto const&) { return test::answer(404, "text/html", "<html></html>"); });
        auto const debbugs = adapters::make_debbugs();
        return test::run(debbugs->look(at, can, ids));
    }
};

} // namespace

TEST_CASE("A summary file is a block of fields, of version 2 or 3")
{
    auto const three = read_summary(
        summary + "Done: Ä <a@example.org>\nForwarded-To: https://x.example.org/1\n");
    REQUIRE(three);
    CHECK(three->done == "Ä <a@example.org>");
    CHECK(three->forwarded == "https://x.example.org/1");
    CHECK(three->severity == "minor");
    CHECK(three->tags == "patch upstream");
    CHECK(three->subject == "plum: it breaks");
    CHECK(three->mergedwith == "900 2000");

    auto const two = read_summary(
        "format-version: 2\nSubject: =?utf-8?Q?=C3=A4?= b\nDone: =?utf-8?B?w4Q=?=\n");
    REQUIRE(two);
    CHECK(two->subject == "ä b");
    CHECK(two->done == "Ä");
    CHECK(two->severity.empty());
    // In version 3 nothing is encoded.
    CHECK(read_summary("Format-Version: 3\nSubject: =?utf-8?Q?x?=")->subject == "=?utf-8?Q?x?=");

    for (auto const* const text : {"", "Subject: x\n", "Format-Version: 4\n", "Format-Version:\n"}) {
        INFO(text);
        auto const none = read_summary(text);
        REQUIRE_FALSE(none);
        CHECK(none.error().kind == error_kind::unparsable);
    }
}

TEST_CASE("Debbugs' spool: each bug by its file, archived ones too")
{
    mirror m;
    m.has("db-h/42/1042.summary", summary);
    m.has("archive/07/7.summary", "Format-Version: 3\nDone: x\n");
    m.has("db-h/08/8.summary", "torn");
    auto const got = m.look({"1042", "7", "8", "9", "x"});
    CHECK_FALSE(got.trouble);
    auto const bug = seen(got, "1042");
    CHECK(bug.words.status == "open");
    CHECK(bug.words.severity == "minor");
    CHECK(bug.words.labels == std::vector<std::string>{"patch", "upstream"});
    CHECK(bug.title == "plum: it breaks");
    CHECK(bug.duplicate_of == "900");
    REQUIRE(bug.modified);
    CHECK(format_time(*bug.modified) == "2025-11-24T16:00:00Z");
    CHECK(seen(got, "7").words.status == "done");
    CHECK(seen(got, "7").words.severity == "normal");
    CHECK(ended(got, "8") == outcome::unparsable);
    CHECK(ended(got, "9") == outcome::not_found);
    CHECK(ended(got, "x") == outcome::invalid_id);
    CHECK(
        m.at.lines()
        == std::vector<std::string>{
            "GET /debbugs/spool/db-h/42/1042.summary",
            "GET /debbugs/spool/db-h/07/7.summary",
            "GET /debbugs/spool/archive/07/7.summary",
            "GET /debbugs/spool/db-h/08/8.summary",
            "GET /debbugs/spool/db-h/09/9.summary",
            "GET /debbugs/spool/archive/09/9.summary"});
}

TEST_CASE("Debbugs' spool: files are asked for conditionally")
{
    mirror m;
    m.at.on("GET", "/debbugs/spool/db-h/42/1042.summary", test::answer(304, "", ""));
    CHECK(ended(m.look({"1042"}), "1042") == outcome::unmodified);
    REQUIRE(m.at.asked().size() == 1);
    CHECK(m.at.asked().front().conditional);
    std::vector<std::string> const ids{"1042", "x"};
    auto const questions = adapters::make_debbugs()->conditional_questions(m.at, m.can, ids);
    REQUIRE(questions.size() == 2);
    CHECK(questions[0].url == "http://127.0.0.1:8900/debbugs/spool/db-h/42/1042.summary");
    CHECK(questions[1].url == "http://127.0.0.1:8900/debbugs/spool/archive/42/1042.summary");
    CHECK(questions[0].ids == std::vector<std::string>{"1042"});
    capabilities const soap{.protocol = "soap"};
    CHECK(adapters::make_debbugs()->conditional_questions(m.at, soap, ids).empty());
}

TEST_CASE("Debbugs' spool: trouble is the mirror's")
{
    struct sample {
        adapters::reply reply;
        error_kind kind;
    };
    std::vector<sample> const samples{
        {test::answer(403, "text/html", "<html></html>"), error_kind::auth_failed},
        {test::answer(503, "text/html", "<html></html>"), error_kind::maintenance},
        {test::answer(200, "text/html", "<html><title>Hello</title></html>"), error_kind::protocol_error}};
    for (auto const& s : samples) {
        INFO(s.reply.status);
        mirror m;
        m.has("db-h/01/1.summary", summary);
        m.at.on("GET", "/debbugs/spool/db-h/02/2.summary", s.reply);
        auto const got = m.look({"1", "2", "3"});
        CHECK(ended(got, "1") == outcome::seen);
        CHECK_FALSE(ended(got, "2"));
        CHECK_FALSE(ended(got, "3"));
        REQUIRE(got.trouble);
        CHECK(got.trouble->kind == s.kind);
    }
}

TEST_CASE("Debbugs' spool is proved by its list of folders")
{
    auto const debbugs = adapters::make_debbugs();
    auto const probed = [&](adapters::reply reply) {
        mirror m;
        m.at.on("GET", "/debbugs/spool/db-h/", std::move(reply));
        return test::run(debbugs->probe(m.at));
    };
    auto const can = probed(test::answer(
        200,
        "text/html",
        "<html><title>Index of /debbugs/spool/db-h/</title><a href=\"00/\">00/</a></html>"));
    REQUIRE(can);
    CHECK(can->protocol == "spool");
    CHECK_FALSE(can->comments);
    CHECK(can->each == 1);
    auto const other = probed(test::answer(200, "text/html", "<html><a href=\"docs/\">docs</a></html>"));
    REQUIRE_FALSE(other);
    CHECK(other.error().kind == error_kind::unsupported);
    CHECK(probed(test::answer(404, "text/html", "")).error().kind == error_kind::unsupported);
    CHECK(probed(test::answer(503, "text/html", "")).error().kind == error_kind::maintenance);

    mirror m;
    auto const none = test::run(debbugs->read_comments(m.at, m.can, "7", std::nullopt));
    REQUIRE_FALSE(none);
    CHECK(none.error().kind == error_kind::unsupported);
}
