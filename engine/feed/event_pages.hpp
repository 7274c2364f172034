#pragma once

#include "engine/feed/event.hpp"
#include "storage/reader.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace checkwatches::feed {

// Where people look at a bug, by the kind and the address of its tracker and its id there; of an act that is
// of no bug the id is empty. Called on the reader's thread.
using address_of = std::function<std::string(
    std::string const& kind, std::string const& base_url, std::string const& remote_id)>;

// The events behind this id, at most so many, in the order of their ids, each with what is known of its bug
// now.
std::vector<event> read_events(
    storage::reader const& in,
    event_kind what,
    std::int64_t after,
    std::int64_t most,
    address_of const& url_of);

// The event with this id; nothing where there is none any more.
std::optional<event>
read_event(storage::reader const& in, event_kind what, std::int64_t id, address_of const& url_of);

} // namespace checkwatches::feed
