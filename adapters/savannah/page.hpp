#pragma once

#include "adapters/adapter.hpp"

namespace checkwatches::adapters::savannah {

// The item on this page; `word` is what Savane calls it ("bug"). Its status is the field Open/Closed, its
// resolution the field Status. An error of kind not_found or forbidden where Savane itself says so of the
// item, unparsable where its page is not what it should be; otherwise by explain(), which says not_found and
// forbidden of an HTTP status too: is_own_error() tells them apart.
result<sighting> read_item(reply const& answer, std::string_view word, std::string_view id);

// Savane's own page for errors, whatever it says.
bool is_own_error(reply const& answer);

} // namespace checkwatches::adapters::savannah
