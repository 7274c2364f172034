#pragma once

#include "storage/sqlite.hpp"

namespace checkwatches::storage {

// Gives a connection the function change_hash_key(): of the columns of an entry of the log, in the order of
// logged_at(), the hash_key() of its hash.
void add_hash_function(sqlite::database& to);

} // namespace checkwatches::storage
