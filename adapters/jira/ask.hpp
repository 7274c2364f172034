#pragma once

#include "adapters/adapter.hpp"
#include "adapters/wire/json.hpp"

namespace checkwatches::adapters::jira {

// How a Jira is asked: the words of capabilities::protocol.
inline constexpr std::string_view by_search = "search";    // Data Center: POST /rest/api/2/search
inline constexpr std::string_view by_bulk_fetch = "bulk";  // Cloud: POST /rest/api/3/issue/bulkfetch
inline constexpr std::string_view by_cloud_search = "jql"; // Cloud: POST /rest/api/3/search/jql
inline constexpr std::string_view singly = "single";       // GET /rest/api/2/issue/KEY

// Where the credential goes: the words of capabilities::login.
inline constexpr std::string_view by_basic = "basic";   // user and password; Cloud: e-mail and token
inline constexpr std::string_view by_bearer = "bearer"; // Data Center: a personal access token

// The fields of an issue that are read.
inline constexpr std::string_view field_names =
    R"("summary","status","resolution","priority","updated","issuetype","labels","issuelinks")";
inline constexpr std::string_view field_list =
    "summary,status,resolution,priority,updated,issuetype,labels,issuelinks";

// The way in which this remote's credential goes; empty where it has none.
std::string_view login_of(remote const& at);

request get(remote const& at, std::string_view relative, std::string_view login);
request post(remote const& at, std::string_view relative, std::string body, std::string_view login);

// An answer of the API: an object, of any HTTP status.
struct document {
    wire::json_document json;
    wire::json_object root;
    std::size_t replaced = 0;
    // What its errorMessages say, and what each field in `errors` does.
    std::vector<std::string> complaints{};
};

// Reads an answer of status 200, and one of 400 that is JSON. Anything else is an error by explain(), with
// Jira's own words where it has some; of kind unparsable where the JSON cannot be read. An answer to a
// request with a login that was given to nobody (Jira says so in a header, with status 200) is auth_failed.
result<document> read_document(reply const& from, std::string_view login);

// Jira itself refuses, in its JSON, and not something in front of it.
bool is_own_refusal(reply const& from);

} // namespace checkwatches::adapters::jira
