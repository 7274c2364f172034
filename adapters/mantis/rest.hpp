#pragma once

#include "adapters/ledger.hpp"

namespace checkwatches::adapters::mantis {

// Where the REST API is, and whether the API token goes along.
struct rest_place {
    web_url root{}; // "…/api/rest/index.php", or "…/api/rest" where the server rewrites addresses
    bool logged_in = false;
};

// One issue, with those fields only that a look reads.
request issue_request(rest_place const& place, std::string_view id);
// The first issues of a list: what a probe asks for.
request list_request(rest_place const& place);

// Nothing where the answer is one of the REST API to a question that was allowed; otherwise what it is
// instead. An answer of Mantis' own quotes its message.
std::optional<error> refusal_of(reply const& answer);
// The API took the token: with a wrong one it answers as to anybody, and says so in a header only.
bool took_token(reply const& answer);

// Looks at the open issues of the book one by one: there is no batch, since "/issues/1,2" is issue 1. At most
// 60 a look; what is beyond stays due. `proved`: Mantis has shown to us that it gives issues.
awaitable<void> look_by_rest(remote& at, rest_place const& place, ledger& book, bool proved);

} // namespace checkwatches::adapters::mantis
