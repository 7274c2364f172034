#pragma once

#include "storage/records.hpp"

// The conditions of partial indexes, on the tables "b" (bugs) and "k" (bug_checks), as the schema has them:
// SQLite takes such an index only for a statement that has its condition word for word.
namespace checkwatches::storage {

static_assert(never.time_since_epoch().count() == 253'402'214'400'000, "as the schema has it");

inline constexpr auto k_failed = " k.last_outcome NOT IN ('seen', 'unmodified') ";
inline constexpr auto k_fails = " k.last_outcome NOT IN ('seen', 'unmodified') AND NOT k.retired ";
inline constexpr auto k_is_unchecked = " k.last_outcome IS NULL AND NOT k.retired ";
inline constexpr auto b_is_resolved =
    " (b.status = 'Fix Released' OR b.status = 'Invalid' OR b.status = 'Won''t Fix') ";
// Since when it is resolved, with a value for those that were when they were first seen.
inline constexpr auto b_resolved_at = " coalesce(b.resolved_at, 0) ";

} // namespace checkwatches::storage
