#pragma once

#include "adapters/adapter.hpp"
#include "adapters/forge/answer.hpp"

namespace checkwatches::adapters::github {

// A JSON answer of status 200. An error by refusal() where it is none; of kind unparsable where it cannot be
// read.
result<forge::document> read_json(reply const& from);

// What an answer is that is not what was asked for: by HTTP status, in GitHub's own words where it says any.
// 403 and 200 that speak of a limit are rate_limited, for the time that the answer names, or a minute; a 404,
// 403 or 410 that is no JSON does not come from the API, and speaks of no bug.
error refusal(reply const& from);

// The same limit where GraphQL speaks of it.
bool speaks_of_limit(std::string_view words);
error limited(reply const& from, std::string_view words);

// An issue or pull request of the REST API.
struct record {
    std::string number{};
    std::string page{}; // its address for people
    sighting what{};
};

// Nothing where it has no number or no state.
std::optional<record> read_issue(wire::json_object const& in);

// A page of a list.
struct record_page {
    std::vector<record> rows{};
    bool unreadable = false; // a row came that could not be read: it may be of any issue
    std::string next{};      // the address of the next page; empty at the end
};
result<record_page> read_list(reply const& from);

// Both ways tell the same words: "open", "closed", "merged" and "not_planned", in lower case.
inline constexpr std::string_view pull_request = "pull request";

// The names of labels that are objects or plain text.
std::vector<std::string> label_names(wire::json_array const& in);

// GitHub's announced wait: until the reset of a limit with nothing left, by the answer's own clock.
std::optional<std::chrono::seconds> until_reset(reply const& from);

} // namespace checkwatches::adapters::github
