#include "adapters/debbugs.hpp"
#include "tests/adapters/debbugs_messages.hpp"
#include "tests/support/found.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using test::debbugs_bug;
using test::debbugs_item;
using test::ended;
using test::seen;

namespace {

struct tracker {
    test::scripted_remote at{"https://bugs.example.org/"};
    capabilities can{.protocol = "soap", .batch = 500};

    adapters::findings look(std::vector<std::string> const& ids)
    {
        auto const debbugs = adapters::make_debbugs();
        return test::run(debbugs->look(at, can, ids));
    }
};

// What is seen of bug 7, with these elements in its record beside the usual ones.
sighting seen_with(debbugs_bug const& bug, std::string_view more = {})
{
    tracker t;
    t.at.next(test::debbugs_statuses(debbugs_item("7", bug.fields() + std::string{more})));
    auto const got = t.look({"7"});
    CHECK_FALSE(got.trouble);
    return seen(got, "7");
}

} // namespace

TEST_CASE("Debbugs: one request for all, and what is left out does not exist")
{
    tracker t;
    t.at.next(test::debbugs_statuses(
        debbugs_item("8", debbugs_bug{.done = "J &lt;j@example.org&gt;"}.fields())
        + debbugs_item(
            "7",
            debbugs_bug{.severity = "grave", .tags = "patch moreinfo"}.fields()
                + R"(<subject xsi:type="xsd:string">it &lt;breaks&gt;</subject>)"
                  R"(<last_modified xsi:type="xsd:int">1764000000</last_modified>)")));
    auto const got = t.look({"7", "abc", "8", "99999999999"});
    CHECK_FALSE(got.trouble);
    auto const seven = seen(got, "7");
    CHECK(seven.words.status == "open");
    CHECK(seven.words.severity == "grave");
    CHECK(seven.words.labels == std::vector<std::string>{"patch", "moreinfo"});
    CHECK(seven.title == "it <breaks>");
    REQUIRE(seven.modified);
    CHECK(format_time(*seven.modified) == "2025-11-24T16:00:00Z");
    CHECK(seen(got, "8").words.status == "done");
    CHECK(ended(got, "abc") == outcome::invalid_id);
    CHECK(ended(got, "99999999999") == outcome::not_found);

    REQUIRE(t.at.asked().size() == 1);
    auto const& rq = t.at.asked().front();
    CHECK(rq.body.find("<call:get_status xmlns:call=\"Debbugs/SOAP/V1\">") != std::string::npos);
    CHECK(rq.body.find("<item xsi:type=\"xsd:int\">7</item>") != std::string::npos);
    CHECK(rq.body.find("<item xsi:type=\"xsd:long\">99999999999</item>") != std::string::npos);
    CHECK(rq.body.find("abc") == std::string::npos);
    CHECK(std::ranges::count(rq.headers, std::pair<std::string, std::string>{"SOAPAction", ""}) == 1);
}

TEST_CASE("Debbugs: without a number nothing is asked")
{
    tracker t;
    CHECK(ended(t.look({"abc"}), "abc") == outcome::invalid_id);
    CHECK(t.at.asked().empty());
}

TEST_CASE("Debbugs: done comes before forwarded, and that before open")
{
    CHECK(seen_with({.done = "x", .forwarded = "https://y.example.org/1"}).words.status == "done");
    CHECK(seen_with({.forwarded = "https://y.example.org/1"}).words.status == "forwarded");
    CHECK(seen_with({}).words.status == "open");
    // What `pending` makes of tags and versions does not count.
    CHECK(seen_with({}, "<pending xsi:type=\"xsd:string\">done</pending>").words.status == "open");
    CHECK(seen_with({.severity = ""}).words.severity == "normal");
    // Archived like any other.
    CHECK(seen_with({.done = "x"}, "<archived xsi:type=\"xsd:int\">1</archived>").words.status == "done");
}

TEST_CASE("Debbugs: texts come as whatever type the server took them for")
{
    CHECK(seen_with({}, "<subject xsi:type=\"xsd:int\">42</subject>").title == "42");
    auto const coded = seen_with({}, "<subject xsi:type=\"xsd:base64Binary\">w5xuw69jw7Zkw6k=</subject>");
    CHECK(coded.title == "Ünïcödé");
    CHECK(coded.replaced == 0);
    auto const odd = seen_with({}, "<subject xsi:type=\"xsd:base64Binary\">AUE=</subject>");
    CHECK(odd.title == "A");
    CHECK(odd.replaced == 1);
    // A record whose state is in base64.
    tracker t;
    t.at.next(test::debbugs_statuses(debbugs_item(
        "7",
        R"(<done xsi:type="xsd:base64Binary">SsO8cmdlbiA8akBleGFtcGxlLm9yZz4=</done><forwarded xsi:nil="true"/>)"
        R"(<severity xsi:type="xsd:string">minor</severity>)"
        R"(<tags soapenc:arrayType="xsd:string[2]" xsi:type="soapenc:Array"><item>patch</item><item>wontfix</item></tags>)")));
    auto const got = seen(t.look({"7"}), "7");
    CHECK(got.words.status == "done");
    CHECK(got.words.labels == std::vector<std::string>{"patch", "wontfix"});
}

TEST_CASE("Debbugs: of merged bugs the one that was reported first is the original")
{
    CHECK(seen_with({.mergedwith = "9 8"}).duplicate_of.empty());
    CHECK(seen_with({.mergedwith = "12 6 5 9"}).duplicate_of == "5");
    CHECK(seen_with({}, "").duplicate_of.empty());
    tracker t;
    t.at.next(test::debbugs_statuses(
        debbugs_item("100", debbugs_bug{.mergedwith = "99"}.fields())
        + debbugs_item("99", debbugs_bug{.mergedwith = "100"}.fields())));
    auto const got = t.look({"99", "100"});
    CHECK(seen(got, "99").duplicate_of.empty());
    CHECK(seen(got, "100").duplicate_of == "99");
}

TEST_CASE("Debbugs: no bugs are an empty map, an empty element or nil")
{
    for (auto const* const empty :
         {"<s-gensym3 />",
          "<s-gensym3 xsi:type=\"apachens:Map\" />",
          "<s-gensym3 xsi:nil=\"true\" />",
          "<s-gensym3> \n </s-gensym3>",
          ""}) {
        INFO(empty);
        tracker t;
        t.at.next(test::debbugs_answer(
            200,
            "<get_statusResponse xmlns=\"Debbugs/SOAP\">" + std::string{empty} + "</get_statusResponse>"));
        auto const got = t.look({"7"});
        CHECK_FALSE(got.trouble);
        CHECK(ended(got, "7") == outcome::not_found);
    }
}

TEST_CASE("Debbugs: a record that cannot be used costs its own bug only")
{
    tracker t;
    auto const good = debbugs_bug{}.fields();
    t.at.next(test::debbugs_statuses(
        debbugs_item("1", "<done/>") // fields are missing
        + "<item><key>2</key><value/></item>" + "<item><key>3</key><value><bug_num>33</bug_num>" + good
        + "</value></item>" + debbugs_item("4", good) + debbugs_item("55", good)
        + debbugs_item("5", R"(<done/><forwarded/><severity/><tags xsi:type="xsd:base64Binary">!</tags>)")));
    auto const got = t.look({"1", "2", "3", "4", "5"});
    CHECK_FALSE(got.trouble);
    for (auto const* const id : {"1", "2", "3", "5"}) {
        INFO(id);
        CHECK(ended(got, id) == outcome::unparsable);
    }
    CHECK(ended(got, "4") == outcome::seen);
    CHECK_FALSE(ended(got, "55")); // not asked for
}

TEST_CASE("Debbugs: trouble never becomes an absence")
{
    struct sample {
        adapters::reply reply;
        error_kind kind;
    };
    auto const statuses = [](std::string_view inner) {
        return test::debbugs_answer(
            200,
            "<get_statusResponse xmlns=\"Debbugs/SOAP/V1\">" + std::string{inner} + "</get_statusResponse>");
    };
    std::vector<sample> const samples{
        {test::debbugs_fault("Can't use an undefined value as a HASH reference"), error_kind::protocol_error},
        {test::answer(200, "text/xml", test::debbugs_message("").substr(0, 60)), error_kind::protocol_error},
        {test::answer(500, "text/html", "<html><title>500</title></html>"), error_kind::protocol_error},
        {test::answer(404, "text/html", "<html></html>"), error_kind::protocol_error},
        {test::answer(403, "text/html", "<html></html>"), error_kind::auth_failed},
        {test::answer(503, "text/html", "<html></html>"), error_kind::maintenance},
        {test::answer(200, "text/html", "<html><title>Down for maintenance</title></html>"),
         error_kind::maintenance},
        {test::debbugs_answer(200, R"(<get_statusResponse xmlns="urn:x"><m/></get_statusResponse>)"),
         error_kind::protocol_error},
        {statuses("<m>closed for today</m>"), error_kind::protocol_error},
        {statuses("<m><item>1</item></m>"), error_kind::protocol_error},
        {statuses("<m><item><key>x</key><value/></item></m>"), error_kind::protocol_error},
        {statuses("<m><entry><key>1</key><value/></entry></m>"), error_kind::protocol_error},
        // Nothing but strangers.
        {test::debbugs_statuses(debbugs_item("9", debbugs_bug{}.fields())), error_kind::protocol_error}};
    for (auto const& s : samples) {
        INFO(s.reply.status << " " << s.reply.body);
        tracker t;
        t.at.next(s.reply);
        auto const got = t.look({"1", "2"});
        CHECK(got.found.empty());
        REQUIRE(got.trouble);
        CHECK(got.trouble->kind == s.kind);
        CHECK_FALSE(got.trouble->request.empty());
    }
    tracker t;
    t.at.next(error{.kind = error_kind::timeout, .message = "too slow"});
    auto const got = t.look({"1"});
    REQUIRE(got.trouble);
    CHECK(got.trouble->kind == error_kind::timeout);
}

TEST_CASE("Debbugs: the fault's own words are told")
{
    tracker t;
    t.at.next(test::debbugs_fault("it &lt;died&gt; at line 9.\n"));
    auto const got = t.look({"1"});
    REQUIRE(got.trouble);
    CHECK(got.trouble->message == "SOAP fault soap:Server: it <died> at line 9.");
}
