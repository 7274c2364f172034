#pragma once

#include "tests/support/scripted_remote.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

// Answers in the shapes of Launchpad's web service, with values of our own.
namespace checkwatches::test {

inline adapters::reply json(std::string body)
{
    return answer(200, "application/json", std::move(body));
}

// A task at {api}/{path}; the path ends in the bug's number.
inline std::string task_json(std::string_view path, std::string_view status, std::string_view importance)
{
    auto const number = path.substr(path.rfind('/') + 1);
    auto const target = path.substr(0, path.find("/+bug/"));
    return fmt::format(
        R"({{"self_link":"https://api.launchpad.net/devel/{0}","web_link":"https://bugs.launchpad.net/{0}",)"
        R"("resource_type_link":"https://api.launchpad.net/devel/#bug_task",)"
        R"j("bug_link":"https://api.launchpad.net/devel/bugs/{1}","bug_target_name":"plum (Ubuntu)",)j"
        R"("target_link":"https://api.launchpad.net/devel/{2}",)"
        R"j("title":"Bug #{1} in plum (Ubuntu): \"a \"quoted\" title\"","status":"{3}",)j"
        R"("importance":"{4}","is_complete":false,"milestone_link":null,"date_closed":null,)"
        R"("date_created":"2026-03-04T05:06:07.123456+00:00","http_etag":"\"1f-2e\""}})",
        path,
        number,
        target,
        status,
        importance);
}

inline std::string bug_json(std::string_view number, std::string_view duplicate_of = {})
{
    auto const link = duplicate_of.empty()
                          ? std::string{"null"}
                          : fmt::format("\"https://api.launchpad.net/devel/bugs/{}\"", duplicate_of);
    return fmt::format(
        R"({{"id":{0},"title":"plum {0}","private":false,"information_type":"Public",)"
        R"("duplicate_of_link":{1},"date_last_updated":"2026-05-06T07:08:09.123456+00:00",)"
        R"("self_link":"https://api.launchpad.net/devel/bugs/{0}"}})",
        number,
        link);
}

inline std::string
page_json(std::vector<std::string> const& entries, int total, int start = 0, std::string_view next = {})
{
    std::string out = fmt::format(
        R"({{"start":{},"total_size":{},)"
        R"("resource_type_link":"https://api.launchpad.net/devel/#bug_task-page-resource",)",
        start,
        total);
    if (!next.empty())
        out += fmt::format(R"("next_collection_link":"{}",)", next);
    out += "\"entries\":[";
    for (std::size_t i = 0; i != entries.size(); ++i)
        out += (i == 0 ? "" : ",") + entries[i];
    return out + "]}";
}

inline adapters::reply no_such_object()
{
    return answer(404, "text/plain;charset=utf-8", "Object: <x>, name: '99999'");
}

} // namespace checkwatches::test
