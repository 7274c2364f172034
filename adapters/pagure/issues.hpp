#pragma once

#include "adapters/adapter.hpp"

#include <map>

namespace checkwatches::adapters::pagure {

// An issue as the API gives it.
struct issue {
    std::string id{};
    std::string address{}; // of its page; older versions do not say
    sighting seen{};       // its priority is a number, whose name the project knows
};

// A part of a project's list. `total_issues` in it counts this part only, and is not read.
struct issue_page {
    std::vector<issue> issues{};
    std::optional<std::size_t> pages{}; // of the list; versions that give it whole do not say
    bool has_next = false;
};

// What a project calls its priorities, by number.
using priority_names = std::map<std::string, std::string, std::less<>>;

// They read a complete answer; an error by explain() where it is no JSON of status 200, of kind unparsable
// where it is not what it should be.
result<issue> read_issue(reply const& from);
result<issue_page> read_page(reply const& from);
result<priority_names> read_project(reply const& from);

// An answer that is not what was asked for.
struct refusal {
    error why{};
    std::string code{}; // Pagure's own, "ENOISSUE"; empty where it does not speak itself
};

// What `why`, an error of the readers above for this answer, is by Pagure's own code: not_found for ENOISSUE
// and ENOPROJECT, forbidden for EISSUENOTALLOWED, auth_failed for EINVALIDTOK, unsupported for
// ETRACKERDISABLED, protocol_error for another one.
refusal hear(reply const& from, error why);

} // namespace checkwatches::adapters::pagure
