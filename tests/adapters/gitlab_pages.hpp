#pragma once

#include "tests/support/scripted_remote.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

// Answers in the shapes of GitLab's API, with values of our own.
namespace checkwatches::test {

inline adapters::reply json(std::string body, unsigned status = 200)
{
    return answer(status, "application/json", std::move(body));
}

struct gitlab_issue {
    std::string id;
    std::string state{"opened"};
    std::string labels{}; // as in JSON, without brackets
    std::string twin{};   // the API's address
    std::string moved{"null"};
    std::string severity{"UNKNOWN"};
    std::string page{"https://git.example.org/tools/plum/-/issues/"};
};

inline std::string issue_json(gitlab_issue const& of)
{
    auto const twin = of.twin.empty() ? std::string{"null"} : "\"" + of.twin + "\"";
    return fmt::format(
        R"({{"id":88{0},"iid":{0},"project_id":15,"title":"plum {0}","description":"It broke","state":"{1}",)"
        R"("created_at":"2026-01-04T15:31:51.081Z","updated_at":"2026-05-06T07:08:09.123Z","closed_at":null,)"
        R"("labels":[{2}],"milestone":null,"author":{{"id":3,"username":"jo","name":"Jo Doe"}},)"
        R"("type":"ISSUE","issue_type":"issue","confidential":false,"severity":"{3}","web_url":"{4}{0}",)"
        R"("_links":{{"self":"https://git.example.org/api/v4/projects/15/issues/{0}",)"
        R"("closed_as_duplicate_of":{5}}},"moved_to_id":{6}}})",
        of.id,
        of.state,
        of.labels,
        of.severity,
        of.page,
        twin,
        of.moved);
}

inline adapters::reply issue_list(std::vector<gitlab_issue> const& issues)
{
    std::string out;
    for (auto const& one : issues)
        out += (out.empty() ? "" : ",") + issue_json(one);
    return json("[" + out + "]");
}

inline adapters::reply not_found()
{
    return json(R"({"message":"404 Not found"})", 404);
}

inline adapters::reply no_project()
{
    return json(R"({"message":"404 Project Not Found"})", 404);
}

// GraphQL's nodes of issues, as in JSON.
inline adapters::reply graphql(std::string const& issues, std::string const& items = {})
{
    auto const more = items.empty() ? std::string{} : R"(,"workItems":{"nodes":[)" + items + "]}";
    return json(R"({"data":{"project":{"issues":{"nodes":[)" + issues + "]}" + more + "}}}");
}

inline adapters::reply graphql_error(std::string const& message)
{
    return json(R"({"errors":[{"message":")" + message + R"("}]})");
}

inline constexpr std::string_view list_of_plum = "/api/v4/projects/tools%2Fplum/issues?";

} // namespace checkwatches::test
