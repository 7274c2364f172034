#include "adapters/wire/xmlrpc.hpp"
#include "tests/support/print.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <string_view>

using namespace checkwatches;
using namespace checkwatches::wire::xmlrpc;

namespace {

std::string response(std::string_view value)
{
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?><methodResponse><params><param>" + std::string{value}
           + "</param></params></methodResponse>";
}

value read(std::string_view text)
{
    auto const got = decode_answer(text);
    REQUIRE(got);
    REQUIRE(std::holds_alternative<value>(*got));
    return std::get<value>(*got);
}

fault read_fault(std::string_view text)
{
    auto const got = decode_answer(text);
    REQUIRE(got);
    REQUIRE(std::holds_alternative<fault>(*got));
    return std::get<fault>(*got);
}

void check_refused(std::string_view text, std::string_view why)
{
    INFO(text.substr(0, 200));
    auto const got = decode_answer(text);
    REQUIRE(got.has_error());
    CHECK(got.error().kind == error_kind::unparsable);
    CHECK_THAT(got.error().message, Catch::Contains(std::string{why}));
}

std::string nested(std::string_view open, std::string_view close, int levels)
{
    std::string text;
    for (int i = 0; i != levels; ++i)
        text += open;
    for (int i = 0; i != levels; ++i)
        text += close;
    return text;
}

} // namespace

TEST_CASE("a Bugzilla answer is read")
{
    auto const v = read(response(
        "<value><struct><member><name>faults</name><value><array><data /></array></value></member>"
        "<member><name>bugs</name><value><array><data><value><struct>"
        "<member><name>is_open</name><value><boolean>1</boolean></value></member>"
        "<member><name>resolution</name><value><string /></value></member>"
        "<member><name>alias</name><value><array><data /></array></value></member>"
        "<member><name>summary</name><value><string>K&#228;fer &lt;&amp;&gt; "
        "&quot;x&quot;</string></value></member>"
        "<member><name>last_change_time</name><value><dateTime.iso8601>20261121T22:48:44</dateTime.iso8601>"
        "</value></member><member><name>id</name><value><int>7</int></value></member>"
        "</struct></value></data></array></value></member></struct></value>"));
    REQUIRE(v.member("faults") != nullptr);
    CHECK(v.member("faults")->items()->empty());
    REQUIRE(v.member("bugs") != nullptr);
    REQUIRE(v.member("bugs")->items()->size() == 1);
    auto const& bug = v.member("bugs")->items()->front();
    CHECK(bug.member("is_open")->get() == value::variant{true});
    CHECK(*bug.member("resolution")->text() == "");
    CHECK(bug.member("alias")->items()->empty());
    CHECK(*bug.member("summary")->text() == "Käfer <&> \"x\"");
    CHECK(bug.member("last_change_time")->as_utc() == parse_time("2026-11-21T22:48:44Z"));
    CHECK(bug.member("id")->integer() == 7);
    CHECK(bug.member("dupe_of") == nullptr);
}

TEST_CASE("a Trac answer is read, with line feeds between all elements")
{
    auto const v = read(
        "<?xml version='1.0'?>\n<methodResponse>\n<params>\n<param>\n"
        "<value><array><data>\n<value><int>7</int></value>\n"
        "<value><dateTime.iso8601>20260304T13:00:00</dateTime.iso8601></value>\n"
        "<value><struct>\n<member>\n<name>status</name>\n"
        "<value>\n  <string>assigned</string>\n</value>\n</member>\n"
        "<member>\n<name>description</name>\n"
        "<value><string>one\n  two\n</string></value>\n</member>\n"
        "<member>\n<name>resolution</name>\n<value><string></string></value>\n</member>\n"
        "</struct></value>\n</data></array></value>\n</param>\n</params>\n</methodResponse>\n");
    REQUIRE(v.items() != nullptr);
    REQUIRE(v.items()->size() == 3);
    CHECK((*v.items())[0].integer() == 7);
    CHECK((*v.items())[1].as_utc() == parse_time("2026-03-04T13:00:00Z"));
    auto const& ticket = (*v.items())[2];
    REQUIRE(ticket.fields()->size() == 3);
    CHECK(*ticket.member("status")->text() == "assigned");
    CHECK(*ticket.member("description")->text() == "one\n  two\n");
    CHECK(*ticket.member("resolution")->text() == "");
}

TEST_CASE("strings are read as they are written")
{
    struct sample {
        std::string_view xml{};
        std::string_view text{};
    };
    auto const s = GENERATE(
        sample{"<value>untyped</value>", "untyped"},
        sample{"<value/>", ""},
        sample{"<value></value>", ""},
        sample{"<value>  </value>", "  "},
        sample{"<value><string>  </string></value>", "  "},
        sample{"<value>\n<string>\n</string>\n</value>", "\n"},
        sample{"<value><string>a<!-- c -->b</string></value>", "ab"},
        sample{"<value><string>a<![CDATA[<b>&amp;]]>c</string></value>", "a<b>&amp;c"},
        sample{"<value>a<![CDATA[b]]></value>", "ab"},
        sample{"<value><string>a\r\nb</string></value>", "a\nb"},
        sample{"<value><string>a&#13;&#10;b</string></value>", "a\r\nb"},
        sample{"<value><string>&#x1F41B;</string></value>", "\U0001F41B"},
        sample{"<value><string>&lt;&gt;&amp;&quot;&apos;</string></value>", "<>&\"'"},
        sample{"<value><base64>aGVsbG8=</base64></value>", "aGVsbG8="});
    INFO(s.xml);
    auto const v = read(response(s.xml));
    REQUIRE(v.text() != nullptr);
    CHECK(*v.text() == s.text);
}

TEST_CASE("a document that only a whole XML parser can read says the same")
{
    std::string_view const xml = GENERATE(
        "<value/>",
        "<value />",
        "<value></value>",
        "<value> \n</value>",
        "<value>a &lt;b&gt; &amp;amp; &quot;c&apos;</value>",
        "<value>\r\n<string>a &amp; b</string>\r\n</value>",
        "<value><string>a\r\nb</string></value>",
        "<value><string>&#228; &unknown; &</string></value>",
        "<value><string />\n</value>",
        "<value><int>-7</int></value>",
        "<value><i8>\n7</i8></value>",
        "<value><dateTime.iso8601> 20261120T10:00:00</dateTime.iso8601></value>",
        "<value><double>1.5</double></value>",
        "<value><nil /></value>",
        "<value><array><data /></array></value>",
        "<value><array> <data> <value>1</value> <value><boolean>1</boolean></value> </data> </array></value>",
        "<value><struct/></value>",
        "<value><struct></struct></value>",
        "<value><struct> <member> <name>a</name> <value><i4>1</i4></value> </member>"
        "<member><name>a</name><value>2</value></member></struct></value>",
        "<value><struct><member><value>1</value><name>late</name></member></struct></value>",
        "<value><struct a='b'><member><name>x</name><value>1</value></member></struct></value>",
        "<value>text<int>1</int></value>");
    INFO(xml);
    auto const plain = response(xml);
    CHECK(read(plain) == read(plain + "<!-- a comment -->"));
}

TEST_CASE("references to control characters and surrogates become harmless")
{
    CHECK(*read(response("<value><string>a&#27;[31m&#x9b;b</string></value>")).text() == "a [31m b");
    CHECK(*read(response("<value><string>&#xD83D;</string></value>")).text() == "\uFFFD\uFFFD\uFFFD");
    auto const v = read(
        response("<value><struct><member><name>a&#7;</name><value>x</value></member></struct></value>"));
    CHECK(v.member("a ") != nullptr);
}

TEST_CASE("numbers, flags and nothing")
{
    CHECK(read(response("<value><int> -42\n</int></value>")).integer() == -42);
    CHECK(read(response("<value><i4>+42</i4></value>")).integer() == 42);
    CHECK(read(response("<value><i8>9223372036854775807</i8></value>")).integer() == 9223372036854775807);
    CHECK(read(response("<value><boolean>0</boolean></value>")) == value{false});
    CHECK(read(response("<value><double>-1.5</double></value>")) == value{value::variant{-1.5}});
    CHECK(read(response("<value><double>+2</double></value>")) == value{value::variant{2.0}});
    CHECK(read(response("<value><nil/></value>")) == value{});
    CHECK(read(response("<value><ex:nil/></value>")) == value{});
}

TEST_CASE("values of the wrong shape are refused, wherever they stand")
{
    struct sample {
        std::string_view xml{};
        std::string_view why{};
    };
    auto const s = GENERATE(
        sample{"<value><int></int></value>", "is not a whole number"},
        sample{"<value><int>4 2</int></value>", "is not a whole number"},
        sample{"<value><int>1.5</int></value>", "is not a whole number"},
        sample{"<value><i8>9223372036854775808</i8></value>", "is not a whole number"},
        sample{"<value><boolean>true</boolean></value>", "a boolean is neither 0 nor 1"},
        sample{"<value><boolean/></value>", "a boolean is neither 0 nor 1"},
        sample{"<value><double>nan</double></value>", "a double is not a number"},
        sample{"<value><double>inf</double></value>", "a double is not a number"},
        sample{"<value><double>1e999</double></value>", "a double is not a number"},
        sample{"<value><double>0x10</double></value>", "a double is not a number"},
        sample{"<value><double>1,5</double></value>", "a double is not a number"},
        sample{"<value><double/></value>", "a double is not a number"},
        sample{"<value><float>1</float></value>", "\"float\" is no XML-RPC type"},
        sample{
            "<value><struct><member><name>a</name></member></struct></value>",
            "a struct has a member without a value"});
    check_refused(response(s.xml), s.why);
    auto const inner = std::string{s.xml};
    check_refused(
        response("<value><array><data><value>1</value>" + inner + "</data></array></value>"), s.why);
    check_refused(
        response("<value><struct><member><name>x</name>" + inner + "</member></struct></value>"), s.why);
}

TEST_CASE("what is odd and harmless is read")
{
    CHECK(read(response("<value><array/></value>")).items()->empty());
    CHECK(read(response("<value><struct/></value>")).fields()->empty());
    auto const v = read(response("<value><struct><member><value>x</value></member></struct></value>"));
    REQUIRE(v.member("") != nullptr);
    CHECK(*v.member("")->text() == "x");
}

TEST_CASE("faults have a number or a word, and a text")
{
    auto const head = std::string{"<?xml version='1.0'?>\n<methodResponse>\n<fault>\n<value><struct>\n"};
    auto const tail = std::string{
        "<member>\n<name>faultString</name>\n<value><string>Ticket 99 does not exist."
        "</string></value>\n</member>\n</struct></value>\n</fault>\n</methodResponse>\n"};
    auto const number = read_fault(
        head + "<member>\n<name>faultCode</name>\n<value><int>404</int></value>\n</member>\n" + tail);
    CHECK(number.code == 404);
    CHECK(number.word.empty());
    CHECK(number.text == "Ticket 99 does not exist.");

    auto const word = read_fault(
        head + "<member><name>faultCode</name><value><string>Client</string></value></member>" + tail);
    CHECK(word.code == 0);
    CHECK(word.word == "Client");

    auto const digits = read_fault(
        head + "<member><name>faultCode</name><value><string>-32601</string></value></member>" + tail);
    CHECK(digits.code == -32601);
    CHECK(digits.word.empty());

    auto const neither = read_fault(head + tail);
    CHECK(neither.code == 0);
    CHECK(neither.text == "Ticket 99 does not exist.");

    auto const bare = read_fault("<methodResponse><fault><value>broken</value></fault></methodResponse>");
    CHECK(bare.code == 0);
    CHECK(bare.text == "broken");
}

TEST_CASE("documents that are no answers are refused")
{
    check_refused("", "the XML cannot be read");
    check_refused("not XML at all", "the XML");
    check_refused("<methodResponse><params><param><value><int>1</in", "the XML cannot be read");
    check_refused(
        "<methodResponse><params><param><value>1</value></param></params>", "the XML cannot be read");
    check_refused("<html><body>x</body></html>", "no XML-RPC response");
    check_refused("<methodCall><methodName>x</methodName></methodCall>", "no XML-RPC response");
    check_refused("<methodResponse/>", "carries no value");
    check_refused("<methodResponse><params/></methodResponse>", "carries no value");
    check_refused("<methodResponse><params><param/></params></methodResponse>", "carries no value");
    check_refused("<methodResponse><fault/></methodResponse>", "carries no value");
    check_refused(
        "<methodResponse><fault><value><int>x</int></value></fault></methodResponse>",
        "is not a whole number");
}

TEST_CASE("a type that is no type is quoted in part")
{
    check_refused(response("<value><" + std::string(5000, 't') + "/></value>"), std::string(40, 't') + "…\"");
}

TEST_CASE("nesting is bounded at 64 levels")
{
    auto const arrays = [](int levels) {
        return response(nested("<value><array><data>", "</data></array></value>", levels));
    };
    CHECK(decode_answer(arrays(65)));
    check_refused(arrays(66), "deeper than 64 levels");
    check_refused(
        response(nested("<value><struct><member><name>x</name>", "</member></struct></value>", 70)),
        "deeper than 64");
}

TEST_CASE("a document of 200,000 levels does not exhaust the stack")
{
    check_refused(
        response(nested("<value><array><data>", "</data></array></value>", 200'000)),
        "deeper than 64 levels");
    check_refused(
        response("<value>" + nested("<x>", "</x>", 200'000) + "</value>"), "\"x\" is no XML-RPC type");
    check_refused(nested("<x>", "</x>", 200'000), "no XML-RPC response");
    std::string unclosed;
    for (int i = 0; i != 200'000; ++i)
        unclosed += "<x>";
    check_refused(unclosed, "the XML cannot be read");
}

TEST_CASE("document types and their entities do nothing")
{
    std::string const bomb = "<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY lol \"lol\">"
                             "<!ENTITY lol2 \"&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;\">"
                             "<!ENTITY file SYSTEM \"file:///etc/passwd\">]>"
                             "<methodResponse><params><param><value><string>&lol2;&file;</string></value>"
                             "</param></params></methodResponse>";
    CHECK(*read(bomb).text() == "&lol2;&file;");
}
