#pragma once

#include "adapters/adapter.hpp"
#include "adapters/forge/answer.hpp"

namespace checkwatches::adapters::gitlab {

// Where a credential goes, by capabilities::login: "token" (PRIVATE-TOKEN: personal, project and group access
// tokens) or "bearer" (OAuth tokens). Nothing for an empty word.
std::optional<login_place> login_for(std::string_view way);

request get(web_url url, std::string_view way);

// Reads an answer of status 200 and type application/json; an error by explain() otherwise, with the words of
// GitLab's own {"message":…} where it sent some.
result<forge::document> read_json(reply const& from);

// It is GitLab's API that says so, in JSON: a project that is missing or hidden, against any other 404.
bool is_missing_project(reply const& answer);

// An issue as the REST API gives it.
struct issue {
    std::string id{};
    std::string page{}; // the address at which people read it
    std::string self{}; // the API's address of it
    std::string twin{}; // … and of what it duplicates; anonymous users are not told
    bool moved = false; // it lives in another project now, and this one is closed
    sighting seen{};    // without resolution and duplicate_of
};

// Nothing where this is no issue: it has no iid.
std::optional<issue> to_issue(wire::json_element in, std::size_t replaced);

// A part of a list of issues.
struct issue_page {
    std::vector<issue> issues{};
    bool unreadable = false; // there was one that could not be read
    bool is_last = true;
};

result<issue_page> read_issues(reply const& from);
// An error of kind unparsable where it has no iid or no state.
result<issue> read_issue(reply const& from);

// There is another page behind this one.
bool has_next_page(reply const& answer);

} // namespace checkwatches::adapters::gitlab
