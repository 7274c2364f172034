#pragma once

#include "storage/records.hpp"

#include <string>

namespace checkwatches::storage {

// The hash of an entry of the log: the first 160 bits of the SHA-256 of all that it says, its id and the hash
// of the entry before it of the same bug included, in 40 hexadecimal digits. So who knows a bug's last entry
// by its hash knows whether any of those before it was rewritten, taken out or put in.
std::string hash_of(change const& entry);

} // namespace checkwatches::storage
