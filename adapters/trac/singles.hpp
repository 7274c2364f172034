#pragma once

#include "adapters/ledger.hpp"

#include <cstddef>

namespace checkwatches::adapters::trac {

// How many requests one look may spend on tickets one by one. The tickets beyond it stay due (an error of
// kind deferred), so that none ends in an outcome that nobody found out; those that were asked have theirs
// and are not due again at once, so the next look gets further.
inline constexpr std::size_t most_singles = 60;

// The export of one ticket as CSV.
request ticket_request(web_url const& base, std::string_view id);

// Looks at the open tickets of the book one by one, where Trac tells a missing ticket (404) from a hidden one
// (403). `alone`: nothing has shown yet that this tracker gives tickets, so a page in place of data is the
// tracker's trouble; otherwise a page means that this Trac exports no single tickets, and they stay open.
awaitable<void> look_singly(remote& at, ledger& book, bool alone);

} // namespace checkwatches::adapters::trac
