#pragma once

#include "engine/core/error.hpp"
#include "storage/sqlite.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace checkwatches::storage {

// What the log came to when all of it was read.
struct log_verdict {
    std::int64_t entries = 0;
    std::int64_t last = 0;      // the last id; 0 where there is none
    std::int64_t unchained = 0; // entries up to this id were logged before there were hashes
    std::size_t bugs = 0;       // that have entries
    std::string head{};         // the hash of the last entry
    // A hash over the last entry of each bug and all that are of none: two copies that have the same have the
    // same log.
    std::string heads{};
    std::optional<std::int64_t> broken_at{}; // the id of the first entry that is not as it was logged
    std::vector<std::string> broken{};       // what is wrong, for people, in the order of the ids; bounded
};

// Reads the log once and proves that no id is missing, and that no entry was rewritten, taken out or put in:
// each names the hash of the one before it of the same bug, and is found by its own. Who rewrites an entry
// and all that follow it of its bug, and their keys, is not found out by this, but by comparing `heads` with
// those of a copy.
//
// Keeps 20 bytes and a little for each bug. At most `most` findings are told.
log_verdict verify_log(sqlite::database& db, std::size_t most);
// The same for a file, at one state of it; beside a running engine, too. An error of kind storage: there is
// no database, or it cannot be read.
result<log_verdict> verify_log(std::string const& path, std::size_t most);

} // namespace checkwatches::storage
