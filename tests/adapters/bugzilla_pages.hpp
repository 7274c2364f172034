#pragma once

#include "adapters/bugzilla.hpp"
#include "tests/support/canned_remote.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

// What Bugzillas answer, in the shapes of real ones.
namespace checkwatches::test::bugzilla {

using adapters::absence;
using adapters::findings;
using adapters::reply;
using adapters::request;

inline reply json(std::string body, unsigned status = 200)
{
    return canned(status, "application/json; charset=UTF-8", std::move(body));
}

inline reply json_error(unsigned status, int code, std::string_view message)
{
    return json(
        fmt::format(
            R"({{"documentation":"https://example.org/api/","message":"{}","error":true,"code":{}}})",
            message,
            code),
        status);
}

inline reply xml(std::string body)
{
    return canned(200, "text/xml", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + body);
}

inline reply html(std::string_view title, std::string_view body = "", unsigned status = 200)
{
    return canned(
        status,
        "text/html; charset=UTF-8",
        fmt::format(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head><title>{}</title></head>\n<body>{}</body></html>",
            title,
            body));
}

inline reply not_there()
{
    return html("404 Not Found", "<h1>Not Found</h1>", 404);
}

inline reply login_page()
{
    return html("Log in to Frobzilla", "<input type=\"password\" name=\"Bugzilla_password\">");
}

inline reply challenge()
{
    return html(
        "Making sure you're not a bot!", "<script src=\"/.within.website/x/cmd/anubis/a.js\"></script>");
}

inline reply down()
{
    auto out = html("Bugzilla is Down", "Down for maintenance, back at noon", 503);
    out.headers.emplace_back("Retry-after", "3600");
    return out;
}

inline reply rpc_value(std::string_view value)
{
    return xml(fmt::format(
        "<methodResponse><params><param><value>{}</value></param></params></methodResponse>", value));
}

inline reply rpc_fault(std::string_view code, std::string_view text)
{
    return xml(fmt::format(
        "<methodResponse><fault><value><struct><member><name>faultCode</name><value>{}</value></member>"
        "<member><name>faultString</name><value><string>{}</string></value></member></struct></value></fault>"
        "</methodResponse>",
        code,
        text));
}

inline reply rpc_version(std::string_view version)
{
    return rpc_value(fmt::format(
        "<struct><member><name>version</name><value><string>{}</string></value></member></struct>", version));
}

inline bool contains(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

inline std::string_view header_of(request const& rq, std::string_view name)
{
    for (auto const& [key, value] : rq.headers)
        if (key == name)
            return value;
    return {};
}

// The ids that a REST search asks for; empty where the request is none.
inline std::vector<std::string> searched_ids(request const& rq)
{
    std::vector<std::string> out;
    if (!rq.url.path.ends_with("/bug"))
        return out;
    auto list = rq.url.parameter("id").value_or("");
    for (std::string_view rest = list; !rest.empty();) {
        auto const one = rest.substr(0, rest.find(','));
        out.emplace_back(one);
        rest.remove_prefix(std::min(rest.size(), one.size() + 1));
    }
    return out;
}

inline findings look(canned_remote& at, capabilities const& can, std::vector<std::string> const& ids)
{
    auto const adapter = adapters::make_bugzilla();
    return run(adapter->look(at, can, ids));
}

// The sighting of this id; fails the test where there is none.
inline sighting const& seen(findings const& all, std::string_view id)
{
    for (auto const& one : all.found)
        if (one.remote_id == id)
            if (auto const* const what = std::get_if<sighting>(&one.what))
                return *what;
    throw std::runtime_error{fmt::format("no sighting of {}", id)};
}

// "seen", "not_found", …, or "-" where nothing was found.
inline std::string ending(findings const& all, std::string_view id)
{
    for (auto const& one : all.found) {
        if (one.remote_id != id)
            continue;
        auto const* const none = std::get_if<absence>(&one.what);
        return std::string{word(none == nullptr ? outcome::seen : none->why)};
    }
    return "-";
}

inline std::string detail(findings const& all, std::string_view id)
{
    for (auto const& one : all.found)
        if (auto const* const none = std::get_if<absence>(&one.what); none != nullptr && one.remote_id == id)
            return none->detail;
    return {};
}

inline std::vector<std::string> numbers(int first, int last)
{
    std::vector<std::string> out;
    for (int i = first; i <= last; ++i)
        out.push_back(std::to_string(i));
    return out;
}

} // namespace checkwatches::test::bugzilla
