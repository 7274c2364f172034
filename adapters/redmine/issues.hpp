#pragma once

#include "adapters/adapter.hpp"

#include <cstdint>

namespace checkwatches::adapters::redmine {

// An issue as the API gives it. Without a status it could not be read.
struct issue {
    std::string id{};
    sighting seen{};
};

// A part of a list of issues.
struct issue_page {
    std::vector<issue> issues{};
    std::int64_t total = 0; // of the list
    std::int64_t limit = 0; // how many issues a part holds, as the server applied it
};

// They read a complete answer: an error by explain() where it is no JSON of status 200, of kind unparsable
// where it is not what it should be.
result<issue_page> read_page(reply const& from);
result<issue> read_issue(reply const& from);
// The login of the user who asks.
result<std::string> read_user(reply const& from);
// The report of an issue and its notes, in the order in which they stand there: oldest first. What is private
// is left out.
result<std::vector<comment>> read_notes(reply const& from);

} // namespace checkwatches::adapters::redmine
