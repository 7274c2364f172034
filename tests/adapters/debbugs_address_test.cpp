#include "adapters/debbugs.hpp"
#include "tests/adapters/debbugs_messages.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

#include <array>

using namespace checkwatches;

TEST_CASE("Debbugs: addresses of bugs")
{
    struct sample {
        char const* url;
        char const* base; // "": it is no bug of Debbugs
        char const* id;
    };
    constexpr std::array samples{
        sample{"https://bugs.debian.org/1042", "https://bugs.debian.org/", "1042"},
        sample{"http://bugs.debian.org/1042#10", "https://bugs.debian.org/", "1042"},
        sample{"https://bugs.debian.org/1042/", "https://bugs.debian.org/", "1042"},
        sample{"https://bugs.debian.org/cgi-bin/bugreport.cgi?bug=1042", "https://bugs.debian.org/", "1042"},
        sample{
            "https://bugs.debian.org/cgi-bin/bugreport.cgi?bug=1042#25", "https://bugs.debian.org/", "1042"},
        sample{
            "http://bugs.debian.org/cgi-bin/bugreport.cgi?msg=5;bug=1042;att=1",
            "https://bugs.debian.org/",
            "1042"},
        sample{
            "https://bugs.debian.org/cgi-bin/bugreport.cgi?bug=1042&mbox=yes",
            "https://bugs.debian.org/",
            "1042"},
        sample{
            "https://bugs.debian.org/cgi-bin/bugreport.cgi/fix.patch?bug=1042;att=1;msg=5",
            "https://bugs.debian.org/",
            "1042"},
        sample{"https://bugs.debian.org/cgi-bin/bugreport.cgi?bug=%230042", "https://bugs.debian.org/", "42"},
        sample{"https://bugs.debian.org/cgi-bin/bugreport.cgi?bug=ugly", "https://bugs.debian.org/", "ugly"},
        sample{"https://bugs.debian.org/cgi-bin/bugreport.cgi?msg=5", "", ""},
        sample{"https://bugs.debian.org/src:plum", "", ""},
        sample{"https://bugs.debian.org/", "", ""},
        sample{"https://bugs.debian.org/cgi-bin/pkgreport.cgi?pkg=plum", "", ""},
        sample{"https://debbugs.gnu.org/2077", "https://debbugs.gnu.org/", "2077"},
        sample{"http://debbugs.gnu.org/cgi/bugreport.cgi?bug=2077", "https://debbugs.gnu.org/", "2077"},
        sample{"https://bugs.gnu.org/2077", "https://debbugs.gnu.org/", "2077"},
        sample{
            "https://bugs.example.org:8443/bts/cgi-bin/bugreport.cgi?bug=7",
            "https://bugs.example.org:8443/bts/",
            "7"},
        sample{"https://bugs.example.org/cgi/bugreport.cgi?bug=7", "", ""},
        sample{"https://bugs.example.org/cgi-bin/bugreport.cgix?bug=7", "", ""},
        sample{"https://bugs.example.org/1042", "", ""},
        sample{"https://bugs.example.org/show_bug.cgi?id=7", "", ""},
    };
    auto const kind = adapters::make_debbugs();
    for (auto const& s : samples) {
        INFO(s.url);
        auto const found = kind->recognise(test::url(s.url));
        CHECK(found.has_value() == (*s.base != '\0'));
        if (!found)
            continue;
        CHECK(found->base.text() == s.base);
        CHECK(found->remote_id == s.id);
        // What people are shown is recognised as the same bug.
        auto const again = kind->recognise(kind->bug_url(found->base, found->remote_id));
        REQUIRE(again);
        CHECK(again->base == found->base);
        CHECK(again->remote_id == found->remote_id);
    }
}

TEST_CASE("Debbugs: one spelling of a number, and the address for people")
{
    auto const kind = adapters::make_debbugs();
    CHECK(kind->normalise("#0042") == "42");
    CHECK_FALSE(kind->normalise("0"));
    CHECK_FALSE(kind->normalise("42-done"));
    CHECK(
        kind->bug_url(test::url("https://bugs.debian.org/"), "42").text()
        == "https://bugs.debian.org/cgi-bin/bugreport.cgi?bug=42");
    CHECK(
        kind->bug_url(test::url("https://debbugs.gnu.org/"), "42").text()
        == "https://debbugs.gnu.org/cgi/bugreport.cgi?bug=42");
}

TEST_CASE("Debbugs: a probe proves the kind by the namespace of the answer")
{
    auto const kind = adapters::make_debbugs();
    auto const probed = [&](adapters::reply reply) {
        test::scripted_remote at{"https://bugs.example.org/"};
        at.next(std::move(reply));
        return test::run(kind->probe(at));
    };
    auto const can = probed(test::debbugs_statuses(""));
    REQUIRE(can);
    CHECK(can->protocol == "soap");
    CHECK(can->batch == 500);
    CHECK(can->importance);
    CHECK(can->comments);
    CHECK_FALSE(can->changed_since);
    CHECK(can->identity.empty());
    CHECK(probed(test::debbugs_statuses(test::debbugs_item("1", test::debbugs_bug{}.fields()))));
    CHECK(probed(test::debbugs_answer(
        200, R"(<get_statusResponse xmlns="Debbugs/SOAP"><x xsi:nil="true"/></get_statusResponse>)")));

    struct sample {
        adapters::reply reply;
        error_kind kind;
    };
    std::vector<sample> const samples{
        {test::answer(404, "text/html", "<html><title>Not found</title></html>"), error_kind::unsupported},
        {test::answer(404, "application/json", R"({"message":"404"})"), error_kind::unsupported},
        {test::answer(405, "text/plain", "no"), error_kind::unsupported},
        {test::answer(422, "text/html", "<html></html>"), error_kind::unsupported},
        {test::answer(302, "text/html", ""), error_kind::unsupported},
        {test::answer(200, "text/html", "<html><title>Welcome</title></html>"), error_kind::unsupported},
        {test::answer(200, "text/xml", "<methodResponse/>"), error_kind::unsupported},
        {test::debbugs_answer(200, R"(<get_statusResponse xmlns="urn:other"><x/></get_statusResponse>)"),
         error_kind::unsupported},
        {test::debbugs_answer(200, R"(<get_bugsResponse xmlns="Debbugs/SOAP/V1"><x/></get_bugsResponse>)"),
         error_kind::unsupported},
        {test::debbugs_fault("Procedure 'get_status' not present"), error_kind::unsupported},
        {test::debbugs_fault("Can't open the index at Debbugs/Status.pm line 9"), error_kind::protocol_error},
        {test::answer(503, "text/html", "<html></html>"), error_kind::maintenance},
        {test::answer(502, "text/html", "<html></html>"), error_kind::protocol_error},
        {test::answer(401, "text/html", "<html></html>"), error_kind::auth_failed},
        {test::answer(200, "text/html", "<html><title>Just a moment...</title></html>"),
         error_kind::bot_wall}};
    for (auto const& s : samples) {
        INFO(s.reply.status << " " << s.reply.body);
        auto const wrong = probed(s.reply);
        REQUIRE_FALSE(wrong);
        CHECK(wrong.error().kind == s.kind);
    }
}

TEST_CASE("Debbugs: where SOAP is spoken")
{
    struct sample {
        char const* base;
        char const* api; // "": none is given
        char const* asked;
    };
    constexpr std::array samples{
        sample{"https://bugs.debian.org/", "", "https://bugs.debian.org/cgi-bin/soap.cgi"},
        sample{"https://debbugs.gnu.org/", "", "https://debbugs.gnu.org/cgi/soap.cgi"},
        sample{"https://bugs.example.org/bts/", "", "https://bugs.example.org/bts/cgi-bin/soap.cgi"},
        sample{
            "https://bugs.example.org/",
            "https://soap.example.org/",
            "https://soap.example.org/cgi-bin/soap.cgi"},
        sample{
            "https://bugs.example.org/",
            "https://soap.example.org/x/soap.cgi",
            "https://soap.example.org/x/soap.cgi"},
    };
    auto const kind = adapters::make_debbugs();
    for (auto const& s : samples) {
        INFO(s.asked);
        test::scripted_remote at{s.base};
        if (*s.api != '\0')
            at.set_api(s.api);
        at.next(test::debbugs_statuses(""));
        CHECK(test::run(kind->probe(at)));
        REQUIRE(at.asked().size() == 1);
        CHECK(at.asked().front().method == "POST");
        CHECK(at.asked().front().url.text() == s.asked);
    }
}
