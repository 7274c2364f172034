#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace checkwatches::adapters::trac {

// The id may stand in a request for many. Greater numbers than a 32-bit integer make a Trac on PostgreSQL
// answer 500 for the whole request, so they are asked singly.
bool fits_batch(std::string const& id);

// Normalised ids as Trac's query wants them, "1,2,5-9", in ascending order and in as few lists as the longest
// length (in bytes, at least 64) allows. Each id stands in exactly one list.
std::vector<std::string> id_lists(std::span<std::string const> ids, std::size_t longest);

} // namespace checkwatches::adapters::trac
