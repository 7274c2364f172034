#pragma once

#include "engine/serve/rechecks/book.hpp"

#include <boost/json/object.hpp>

#include <cstddef>

namespace checkwatches::serve {

// The answer in the shape of elastic-recheck's graph: now, last_indexed, behind (all milliseconds), status,
// buglist. An hour that is not known has null for its count. `most` bugs at most.
boost::json::object
graph_of(recheck_book const& book, storage::reader const& in, lore const& known, std::size_t most);

// One bug of that list, without its hours: for lists.
boost::json::object json_of(rechecked_bug const& one);

// An entry of the queue; a bug's `number` is null where people say that there is none.
boost::json::object json_of(recheck_book const& book, queued_bug const& one);

// How a source fares.
boost::json::object json_of(recheck_book const& book, storage::recheck_source const& of);

// A file of signatures that cannot be read.
boost::json::object json_of(std::string const& source, storage::recheck_signature const& bad);

} // namespace checkwatches::serve
