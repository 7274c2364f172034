#pragma once

#include "adapters/adapter.hpp"

#include <cstdint>

namespace checkwatches::adapters::gitea {

// An issue or a pull request as the API gives it.
struct issue {
    std::uint64_t number{};
    std::string address{}; // of its page, as the server says
    sighting seen{};       // without a status where its record has none
};

// A part of a repository's list.
struct issue_page {
    std::vector<issue> issues{};
    std::optional<std::uint64_t> total{}; // of the list, from X-Total-Count
    bool has_next = false;                // Link says that there is more
};

// They read a complete answer; an error by explain() where it is no JSON of status 200, of kind unparsable
// where it is not what it should be.
result<issue> read_issue(reply const& from);
result<issue_page> read_page(reply const& from);

// An answer that is not what was asked for.
struct refusal {
    error why{};
    bool by_gitea = false; // it speaks itself, and not something in front of it
};

// What `why`, an error of the readers above for this answer, is when Gitea's own words are heard. Not signed
// in, and a token without the scope, are 403 and concern all of a tracker (auth_failed): what a user may not
// see is 404.
refusal hear(reply const& from, error why);

} // namespace checkwatches::adapters::gitea
