#pragma once

#include "engine/core/time.hpp"
#include "engine/serve/web/sink_view.hpp"
#include "engine/serve/web/tracker_view.hpp"
#include "storage/listing.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <vector>

namespace checkwatches::serve {

// What programs are told of what is stored, by the API and by `--json` alike. The names of the members are a
// contract: they may be added to, never changed. Times are RFC 3339 in UTC; what is not known is null.

template <class T, class Format>
boost::json::value or_null(std::optional<T> const& v, Format format)
{
    return v ? boost::json::value(boost::json::string{format(*v)}) : boost::json::value(nullptr);
}

template <class T>
boost::json::value or_null(std::optional<T> const& v)
{
    return v ? boost::json::value(*v) : boost::json::value(nullptr);
}

inline boost::json::value text_or_null(std::string const& text)
{
    return text.empty() ? boost::json::value(nullptr) : boost::json::value(text);
}

inline boost::json::value time_or_null(std::optional<utc_time> const& at)
{
    return or_null(at, format_time);
}

inline boost::json::array json_of(std::vector<std::string> const& texts)
{
    return boost::json::array(texts.begin(), texts.end());
}

// `url`: where people read the bug. `why`: why it is asked next when it is.
boost::json::object json_of(storage::shown_bug const& shown, std::string const& url, std::string const& why);
// `url`: where people read the bug; of an act that is of no bug its tracker's, or empty.
boost::json::object json_of(storage::shown_change const& shown, std::string const& url);
boost::json::object json_of(storage::signature const& s);
boost::json::object json_of(storage::check_run const& run);
boost::json::object json_of(storage::incident const& i);
boost::json::object json_of(storage::tracker_settings const& set);
boost::json::object json_of(storage::unmapped_entry const& entry);
boost::json::object json_of(storage::tracker_pass const& pass);
boost::json::object json_of(storage::stored_meaning const& m);
boost::json::object json_of(storage::stored_comment const& c);
boost::json::object json_of(sink_view const& view);
// Of a list: the tracker, its state and its counts.
boost::json::object json_of_listed(tracker_view const& view);
// That, and everything else.
boost::json::object json_of(tracker_view const& view);
// Null where there is none: the breaker is closed.
boost::json::value json_of(std::optional<storage::breaker_record> const& breaker);
boost::json::value json_of(std::optional<storage::stored_capabilities> const& stored);

} // namespace checkwatches::serve
