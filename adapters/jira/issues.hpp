#pragma once

#include "adapters/jira/ask.hpp"
#include "adapters/ledger.hpp"

#include <cstdint>

namespace checkwatches::adapters::jira {

// The issue of {"key":"A-1","fields":{…}}; nothing where it has no key. Without a status it could not be
// read.
struct issue {
    std::string key{};
    sighting seen{};
};
std::optional<issue> read_issue(wire::json_object const& in, std::size_t replaced);

// Enters the issues of {"issues":[…]} that were asked for; gives how many stand there, or nothing where there
// is no such list.
std::optional<std::size_t> enter_issues(ledger& book, document const& in);

// Enters one issue.
void enter(ledger& book, issue one);

} // namespace checkwatches::adapters::jira
