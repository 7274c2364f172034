#pragma once

#include "engine/feed/digest/book.hpp"
#include "engine/feed/event_pages.hpp"
#include "storage/reader.hpp"

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

namespace checkwatches::feed {

// What digests read of the database; all of it on the reader's thread.

// The watched bugs of these topics that the digest's filter lets through, some thousands of each at most.
digest_members read_members(
    storage::reader const& in,
    digest_settings const& of,
    std::set<std::string> const& topics,
    address_of const& url_of);

// Bugs that fail, behind this one, at most so many, and those of `known` (which are the digest's troubles).
// `after` becomes where to read on; the beginning where that was all.
std::vector<digest_bug> read_failing(
    storage::reader const& in,
    std::vector<storage::digest_trouble> const& known,
    storage::bug_id& after,
    std::int64_t most,
    address_of const& url_of);

// What else decides, for these bugs. `caught_up` stays false.
digest_surroundings read_surroundings(
    storage::reader const& in,
    std::string const& digest,
    utc_time now,
    std::set<storage::bug_id> const& bugs);

// Whether all that the log has was told the sink of this name.
bool has_all(storage::reader const& in, std::string const& sink);

} // namespace checkwatches::feed
