#pragma once

#include "storage/watch_list_records.hpp"

#include <boost/json/object.hpp>

namespace checkwatches::serve {

// A watch list as API and commands show it: {"name","path","state","trouble","line","column","hash",
// "read_at","applied_at","watched","waiting","bad"}; `trouble` and its place are null where there is none.
boost::json::object json_of(storage::watch_list_record const& list);
// An entry of one: {"line","column","state","reason","url","tracker","bug","label","owner","relation","note",
// "bug_id"}.
boost::json::object json_of(storage::list_entry const& entry);

} // namespace checkwatches::serve
