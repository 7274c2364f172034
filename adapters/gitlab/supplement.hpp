#pragma once

#include "adapters/gitlab/place.hpp"

#include <map>

namespace checkwatches::adapters::gitlab {

// What GraphQL tells of an issue and REST does not.
struct addition {
    std::string duplicate_of{}; // the address at which people read it
    std::string moved_to{};     // likewise
    std::string status{};       // of the work item
};

// By iid; of those of which it told all that was asked for.
using additions = std::map<std::string, addition, std::less<>>;

// Asks for these issues of a project, at most 100, in one request. `more` is not none. An error where the
// answer is not to the question: GraphQL says what it does not know, or cannot carry out, in a 200; a project
// that it does not see is one too
// (both protocol_error). A server that breaks is not_answered.
awaitable<result<additions>> ask_supplement(
    remote& at, place const& where, supplement more, std::string_view way, std::span<std::string const> iids);

} // namespace checkwatches::adapters::gitlab
