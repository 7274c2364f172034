#pragma once

#include "adapters/ledger.hpp"
#include "adapters/wire/json.hpp"

namespace checkwatches::adapters::rt {

// A GET below REST/2.0/, with the login that capabilities::login names.
request rest2_get(remote const& at, std::string_view relative, std::string_view login);

struct rest2_answer {
    wire::json_document document;
    wire::json_object root{};
    std::size_t replaced = 0;
};

// Reads an answer of status 200. An error by explain() for another, with RT's own words where it gives some.
result<rest2_answer> read_rest2(reply const& answer);

// Looks at the open tickets of the book: one alone by its address, several by a search, and what that leaves
// out (missing, hidden, merged and deleted tickets) one by one. False where trouble ended it.
awaitable<bool> look_by_rest2(remote& at, std::string const& login, ledger& book);

// The address of one ticket.
request ticket_request(remote const& at, std::string_view id, std::string_view login);

// What was reported, answered and commented about a ticket at `since` or later, oldest first.
awaitable<result<std::vector<comment>>>
read_transactions(remote& at, std::string const& login, std::string const& id, std::optional<utc_time> since);

} // namespace checkwatches::adapters::rt
