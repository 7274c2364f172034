#pragma once

#include "engine/core/error.hpp"
#include "engine/serve/http/message.hpp"
#include "engine/serve/web/census.hpp"
#include "engine/serve/web/lore.hpp"
#include "storage/reader.hpp"

#include <boost/json/object.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace checkwatches::serve {

// What GET asks the API for. Each function reads the request, strictly, and says what is to be read from the
// store for it: an answer's members, but for "at". An error of kind usage: the request is wrong; not_found:
// there is no such thing.
struct common_knowledge {
    std::shared_ptr<lore const> of_kinds;
    std::shared_ptr<census::count const> counted; // null before the first count
    utc_time now{};
};
struct ask {
    http_request const& rq;
    std::vector<std::string> const& names; // of the path: of "/trackers/{name}" the name
    common_knowledge known{};
};
using question = std::function<result<boost::json::object>(storage::reader const&)>;

result<question> ask_trackers(ask const& a);
result<question> ask_tracker(ask const& a);
result<question> ask_days(ask const& a); // of a tracker: outcomes and traffic by day
result<question> ask_bugs(ask const& a);
result<question> ask_bug(ask const& a);
result<question> ask_comments(ask const& a);
result<question> ask_checks(ask const& a);
result<question> ask_watches(ask const& a);
result<question> ask_watch_groups(ask const& a);
result<question> ask_changes(ask const& a);
result<question> ask_signatures(ask const& a);
result<question> ask_incidents(ask const& a);
result<question> ask_passes(ask const& a);
result<question> ask_queue(ask const& a);
result<question> ask_mappings(ask const& a);
result<question> ask_preview(ask const& a);
result<question> ask_fixed(ask const& a);
result<question> ask_sinks(ask const& a);

// For both files of questions.
error no_such(std::string what);
// The tracker of this name; an error of kind not_found.
result<storage::tracker> tracker_named(storage::reader const& in, std::string const& name);

// The bug that the text numbers; an error of kind usage where it is no number.
result<storage::bug_id> bug_numbered(std::string_view text);
// The bug with its tracker and labels; an error of kind not_found.
result<storage::shown_bug> shown_bug_of(storage::reader const& in, storage::bug_id id);
// The bug as an item of a list: what `show --json` says, and its number and whether it is stale.
boost::json::object
item_of(common_knowledge const& known, storage::reader const& in, storage::shown_bug const& shown);

} // namespace checkwatches::serve
