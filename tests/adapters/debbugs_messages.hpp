#pragma once

#include "tests/support/scripted_remote.hpp"

#include <string>
#include <string_view>

namespace checkwatches::test {

// Debbugs' answers, as SOAP::Lite writes them.

inline std::string debbugs_message(std::string_view body)
{
    return R"(<?xml version="1.0" encoding="UTF-8"?><soap:Envelope)"
           R"( soap:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/")"
           R"( xmlns:apachens="http://xml.apache.org/xml-soap")"
           R"( xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/")"
           R"( xmlns:soapenc="http://schemas.xmlsoap.org/soap/encoding/")"
           R"( xmlns:xsd="http://www.w3.org/2001/XMLSchema")"
           R"( xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soap:Body>)"
           + std::string{body} + "</soap:Body></soap:Envelope>";
}

inline adapters::reply debbugs_answer(unsigned status, std::string_view body)
{
    return answer(status, "text/xml; charset=utf-8", debbugs_message(body));
}

// What get_status answers with these items in its map.
inline adapters::reply debbugs_statuses(std::string_view items)
{
    auto const map = items.empty()
                         ? std::string{"<s-gensym3 />"}
                         : "<s-gensym3 xsi:type=\"apachens:Map\">" + std::string{items} + "</s-gensym3>";
    return debbugs_answer(
        200, "<get_statusResponse xmlns=\"Debbugs/SOAP/V1\">" + map + "</get_statusResponse>");
}

// An item of that map; `more` goes into the record.
inline std::string debbugs_item(std::string_view id, std::string_view more)
{
    return "<item><key xsi:type=\"xsd:int\">" + std::string{id}
           + "</key><value><bug_num xsi:type=\"xsd:int\">" + std::string{id} + "</bug_num>"
           + std::string{more} + "</value></item>";
}

// The fields that a bug always has.
struct debbugs_bug {
    std::string done{};
    std::string forwarded{};
    std::string severity{"normal"};
    std::string tags{};
    std::string mergedwith{};

    std::string fields() const
    {
        auto const text = [](std::string const& name, std::string const& value) {
            return "<" + name + " xsi:type=\"xsd:string\">" + value + "</" + name + ">";
        };
        return text("done", done) + text("forwarded", forwarded) + text("severity", severity)
               + text("tags", tags) + text("mergedwith", mergedwith);
    }
};

inline adapters::reply debbugs_fault(std::string_view text)
{
    return debbugs_answer(
        500,
        "<soap:Fault><faultcode>soap:Server</faultcode><faultstring>" + std::string{text}
            + "</faultstring></soap:Fault>");
}

// A mail of a bug's log.
inline std::string debbugs_mail(std::string_view header, std::string_view body)
{
    return "<item><msg_num xsi:type=\"xsd:int\">5</msg_num><attachments "
           "soapenc:arrayType=\"xsd:anyType[0]\" xsi:type=\"soapenc:Array\" />"
           "<body xsi:type=\"xsd:string\">"
           + std::string{body} + "</body><header xsi:type=\"xsd:string\">" + std::string{header}
           + "</header></item>";
}

inline adapters::reply debbugs_log(std::string_view mails)
{
    return debbugs_answer(
        200,
        "<get_bug_logResponse xmlns=\"Debbugs/SOAP/V1\"><soapenc:Array xsi:type=\"soapenc:Array\">"
            + std::string{mails} + "</soapenc:Array></get_bug_logResponse>");
}

} // namespace checkwatches::test
