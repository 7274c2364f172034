#pragma once

#include "engine/serve/pages/page.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <string_view>

namespace checkwatches::serve::view {

// One of the four states, as word and sign: {"kind","sign","word"} of the part _mark.
enum class state { fine, waiting, failing, unknown };
boost::json::object mark(state what, std::string_view word);
boost::json::object mark_of(asked const& with, storage::shown_bug const& shown);

// Where we show it: "/bugs/4294967297", "/trackers/bugs.example.org".
std::string path_of(storage::bug_id bug);
std::string path_of_tracker(std::string const& name);

// A bug as a row of the part _bugs; a change as one of the part _changes.
boost::json::object row_of(asked const& with, storage::shown_bug const& shown);
boost::json::object row_of(asked const& with, storage::shown_change const& shown);
boost::json::object row_of(asked const& with, storage::signature const& one);

// "12 bugs", "100 bugs, and more on the next page": what a table's caption says of its rows.
std::string rows_text(std::size_t rows, bool more, std::string_view one, std::string_view many = {});

// Takes the row beyond `most_rows` away, which was read to see whether there are more.
template <class Row>
bool take_more(std::vector<Row>& rows)
{
    bool const more = rows.size() > static_cast<std::size_t>(most_rows);
    if (more)
        rows.resize(static_cast<std::size_t>(most_rows));
    return more;
}

} // namespace checkwatches::serve::view
