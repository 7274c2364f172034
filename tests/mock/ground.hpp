#pragma once

#include "bench/mock/bugs.hpp"
#include "bench/mock/http.hpp"
#include "bench/mock/options.hpp"
#include "bench/mock/site.hpp"

#include <boost/json.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace checkwatches::mock {

// A site without sockets: what it would answer.
struct ground {
    explicit ground(std::string_view spec)
        : options(parse_tracker(spec).value()),
          bugs(options),
          answers(make_site({.options = options, .bugs = bugs, .origin = "http://127.0.0.1:4711"}))
    {}

    answer get(std::string target, std::vector<std::pair<std::string, std::string>> headers = {})
    {
        auto rq = make_request("GET", std::move(target));
        rq.headers = std::move(headers);
        return answers->serve(rq);
    }
    answer post(
        std::string target,
        std::string body,
        std::string type,
        std::vector<std::pair<std::string, std::string>> headers = {})
    {
        auto rq = make_request("POST", std::move(target), std::move(body));
        rq.headers = std::move(headers);
        rq.headers.emplace_back("Content-Type", std::move(type));
        return answers->serve(rq);
    }
    boost::json::value json(std::string target) { return boost::json::parse(get(std::move(target)).body); }

    tracker_options options;
    bug_store bugs;
    std::unique_ptr<site> answers;
};

inline std::string header(answer const& a, std::string_view name)
{
    for (auto const& [key, value] : a.headers)
        if (key == name)
            return value;
    return {};
}

inline std::vector<std::string> lines(std::string_view text)
{
    std::vector<std::string> all;
    for (auto const line : split(text, '\n'))
        all.emplace_back(line);
    if (!all.empty() && all.back().empty())
        all.pop_back();
    return all;
}

inline bool contains(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

// "1,2,3," of the ids that an answer tells.
inline std::string told_ids(answer const& a)
{
    std::string ids;
    for (auto const& t : a.tells)
        ids += std::to_string(t.id) + ",";
    return ids;
}

} // namespace checkwatches::mock
