#pragma once

#include "adapters/gitlab/place.hpp"
#include "adapters/ledger.hpp"

namespace checkwatches::adapters::gitlab {

// The address that asks for these issues of the project; of them only those that changed at or after `since`,
// where there is one. The same for the same ids in any order.
web_url list_address(place const& where, std::vector<std::string> ids, std::optional<utc_time> since);

// Looks at the open ids of the book, at most 100: one list of all (conditional where `since` is nothing), a
// request for each that the list leaves out, and one to GraphQL for what is left to know of those that were
// seen. With `since` those that an obeyed list leaves out are unmodified.
awaitable<void> look(remote& at, capabilities const& can, ledger& book, std::optional<utc_time> since);

} // namespace checkwatches::adapters::gitlab
