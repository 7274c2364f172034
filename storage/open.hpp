#pragma once

#include "storage/sqlite.hpp"

#include <string>

namespace checkwatches::storage {

// The errors of store::open and reader::open. A file that is not for us is found out before SQLite touches
// it, and stays as it is, byte for byte.

// The database at `path`, made or migrated where that is needed, in WAL mode.
result<sqlite::database> open_for_writing(std::string const& path);
// The database that is there; nothing is made or migrated.
result<sqlite::database> open_for_reading(std::string const& path);

// Whether there is a database of ours at `path`. False: nothing, or an empty file; an error: something else,
// or nobody can tell.
result<bool> holds_database(std::string const& path);

} // namespace checkwatches::storage
