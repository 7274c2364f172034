#include "adapters/wire/soap.hpp"
#include "tests/support/print.hpp"

#include <catch2/catch.hpp>

#include <array>

using namespace checkwatches;
namespace soap = wire::soap;

namespace {

std::string message(std::string_view body)
{
    return R"(<?xml version="1.0" encoding="UTF-8"?><s:Envelope)"
           R"( xmlns:s="http://schemas.xmlsoap.org/soap/envelope/")"
           R"( xmlns:xsd="http://www.w3.org/2001/XMLSchema")"
           R"( xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><s:Body>)"
           + std::string{body} + "</s:Body></s:Envelope>";
}

soap::response response(std::string_view body)
{
    auto const read = soap::decode_answer(message(body));
    REQUIRE(read);
    REQUIRE(std::holds_alternative<soap::response>(*read));
    return std::get<soap::response>(*read);
}

soap::value only_value(std::string_view element)
{
    auto const r = response("<r><v>" + std::string{element} + "</v></r>");
    REQUIRE(r.result.children.size() == 1);
    return r.result.children.front();
}

} // namespace

TEST_CASE("soap: texts have no control characters, however they came there")
{
    CHECK(only_value("<v>a\x01z</v>").text == only_value("<v>a&#1;z</v>").text);
    CHECK(only_value("<v>a\x01z</v>").text.find('\x01') == std::string::npos);
}

TEST_CASE("SOAP: a response has a name, a namespace and a tree of values")
{
    auto const r = response(
        R"(<n:askResponse xmlns:n="urn:x"><gensym3><item><key>1</key><value><a>x</a><b/></value></item>)"
        R"(</gensym3></n:askResponse>)");
    CHECK(r.name == "askResponse");
    CHECK(r.space == "urn:x");
    CHECK(r.result.name == "gensym3");
    REQUIRE(r.result.children.size() == 1);
    auto const& item = r.result.children.front();
    REQUIRE(item.child("value") != nullptr);
    REQUIRE(item.child("value")->child("a") != nullptr);
    CHECK(item.child("value")->child("a")->text == "x");
    CHECK(item.child("value")->child("b")->text.empty());
    CHECK(item.child("value")->child("c") == nullptr);
    CHECK(response(R"(<askResponse xmlns="urn:y"/>)").space == "urn:y");
    CHECK(response("<askResponse/>").space.empty());
    CHECK(response("<askResponse/>").result.nil);
}

TEST_CASE("SOAP: whatever type the server guessed, it is text")
{
    struct sample {
        char const* element;
        char const* text;
    };
    constexpr std::array samples{
        sample{R"(<v xsi:type="xsd:string">it &lt;breaks&gt;</v>)", "it <breaks>"},
        sample{R"(<v xsi:type="xsd:int">42</v>)", "42"},
        sample{R"(<v xsi:type="xsd:anyURI">https://x.example.org/</v>)", "https://x.example.org/"},
        sample{
            R"(<v xsi:type="xsd:base64Binary">w5xu
 w69jw7Zkw6k=</v>)",
            "Ünïcödé"},
        sample{R"(<v xsi:type="xsd:base64Binary">/A==</v>)", "ü"}, // Latin 1 within
        sample{R"(<v xsi:type="SOAP-ENC:base64">eA</v>)", "x"},
        sample{R"(<v>no type</v>)", "no type"},
        sample{"<v>a<!-- b --><![CDATA[<c>]]></v>", "a<c>"},
        sample{"<v>a&#27;b</v>", "a b"},
        sample{R"(<v xsi:nil="true"/>)", ""},
    };
    for (auto const& s : samples) {
        INFO(s.element);
        auto const v = only_value(s.element);
        CHECK(v.text == s.text);
        CHECK_FALSE(v.unreadable);
    }
    CHECK(only_value(R"(<v xsi:nil="true"/>)").nil);
    CHECK(only_value(R"(<v xsi:nil="1"/>)").nil);
    CHECK_FALSE(only_value("<v/>").nil);
    CHECK(only_value(R"(<v xsi:type="xsd:base64Binary">AAFB</v>)").replaced == 2);
    auto const broken = only_value(R"(<v xsi:type="xsd:base64Binary">!!!!</v>)");
    CHECK(broken.unreadable);
    CHECK(broken.text.empty());
}

TEST_CASE("SOAP: a text can be a number")
{
    CHECK(only_value("<v> 42 </v>").integer() == 42);
    CHECK(only_value("<v>-1</v>").integer() == -1);
    CHECK_FALSE(only_value("<v>42x</v>").integer());
    CHECK_FALSE(only_value("<v/>").integer());
}

TEST_CASE("SOAP: a fault has a code and a text")
{
    auto const old = soap::decode_answer(message(
        "<s:Fault><faultcode>s:Server</faultcode><faultstring>it &amp; died</faultstring></s:Fault>"));
    REQUIRE(old);
    REQUIRE(std::holds_alternative<soap::fault>(*old));
    CHECK(std::get<soap::fault>(*old).code == "s:Server");
    CHECK(std::get<soap::fault>(*old).text == "it & died");
    auto const later = soap::decode_answer(message(
        "<s:Fault><s:Code><s:Value>s:Sender</s:Value></s:Code><s:Reason><s:Text>no</s:Text></s:Reason>"
        "</s:Fault>"));
    REQUIRE(later);
    REQUIRE(std::holds_alternative<soap::fault>(*later));
    CHECK(std::get<soap::fault>(*later).code == "s:Sender");
    CHECK(std::get<soap::fault>(*later).text == "no");
}

TEST_CASE("SOAP: what is no message is an error")
{
    std::string deep;
    for (int i = 0; i != 40; ++i)
        deep = "<a>" + deep + "</a>";
    for (auto const& text :
         {std::string{},
          std::string{"<html><body>x</body></html>"},
          std::string{"<s:Envelope><s:Body>"},
          message(""),
          message("only text"),
          message("<r>" + deep + "</r>")}) {
        INFO(text);
        auto const read = soap::decode_answer(text);
        REQUIRE_FALSE(read);
        CHECK(read.error().kind == error_kind::unparsable);
    }
    auto const three = message("<r><l><a/><a/></l></r>");
    CHECK(soap::decode_answer(three, 3));
    CHECK_FALSE(soap::decode_answer(three, 2));
}

TEST_CASE("SOAP: entities of a document type are not expanded")
{
    auto const read = soap::decode_answer(
        "<!DOCTYPE x [<!ENTITY e \"boom\">]>" + message("<r><v><a>&e;</a></v></r>").substr(38));
    REQUIRE(read);
    REQUIRE(std::holds_alternative<soap::response>(*read));
    CHECK(std::get<soap::response>(*read).result.children.front().text == "&e;");
}

TEST_CASE("SOAP: a call names its method, and its arguments are escaped")
{
    auto const one = soap::encode_call("urn:x", "ask", {.type = "string", .text = "<a> & \"b\""});
    CHECK(one.find(R"(<call:ask xmlns:call="urn:x"><arg xsi:type="xsd:string">)") != std::string::npos);
    CHECK(one.find("&lt;a&gt; &amp; &quot;b&quot;</arg></call:ask>") != std::string::npos);
    auto const list = soap::encode_list_call(
        "urn:x", "ask", {{.type = "int", .text = "1"}, {.type = "int", .text = "2"}});
    CHECK(list.find(R"(soapenc:arrayType="xsd:anyType[2]")") != std::string::npos);
    CHECK(
        list.find(R"(<item xsi:type="xsd:int">1</item><item xsi:type="xsd:int">2</item></arg>)")
        != std::string::npos);
    // It reads back as a message.
    auto const read = soap::decode_answer(list);
    REQUIRE(read);
    REQUIRE(std::holds_alternative<soap::response>(*read));
    CHECK(std::get<soap::response>(*read).result.children.size() == 2);
}
