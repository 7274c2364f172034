#pragma once

#include "storage/records.hpp"

// The conditions of partial indexes, on the table "b", as the schema has them: SQLite takes such an index
// only for a statement that has its condition word for word.
namespace checkwatches::storage {

static_assert(never.time_since_epoch().count() == 253'402'214'400'000, "as the schema has it");

inline constexpr auto b_failed = " b.last_outcome NOT IN ('seen', 'unmodified') ";
inline constexpr auto b_fails =
    " b.last_outcome NOT IN ('seen', 'unmodified') AND b.next_check <> 253402214400000 ";
inline constexpr auto b_is_unchecked = " b.checked_at IS NULL AND b.next_check <> 253402214400000 ";
inline constexpr auto b_is_resolved = " b.status IN ('Fix Released', 'Invalid', 'Won''t Fix') ";
// Since when it is resolved, with a value for those that were when they were first seen.
inline constexpr auto b_resolved_at = " coalesce(b.resolved_at, 0) ";

} // namespace checkwatches::storage
