#pragma once

#include "tests/support/scripted_remote.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

// Answers in the shapes of Gitea's API, with values of our own.
namespace checkwatches::test::forge {

inline adapters::reply json(std::string body, unsigned status = 200)
{
    return answer(status, "application/json;charset=utf-8", std::move(body));
}

// `more` is of the kind R"(,"labels":[…])".
inline std::string issue_json(int number, std::string_view state, std::string_view more = {})
{
    return fmt::format(
        R"({{"id":{0},"number":{1},"title":"pear {1}","state":"{2}","is_locked":false,)"
        R"("created_at":"2026-03-04T05:06:07Z","updated_at":"2026-05-06T09:08:09+02:00",)"
        R"("html_url":"https://forge.example.org/plum/pear/issues/{1}",)"
        R"("repository":{{"full_name":"plum/pear"}}{3}}})",
        number + 900,
        number,
        state,
        more);
}

inline std::string labels_json(std::vector<std::string> const& names)
{
    std::string out = ",\"labels\":[";
    for (auto const& name : names)
        out += fmt::format(
            R"({}{{"id":1,"name":"{}","color":"00ff00"}})", out.back() == '[' ? "" : ",", name);
    return out + "]";
}

inline std::string list_json(std::vector<int> const& numbers, std::string_view state = "open")
{
    std::string out = "[";
    for (int const n : numbers)
        out += (out.size() == 1 ? "" : ",") + issue_json(n, state);
    return out + "]\n";
}

// A page of the list, of `total` rows as it says.
inline adapters::reply page(std::vector<int> const& numbers, int total)
{
    auto out = json(list_json(numbers));
    out.headers.emplace_back("X-Total-Count", std::to_string(total));
    return out;
}

inline adapters::reply refused(unsigned status, std::string_view message)
{
    return json(
        fmt::format(
            R"({{"errors":null,"message":"{}","url":"https://forge.example.org/api/swagger"}})", message),
        status);
}

inline adapters::reply no_issue()
{
    return refused(404, "The target couldn't be found.");
}

inline adapters::reply front_page(unsigned status)
{
    return answer(status, "text/html", "<html><head><title>nginx</title></head></html>");
}

} // namespace checkwatches::test::forge
