#pragma once

#include "engine/core/error.hpp"

#include <cstdint>
#include <string>
#include <vector>

// Care for a database, from any process and beside one that writes it. Blocking, and it takes as long as
// reading or writing the whole file does. Errors are of kind storage, as those of reader::open: there is no
// database, or it cannot be read.
namespace checkwatches::storage {

// Looks for damage: SQLite's own checks of the file and of references between rows, and our laws. The ids of
// changes have no gap and their chain holds (verify.hpp), a bug's status and importance are what its last
// change says, a signature counts the bugs that have it. What is wrong, for people, a sentence each, at most
// 100 of a kind; empty: all is well.
//
// Beside a running engine: it looks at one state of the database and holds nobody up. The log beside the file
// keeps what is written meanwhile, and grows by that.
result<std::vector<std::string>> check_database(std::string const& path);

// Copies the database as it is at one moment to the file `to`, which holds either the old content or the
// whole copy, whatever happens; the copy is on the disk and was read back when this returns. Refused where
// `to` is anything but a database of ours that nobody has open.
//
// Beside a running engine: as check_database.
result<void> back_up(std::string const& path, std::string const& to);

struct compacted {
    std::uintmax_t before = 0; // bytes, with the log beside the file
    std::uintmax_t after = 0;
};

// Gives the room that removed rows left back to the disk. Needs free space for up to twice the file
// meanwhile; where there is not enough, nothing changes.
//
// Beside a running engine: nothing can be written while it runs (a writer without patience gets errors after
// 5 s), everything can be read. It waits up to a minute for its turn. The file itself shrinks once no reader
// is in the midst of the old state; where one still is after 5 s, that is left to the engine.
result<compacted> compact(std::string const& path);

} // namespace checkwatches::storage
