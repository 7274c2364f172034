#pragma once

#include "engine/serve/web/lore.hpp"
#include "engine/serve/web/sift_changes.hpp"
#include "storage/reader.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace checkwatches::serve {

// What is told as a feed: the log, or what it says of bugs that are watched for a label, by an owner, or at a
// tracker.
struct feed_request {
    std::optional<std::string> tracker{};
    std::optional<std::string> label{};
    std::optional<std::string> owner{};
    change_kind kind = change_kind::all;
    std::optional<std::int64_t> before{}; // ids below this one
    std::string site{};                   // "http://host:port", where the feed is read
};

// One entry of a feed, with what is around it.
struct feed_entry {
    storage::shown_change what{};
    std::string url{}; // of the bug where people read it; http(s) or empty
    std::vector<std::string> labels{};
};

// A part of a feed, newest first.
struct feed {
    feed_request of{};
    std::string store{}; // the database's own number
    utc_time updated{};  // the newest entry's, or of what there was before there was one
    std::vector<feed_entry> entries{};
    std::optional<std::int64_t> next{}; // before this id it goes on
};

// Reads what a feed tells. An error of kind not_found: no such tracker.
result<feed> find_feed(storage::reader const& in, lore const& known, feed_request asked);

// As Atom (RFC 4287), in parts that are linked to each other (RFC 5005, 3). The id of an entry is its hash:
// it is the same in every feed, for ever.
std::string atom_of(feed const& what);

// Text as XML can have it: characters that it cannot have, and bytes that are no UTF-8, become U+FFFD.
std::string xml_text(std::string_view text);

} // namespace checkwatches::serve
