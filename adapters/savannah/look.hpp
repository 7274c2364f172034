#pragma once

#include "adapters/ledger.hpp"

namespace checkwatches::adapters::savannah {

// How many pages one look reads.
inline constexpr std::size_t most_pages = 20;

// Reads the page of each open item of the book.
awaitable<void> look(remote& at, ledger& book);

} // namespace checkwatches::adapters::savannah
