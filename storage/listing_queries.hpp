#pragma once

#include "storage/listing.hpp"
#include "storage/log_part.hpp"
#include "storage/query.hpp"

#include <cstdint>
#include <string>

// The statements that read parts of lists. Which index drives each is said in it (INDEXED BY, CROSS JOIN):
// the planner knows nothing of how many rows there are.
namespace checkwatches::storage {

// Each row: a bug's columns, then its tracker's name, kind and base URL.
query query_of(bug_list const& which, std::int64_t limit);
query query_of_numbered(std::string const& remote_id, std::int64_t limit);
// The same, then label, source, owner and time of the watch.
query query_of(watch_list const& which, std::int64_t limit);
// Value and number.
query query_of_groups(watch_field by, std::string const& after, std::int64_t limit);
// The bug's row as above, then the label, and since when it is resolved. Those behind `after`, which is not
// that of the list, that are resolved since the same time; and those that are since before a time, in
// milliseconds.
query query_of_fixed_then(fixed_list const& which, fixed_key const& after, std::int64_t limit);
query query_of_fixed_before(fixed_list const& which, std::int64_t since, std::int64_t limit);

// As shown_change_at reads it, in the order of the ids, and newest first.
query query_of_changes(std::int64_t after, std::int64_t limit);
query query_of(change_list const& which, std::int64_t limit);
// In the order of the ids, or newest first where the last of the part are wanted.
query query_of(log_part const& which, std::int64_t limit);
// As reader::impl::signature_at and pass_at (reader_lists.cpp) read them.
query query_of(signature_list const& which, std::int64_t limit);
query query_of(pass_list const& which, std::int64_t limit);

} // namespace checkwatches::storage
