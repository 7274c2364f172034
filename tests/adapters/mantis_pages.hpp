#pragma once

#include "tests/support/scripted_remote.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

// Answers in the shapes of MantisBT, with values of our own.
namespace checkwatches::test {

inline adapters::reply
mantis_json(unsigned status, std::string body, std::string_view user = {}, bool by_token = false)
{
    auto out = answer(status, "application/json", std::move(body));
    if (!user.empty()) {
        out.headers.emplace_back("X-Mantis-Username", user);
        out.headers.emplace_back("X-Mantis-LoginMethod", by_token ? "api-token" : "cookie");
        out.headers.emplace_back("X-Mantis-Version", "2.27.1");
    }
    return out;
}

inline std::string mantis_ref(std::string_view field, int number, std::string_view name)
{
    return fmt::format(R"("{}":{{"id":{},"name":"{}","label":"<{}>"}})", field, number, name, name);
}

inline std::string
mantis_issue(int id, std::string_view status, std::string_view resolution, int original = 0)
{
    return fmt::format(
        R"({{"issues":[{{"id":{},"summary":"Plum <b>\"{}\"<\/b>",{},{},{},{},)"
        R"("updated_at":"2026-04-12T10:15:30+02:00"{}}}]}})",
        id,
        id,
        mantis_ref("status", 80, status),
        mantis_ref("resolution", 20, resolution),
        mantis_ref("priority", 40, "high"),
        mantis_ref("severity", 50, "minor"),
        original == 0
            ? ""
            : fmt::format(
                  R"(,"relationships":[{{"id":1,"type":{{"id":2,"name":"parent-of"}},"issue":{{"id":3}}}},)"
                  R"({{"id":2,"type":{{"id":0,"name":"duplicate-of"}},"issue":{{"id":{}}}}}])",
                  original));
}

inline adapters::reply mantis_no_issue(int id)
{
    return mantis_json(
        404,
        fmt::format(
            R"({{"message":"Issue #{0} not found","code":1100,"localized":"Issue {0} not found."}})", id));
}

inline adapters::reply soap_envelope(unsigned status, std::string_view type, std::string_view body)
{
    return answer(
        status,
        std::string{type},
        fmt::format(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<SOAP-ENV:Envelope"
            " xmlns:SOAP-ENV=\"http://schemas.xmlsoap.org/soap/envelope/\""
            " xmlns:ns1=\"http://futureware.biz/mantisconnect\" xmlns:xsi=\"x\" xmlns:SOAP-ENC=\"y\">"
            "<SOAP-ENV:Body>{}</SOAP-ENV:Body></SOAP-ENV:Envelope>\n",
            body));
}

inline adapters::reply soap_result(std::string_view method, std::string_view result)
{
    return soap_envelope(
        200,
        "text/xml; charset=utf-8",
        fmt::format("<ns1:{0}Response>{1}</ns1:{0}Response>", method, result));
}

inline adapters::reply
soap_fault(std::string_view text, unsigned status = 500, std::string_view type = "text/xml; charset=utf-8")
{
    return soap_envelope(
        status,
        type,
        fmt::format(
            "<SOAP-ENV:Fault><faultcode>SOAP-ENV:Client</faultcode><faultstring>{}</faultstring>"
            "</SOAP-ENV:Fault>",
            text));
}

inline adapters::reply soap_missing(int id)
{
    return soap_fault(fmt::format("Issue #{} not found", id), 200, "text/html; charset=UTF-8");
}

inline adapters::reply soap_version()
{
    return soap_result("mc_version", "<return xsi:type=\"xsd:string\">2.27.1</return>");
}

inline std::string soap_header(int id, int status, int resolution, int priority = 40, int severity = 50)
{
    return fmt::format(
        "<item xsi:type=\"ns1:IssueHeaderData\"><id xsi:type=\"xsd:integer\">{}</id>"
        "<last_updated xsi:type=\"xsd:dateTime\">2026-04-12T10:15:30+02:00</last_updated>"
        "<priority>{}</priority><severity>{}</severity><status>{}</status>"
        "<summary xsi:type=\"xsd:string\">Plums &amp; pears #{}</summary><handler xsi:nil=\"true\"/>"
        "<resolution>{}</resolution></item>",
        id,
        priority,
        severity,
        status,
        id,
        resolution);
}

inline adapters::reply soap_headers(std::vector<std::string> const& items)
{
    std::string out = "<return SOAP-ENC:arrayType=\"ns1:IssueHeaderData[1]\" xsi:type=\"SOAP-ENC:Array\">";
    for (auto const& item : items)
        out += item;
    return soap_result("mc_issues_get_header", out + "</return>");
}

inline std::string soap_ref(std::string_view element, int number, std::string_view name)
{
    return fmt::format("<{0}><id>{1}</id><name>{2}</name></{0}>", element, number, name);
}

inline adapters::reply
soap_issue(int id, std::string_view status, std::string_view resolution, int original = 0)
{
    return soap_result(
        "mc_issue_get",
        fmt::format(
            "<return><id>{}</id>{}{}{}{}<summary>Plums &amp; pears #{}</summary>{}</return>",
            id,
            soap_ref("priority", 30, "normal"),
            soap_ref("severity", 50, "minor"),
            soap_ref("status", 90, status),
            soap_ref("resolution", 60, resolution),
            id,
            original == 0 ? ""
                          : fmt::format(
                                "<relationships><item><id>1</id>{}<target_id>{}</target_id></item>"
                                "<item><id>2</id>{}<target_id>{}</target_id></item></relationships>",
                                soap_ref("type", 1, "related to"),
                                3,
                                soap_ref("type", 0, "duplicate of"),
                                original)));
}

// A page of 2.x, or of a version without classes.
inline adapters::reply mantis_page(int id, std::string_view status, std::string_view resolution, bool modern)
{
    auto const cell = [&](std::string_view field, std::string_view label, std::string_view text) {
        return modern
                   ? fmt::format(
                         "<th class=\"bug-{0} category\">{1}</th><td class=\"bug-{0}\">\n<i class=\"fa\"></i>"
                         " {2}</td>",
                         field,
                         label,
                         text)
                   : fmt::format("<td class=\"category\">{}:</td><td>{}</td>", label, text);
    };
    return answer(
        200,
        "text/html; charset=UTF-8",
        fmt::format(
            "<html><head><title>{0:07}: Plum - Orchard</title></head><body><table><tr>{1}{2}<tr>{3}{4}"
            "<tr>{5}</table><table><tr><td>duplicate of&nbsp;</td><td><a href=\"view.php?id=10\">0000010</a>"
            "</td></table><p>Access denied</p></body></html>",
            id,
            cell("status", "Status", status),
            cell("resolution", "Resolution", resolution),
            cell("priority", "Priority", "urgent"),
            cell("severity", "Severity", "crash"),
            cell("summary", "Summary", fmt::format("{:07}: Plum: <b>ripe</b>", id))));
}

inline adapters::reply to_mantis_login()
{
    auto out = answer(302, "text/html", "");
    out.headers.emplace_back(
        "Location", "https://mantis.example.org/login_page.php?return=view.php%3Fid%3D13");
    return out;
}

} // namespace checkwatches::test
