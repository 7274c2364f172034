#pragma once

#include "adapters/ledger.hpp"

namespace checkwatches::adapters::trac {

// How a login ended.
struct login_result {
    std::optional<error> refusal{}; // nothing: it was granted
    bool undecided = false;         // /login did not say that the credential is wrong: it takes none this way
};

// Proves the credential at {base}/login with HTTP Basic: Trac grants it by the cookie trac_auth, which the
// remote keeps for the requests that follow. An error of kind auth_failed where it was refused or not
// granted.
awaitable<login_result> log_in(remote& at);

// The query for these ids (as id_lists() writes them) as CSV.
request query_request(web_url const& base, std::string_view id_list);

// How many bytes of a query's target are left for ids, so that it stays below what front ends refuse.
std::size_t room_for_ids(web_url const& base);

// The same for those of them that changed at or after `since`. A Trac before 0.12 does not know the
// constraint and answers for all of them.
request changes_request(web_url const& base, std::string_view id_list, utc_time since);

// Looks at the open tickets of the book by query; what the query leaves out stays open. False where trouble
// ended it.
awaitable<bool> look_by_query(remote& at, ledger& book);

// Reads the open tickets of the book that changed at or after `since` by query; the others are unmodified.
// Where the answer is not to that question, they stay open. False where trouble ended it.
awaitable<bool> read_changes(remote& at, ledger& book, utc_time since);

} // namespace checkwatches::adapters::trac
