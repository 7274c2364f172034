#pragma once

#include "tests/support/scripted_remote.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

// Answers in the shapes of a real Trac 1.7, with values of our own.
namespace checkwatches::test {

inline adapters::reply csv(std::string_view lines)
{
    return answer(200, "text/csv;charset=utf-8", "\xEF\xBB\xBF" + std::string{lines});
}

// A page of Trac itself.
inline adapters::reply trac_page(unsigned status, std::string_view title)
{
    return answer(
        status,
        "text/html;charset=utf-8",
        fmt::format(
            "\n<!DOCTYPE html>\n<html lang=\"en-US\"><head>\n<title>\n      {}\n          – Plum Trac\n\n"
            "</title>\n<link rel=\"stylesheet\" href=\"/chrome/common/css/trac.css\" type=\"text/css\" />\n"
            "</head><body><p>{}</p></body></html>",
            title,
            title));
}

inline adapters::reply missing_ticket()
{
    return trac_page(404, "Error: Invalid ticket number");
}

inline adapters::reply hidden_ticket()
{
    return trac_page(403, "Error: Forbidden");
}

inline adapters::reply login_granted()
{
    auto out = answer(302, "text/plain", "");
    out.headers.emplace_back("Location", "http://trac.example.org");
    out.headers.emplace_back("Set-Cookie", "trac_session=0badcafe; HttpOnly; Path=/");
    out.headers.emplace_back("Set-Cookie", "trac_auth=0f1e2d3c4b5a; HttpOnly; Path=/");
    return out;
}

inline adapters::reply basic_refused()
{
    auto out = answer(401, "", "");
    out.headers.emplace_back("WWW-Authenticate", "Basic realm=\"plum\"");
    return out;
}

// XML-RPC values and answers, laid out as Python's xmlrpc writes them.
inline std::string xml_value(std::string_view type, std::string_view text)
{
    return fmt::format("<value><{}>{}</{}></value>\n", type, text, type);
}

inline std::string xml_array(std::vector<std::string> const& values)
{
    std::string out = "<value><array><data>\n";
    for (auto const& value : values)
        out += value;
    return out + "</data></array></value>\n";
}

inline std::string xml_struct(std::vector<std::pair<std::string, std::string>> const& members)
{
    std::string out = "<value><struct>\n";
    for (auto const& [name, value] : members)
        out += "<member>\n<name>" + name + "</name>\n" + value + "</member>\n";
    return out + "</struct></value>\n";
}

inline adapters::reply xml_answer(std::string const& value)
{
    return answer(
        200,
        "text/xml",
        "<?xml version='1.0'?>\n<methodResponse>\n<params>\n<param>\n" + value
            + "</param>\n</params>\n</methodResponse>\n");
}

inline adapters::reply xml_fault(int code, std::string_view text)
{
    return answer(
        200,
        "text/xml",
        "<?xml version='1.0'?>\n<methodResponse>\n<fault>\n"
            + xml_struct(
                {{"faultCode", xml_value("int", std::to_string(code))},
                 {"faultString", xml_value("string", text)}})
            + "</fault>\n</methodResponse>\n");
}

inline adapters::reply rpc_version()
{
    return xml_answer(xml_array({xml_value("int", "1"), xml_value("int", "1"), xml_value("int", "9")}));
}

inline adapters::reply xml_ids(std::vector<int> const& ids)
{
    std::vector<std::string> values;
    for (int const id : ids)
        values.push_back(xml_value("int", std::to_string(id)));
    return xml_answer(xml_array(values));
}

// What ticket.get answers.
inline std::string xml_ticket(int id, std::string_view status, std::string_view resolution)
{
    auto const changed = xml_value("dateTime.iso8601", "20260412T08:15:30");
    return xml_array(
        {xml_value("int", std::to_string(id)),
         xml_value("dateTime.iso8601", "20260401T07:00:00"),
         changed,
         xml_struct(
             {{"summary", xml_value("string", fmt::format("plums &amp; pears #{}", id))},
              {"description", xml_value("string", "first\nsecond \"line\"")},
              {"type", xml_value("string", "defect")},
              {"status", xml_value("string", status)},
              {"priority", xml_value("string", "minor")},
              {"severity", xml_value("string", "sev-minor")},
              {"resolution", xml_value("string", resolution)},
              {"changetime", changed},
              {"_ts", xml_value("string", "1775981730000000")}})});
}

} // namespace checkwatches::test
