#pragma once

#include "tests/support/scripted_remote.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Answers in the shapes of GitHub's API, with values of our own.
namespace checkwatches::test {

inline adapters::reply github_json(unsigned status, std::string body)
{
    auto out = answer(status, "application/json; charset=utf-8", std::move(body));
    out.headers.emplace_back("X-GitHub-Media-Type", "github.v3; format=json");
    out.headers.emplace_back("X-GitHub-Request-Id", "C1D2:3E4F");
    out.headers.emplace_back("Date", "Fri, 20 Nov 2026 10:00:00 GMT");
    return out;
}

inline adapters::reply github_says(unsigned status, std::string_view words)
{
    return github_json(
        status,
        fmt::format(
            R"({{"message":"{}","documentation_url":"https://docs.github.com/rest","status":"{}"}})",
            words,
            status));
}

inline adapters::reply github_redirect(std::string to)
{
    auto out = github_says(301, "Moved Permanently");
    out.headers.emplace_back("Location", std::move(to));
    return out;
}

struct issue_shape {
    std::string number{};
    std::string state{"open"};
    std::string reason{}; // empty: null
    std::string labels{}; // JSON
    std::string more{};   // further members, with a comma before them
    std::string project{"acme/widget"};
    int comments = 0;
};

inline std::string issue_json(issue_shape const& of)
{
    auto const reason = of.reason.empty() ? std::string{"null"} : "\"" + of.reason + "\"";
    return fmt::format(
        R"({{"id":9{0},"number":{0},"title":"A \"title\" of {0}","state":"{1}","state_reason":{2},)"
        R"("locked":false,"labels":[{3}],"assignees":[],"milestone":null,"comments":{4},)"
        R"("user":{{"login":"al"}},"body":"It broke.\r\nBadly.","created_at":"2026-01-01T00:00:00Z",)"
        R"("updated_at":"2026-11-19T09:08:07Z","closed_at":null,)"
        R"("html_url":"https://github.com/{5}/issues/{0}"{6}}})",
        of.number,
        of.state,
        reason,
        of.labels,
        of.comments,
        of.project,
        of.more);
}

inline adapters::reply github_issue(issue_shape const& of)
{
    return github_json(200, issue_json(of));
}

inline std::string label_json(std::string_view name)
{
    return fmt::format(R"({{"id":1,"name":"{}","color":"ff0000","description":null}})", name);
}

inline adapters::reply github_list(std::vector<issue_shape> const& rows, std::string_view next = {})
{
    std::string body = "[";
    for (auto const& row : rows)
        body += (body.size() == 1 ? "" : ",") + issue_json(row);
    auto out = github_json(200, body + "]");
    if (!next.empty())
        out.headers.emplace_back(
            "Link", fmt::format(R"(<https://api.github.com/x?page=1>; rel="prev", <{}>; rel="next")", next));
    return out;
}

} // namespace checkwatches::test
