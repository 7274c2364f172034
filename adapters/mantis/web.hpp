#pragma once

#include "adapters/ledger.hpp"

namespace checkwatches::adapters::mantis {

// The page of one issue.
request page_request(web_url const& base, std::string_view id);

// A redirect to the form for logging in: how Mantis answers an anonymous visitor who may not see something,
// and every visitor where it wants a login.
bool leads_to_login(reply const& answer);
// What an answer that is not the page wanted says about the tracker.
error refusal_of_page(reply const& answer);

// The sighting on an issue's page, told by the cells' classes (from 1.3 on) or by their labels in English.
// Errors that speak of this issue: not_found and forbidden, whatever the HTTP status (old versions say
// "APPLICATION ERROR #1100" and "Access Denied." with 200), unparsable. A login form is auth_failed.
result<sighting> read_page(reply const& answer, std::string_view id);

// Something that only Mantis' pages carry.
bool looks_like_mantis(reply const& answer);

// Looks at the open issues of the book page by page, at most 60 a look; what is beyond stays due.
awaitable<void> look_by_pages(remote& at, ledger& book, bool proved);

} // namespace checkwatches::adapters::mantis
