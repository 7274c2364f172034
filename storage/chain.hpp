#pragma once

#include "storage/records.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace checkwatches::storage {

// The hash of an entry of the log: the first 160 bits of the SHA-256 of all that it says, its id and the hash
// of the entry before it of the same bug included, in 40 hexadecimal digits. So who knows a bug's last entry
// by its hash knows whether any of those before it was rewritten, taken out or put in.
std::string hash_of(change const& entry);
inline constexpr std::size_t hash_digits = 40;

// The first 15 digits of a hash as a number, by which entries are found by their hashes.
std::int64_t hash_key(std::string_view hash);
// The part of the log that an entry's key stands in. Hashes are random: among all of them each new one would
// be written into a page of its own. Those of a part lie on a few pages, and a look-up searches each part.
constexpr std::int64_t hash_part(std::int64_t id)
{
    return id >> 12;
}
// The keys of all hashes that begin with these digits, the first and the last of them; nothing where that is
// no beginning of a hash, or fewer digits than least_hash_digits.
std::optional<std::pair<std::int64_t, std::int64_t>> hash_range(std::string_view digits);

} // namespace checkwatches::storage
