#pragma once

#include "tests/support/scripted_remote.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

// Answers in the shapes of a real Redmine 5.0, with values of our own.
namespace checkwatches::test {

inline adapters::reply redmine_json(std::string body)
{
    return answer(200, "application/json; charset=utf-8", std::move(body));
}

// An issue; `extra` is put before its closing brace.
inline std::string redmine_issue(
    int id, std::string_view status, bool closed, std::string_view priority, std::string_view extra = {})
{
    return fmt::format(
        R"({{"id":{0},"project":{{"id":7,"name":"Plums"}},"tracker":{{"id":1,"name":"Bug"}},)"
        R"("status":{{"id":3,"name":"{1}","is_closed":{2}}},"priority":{{"id":2,"name":"{3}"}},)"
        R"("author":{{"id":4,"name":"Ann Orchard"}},"subject":"plums \u0026 pears #{0}","description":"d {0}",)"
        R"("start_date":null,"is_private":false,"created_on":"2026-04-01T07:00:00Z",)"
        R"("updated_on":"2026-04-12T08:15:30Z","closed_on":null{4}}})",
        id,
        status,
        closed,
        priority,
        extra);
}

inline adapters::reply
redmine_list(std::vector<std::string> const& issues, std::size_t total, std::size_t limit = 100)
{
    std::string body = "{\"issues\":[";
    for (std::size_t i = 0; i != issues.size(); ++i)
        body += (i == 0 ? "" : ",") + issues[i];
    return redmine_json(body + fmt::format("],\"total_count\":{},\"offset\":0,\"limit\":{}}}", total, limit));
}

// A refusal: its body is empty.
inline adapters::reply redmine_refusal(unsigned status, bool asks_login = false)
{
    auto out = answer(status, "application/json", "");
    if (asks_login)
        out.headers.emplace_back("WWW-Authenticate", "Basic realm=\"Redmine API\"");
    return out;
}

inline adapters::reply redmine_start_page()
{
    return answer(
        200,
        "text/html; charset=utf-8",
        "<!DOCTYPE html><html><head><title>Plums</title><meta name=\"description\" content=\"Redmine\" />"
        "</head><body></body></html>");
}

} // namespace checkwatches::test
