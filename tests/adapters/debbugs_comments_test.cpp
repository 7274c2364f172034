#include "adapters/debbugs.hpp"
#include "tests/adapters/debbugs_messages.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using test::debbugs_bug;
using test::debbugs_item;
using test::debbugs_log;
using test::debbugs_mail;

namespace {

struct tracker {
    test::scripted_remote at{"https://bugs.example.org/"};
    capabilities can{.protocol = "soap", .batch = 500, .comments = true};

    result<std::vector<comment>> read(std::string const& id, std::optional<utc_time> since = std::nullopt)
    {
        auto const debbugs = adapters::make_debbugs();
        return test::run(debbugs->read_comments(at, can, id, since));
    }
};

std::string const report =
    "Received: (at submit) by bugs.example.org; 23 Nov 2026 13:18:39 +0000\n"
    "From someone@example.org Mon Nov 23 05:18:37 2026\n"
    "Received: from mail.example.net ([192.0.2.7])\n\tby bugs.example.org with esmtp\n\tid 1GnETK;\n"
    "\tMon, 23 Nov 2026 05:18:36 -0800\n"
    "Date: Mon, 23 Nov 2026 22:18:28 +0900\n"
    "From: =?utf-8?Q?J=C3=BCrgen?= &lt;j@example.org&gt;\n"
    "Subject: plum: it\n breaks\n"
    "Message-Id: &lt;report@example.org&gt;";
std::string const reply_to_it = "Received: (at 7) by bugs.example.org; 24 Nov 2026 10:00:00 +0000\n"
                                "From: dev@example.org\nMessage-ID:\n &lt;reply@example.org&gt;";

adapters::reply status_of_seven(std::int64_t modified)
{
    return test::debbugs_statuses(debbugs_item(
        "7", debbugs_bug{}.fields() + "<last_modified>" + std::to_string(modified) + "</last_modified>"));
}

utc_time at(std::string_view text)
{
    return parse_time(text).value();
}

} // namespace

TEST_CASE("Debbugs: the mails of a bug, the report first")
{
    tracker t;
    t.at.next(debbugs_log(
        debbugs_mail(report, "Package: plum\n\nIt breaks.\n")
        + debbugs_mail(reply_to_it, "&gt; It breaks.\nIndeed.") + debbugs_mail(reply_to_it, "Sent twice.")
        + debbugs_mail(
            "Received: (at fakecontrol) by fakecontrolmessage;\nFrom: Internal\nMessage-Id: Bug archived.",
            "thanks")));
    auto const got = t.read("7");
    REQUIRE(got);
    REQUIRE(got->size() == 2);
    CHECK(
        got->front()
        == comment{
            .remote_id = "<report@example.org>",
            .author = "Jürgen <j@example.org>",
            .at = at("2026-11-23T13:18:39Z"),
            .text = "Package: plum\n\nIt breaks.\n"});
    CHECK(got->back().remote_id == "<reply@example.org>");
    CHECK(got->back().text == "> It breaks.\nIndeed.");
    REQUIRE(t.at.asked().size() == 1);
    CHECK(
        t.at.asked().front().body.find("<call:get_bug_log xmlns:call=\"Debbugs/SOAP/V1\"><arg "
                                       "xsi:type=\"xsd:int\">7</arg>")
        != std::string::npos);
}

TEST_CASE("Debbugs: a mail is dated by its sender where the tracker did not, and named by its place")
{
    tracker t;
    t.at.next(debbugs_log(
        debbugs_mail("Date: Tue, 24 Nov 2026 10:00:00 +0100\nFrom: b", "second")
        + "<item><header xsi:type=\"xsd:base64Binary\">RGF0ZTogVHVlLCAyNCBOb3YgMjAyNiAwODowMDowMCArMDAwMA==</"
          "header><body xsi:type=\"xsd:base64Binary\">w6Q=</body><msg_num>9</msg_num></item>"));
    auto const got = t.read("7");
    REQUIRE(got);
    REQUIRE(got->size() == 2);
    CHECK(got->front().remote_id == "#9");
    CHECK(got->front().text == "ä");
    CHECK(got->back().remote_id == "#5");
    CHECK(got->back().text == "second");
    CHECK(got->back().at == at("2026-11-24T09:00:00Z"));
}

TEST_CASE("Debbugs: only mails from a time on, and no log where the bug did not change since")
{
    auto const since = at("2026-11-24T10:00:00Z");
    auto const seconds = std::chrono::duration_cast<std::chrono::seconds>(since.time_since_epoch()).count();
    tracker t;
    t.at.next(status_of_seven(seconds - 1));
    auto const quiet = t.read("7", since);
    REQUIRE(quiet);
    CHECK(quiet->empty());
    CHECK(t.at.asked().size() == 1);

    t.at.next(status_of_seven(seconds));
    t.at.next(debbugs_log(debbugs_mail(report, "old") + debbugs_mail(reply_to_it, "new")));
    auto const grown = t.read("7", since);
    REQUIRE(grown);
    REQUIRE(grown->size() == 1);
    CHECK(grown->front().text == "new");
}

TEST_CASE("Debbugs: comments of a bug that does not exist, and of one whose log is broken")
{
    tracker t;
    t.at.next(test::debbugs_fault("Debbugs::Log was unable to be initialized"));
    t.at.next(test::debbugs_statuses(""));
    auto const missing = t.read("7");
    REQUIRE_FALSE(missing);
    CHECK(missing.error().kind == error_kind::not_found);

    t.at.next(test::debbugs_fault("Debbugs::Log was unable to be initialized"));
    t.at.next(status_of_seven(1));
    auto const broken = t.read("7");
    REQUIRE_FALSE(broken);
    CHECK(broken.error().kind == error_kind::protocol_error);

    t.at.next(test::debbugs_statuses(""));
    auto const gone = t.read("7", at("2026-11-24T10:00:00Z"));
    REQUIRE_FALSE(gone);
    CHECK(gone.error().kind == error_kind::not_found);
}

TEST_CASE("Debbugs: a log that is none is trouble")
{
    for (auto const& reply :
         {test::answer(503, "text/html", "<html></html>"),
          test::debbugs_statuses(""),
          debbugs_log("<mail/>"),
          debbugs_log("no mails today"),
          debbugs_log("<item><header>Date: x</header></item>"),
          debbugs_log("<item><header/><body xsi:type=\"xsd:base64Binary\">!</body></item>")}) {
        INFO(reply.body);
        tracker t;
        t.at.next(reply);
        auto const got = t.read("7");
        REQUIRE_FALSE(got);
        CHECK(
            (got.error().kind == error_kind::protocol_error || got.error().kind == error_kind::maintenance));
        CHECK_FALSE(got.error().request.empty());
    }
    tracker t;
    t.at.next(debbugs_log(""));
    CHECK(t.read("7").value().empty());
}
