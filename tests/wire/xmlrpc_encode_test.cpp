#include "adapters/wire/xmlrpc.hpp"
#include "tests/support/print.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

using namespace checkwatches;
using namespace checkwatches::wire::xmlrpc;

namespace {

// What a server would read: the parameters of a call, sent back as one value.
value echoed(value const& v)
{
    auto call = encode_call("echo", {v});
    auto const params = call.find("<params>");
    call.replace(0, params, "<?xml version=\"1.0\"?><methodResponse>");
    call.replace(call.find("</methodCall>"), std::string::npos, "</methodResponse>");
    auto const got = decode_answer(call);
    REQUIRE(got);
    REQUIRE(std::holds_alternative<value>(*got));
    return std::get<value>(*got);
}

} // namespace

TEST_CASE("a call is written as servers expect it")
{
    value const arguments = members{
        {"ids", array{7, 9}},
        {"include_fields", array{"id", "status"}},
        {"permissive", true},
        {"key", "{{checkwatches:secret}}"}};
    CHECK(
        encode_call("Bug.get", {arguments})
        == "<?xml version=\"1.0\"?><methodCall><methodName>Bug.get</methodName><params><param><value><struct>"
           "<member><name>ids</name><value><array><data><value><int>7</int></value><value><int>9</int></"
           "value>"
           "</data></array></value></member>"
           "<member><name>include_fields</name><value><array><data><value><string>id</string></value>"
           "<value><string>status</string></value></data></array></value></member>"
           "<member><name>permissive</name><value><boolean>1</boolean></value></member>"
           "<member><name>key</name><value><string>{{checkwatches:secret}}</string></value></member>"
           "</struct></value></param></params></methodCall>");
    CHECK(
        encode_call("system.getAPIVersion", {})
        == "<?xml version=\"1.0\"?><methodCall><methodName>system.getAPIVersion</methodName><params></params>"
           "</methodCall>");
}

TEST_CASE("texts are escaped everywhere")
{
    auto const call = encode_call("a<b", {members{{"n<&>", "</string>&amp;]]>"}}});
    CHECK(call.find("<methodName>a&lt;b</methodName>") != std::string::npos);
    CHECK(call.find("<name>n&lt;&amp;&gt;</name>") != std::string::npos);
    CHECK(call.find("<string>&lt;/string&gt;&amp;amp;]]&gt;</string>") != std::string::npos);
}

TEST_CASE("strings come back as they were, without what XML cannot carry")
{
    std::string const text = GENERATE(
        "", " ", " \n\t ", "\r\n", "a\rb", "<&>\"'", "]]>", "&amp;", "&#65;", "Käfer \U0001F41B", "  both  ");
    INFO(text);
    auto const back = echoed(text);
    REQUIRE(back.text() != nullptr);
    CHECK(*back.text() == text);

    auto const cleaned = echoed(std::string{"a\0b\x1B\x01", 5});
    REQUIRE(cleaned.text() != nullptr);
    CHECK(*cleaned.text() == "ab");
}

TEST_CASE("every type comes back")
{
    CHECK(echoed(value{}) == value{});
    CHECK(echoed(true) == value{true});
    CHECK(echoed(false) == value{false});
    std::int64_t const number = GENERATE(
        0, -1, 42, std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min());
    CHECK(echoed(number).integer() == number);
    double const real = GENERATE(0.0, -1.5, 1e300, 1e-300, 0.1);
    CHECK(std::get<double>(echoed(value{value::variant{real}}).get()) == real);
    CHECK(echoed(date_time{"20261121T22:48:44"}).as_text() == "20261121T22:48:44");

    value const mixed = array{1, "two", members{{"three", array{}}, {"", members{}}}, array{value{}}};
    CHECK(echoed(mixed) == mixed);
}

TEST_CASE("a value is asked for one type at a time")
{
    CHECK(value{"42"}.integer() == 42);
    CHECK(value{"+42"}.integer() == 42);
    CHECK_FALSE(value{"+-42"}.integer());
    CHECK_FALSE(value{"42x"}.integer());
    CHECK_FALSE(value{""}.integer());
    CHECK_FALSE(value{true}.integer());
    CHECK(value{42}.as_text() == "42");
    CHECK(value{"x"}.as_text() == "x");
    CHECK(value{true}.as_text().empty());
    CHECK(value{array{}}.as_text().empty());
    CHECK(value{date_time{"20260101T13:30:00"}}.as_utc() == parse_time("2026-01-01T13:30:00Z"));
    CHECK_FALSE(value{date_time{"yesterday"}}.as_utc());
    CHECK_FALSE(value{"20260101T13:30:00"}.as_utc());
    CHECK(value{42}.text() == nullptr);
    CHECK(value{42}.items() == nullptr);
    CHECK(value{42}.fields() == nullptr);
    CHECK(value{42}.member("x") == nullptr);
    value const twice = members{{"x", 1}, {"x", 2}};
    CHECK(twice.member("x")->integer() == 1);
    CHECK(twice.member("X") == nullptr);
}
