#pragma once

#include "storage/sqlite.hpp"

#include <cstdint>
#include <span>
#include <string>

namespace checkwatches::storage {

// "cwdb": marks a SQLite file as ours (PRAGMA application_id).
inline constexpr std::int64_t application_id = 0x63776462;

// The SQL texts that lead from an empty file to what this program works on; the n-th makes version n.
std::span<char const* const> migrations() noexcept;

// An error of kind storage where a file that says this of itself is not for us: another program's, or of a
// newer version than `known`.
result<void>
check_identity(std::string const& path, std::int64_t application, std::int64_t version, std::int64_t known);

// Brings the database to version `steps.size()` in one transaction: all of the missing steps, or none. What
// check_identity refuses is left alone. Foreign keys are not to be enforced meanwhile: a step may replace a
// table that others refer to.
result<void> migrate(sqlite::database& db, std::string const& path, std::span<char const* const> steps);

} // namespace checkwatches::storage
