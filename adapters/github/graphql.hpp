#pragma once

#include "adapters/github/place.hpp"
#include "adapters/ledger.hpp"

namespace checkwatches::adapters::github {

// The question for these issues, at most a hundred; as_of_today: by_graphql, not by_old_graphql.
request ask_issues(place const& where, std::span<std::string const> ids, bool as_of_today);

// What the answer came to, beside what it settled in the book.
struct graphql_answer {
    bool no_project = false;    // the project is missing, or hidden
    std::optional<error> why{}; // trouble
};

// Enters what was seen. An issue that moved away has another address than its number says, and is entered as
// moved. What is null stays open: missing, hidden, deleted and moved ones look the same here.
graphql_answer read_issues(place const& where, reply const& from, ledger& book);

// The question who we are, and what the server's issues have.
request ask_viewer(place const& where);
struct viewer {
    std::string login{};
    std::string protocol{}; // by_graphql, by_old_graphql, or by_rest where its issues tell no reasons
};
// Nothing where GraphQL does not tell; the error where the token is refused or nothing can be told now.
result<std::optional<viewer>> read_viewer(reply const& from);

} // namespace checkwatches::adapters::github
