#pragma once

#include "engine/serve/http/message.hpp"
#include "engine/serve/web/web_parts.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace checkwatches::serve::view {

// How many rows a page has at most.
inline constexpr std::int64_t most_rows = 50;

// What the frame of a page is made from.
struct surroundings {
    census::count const* counted;      // null before the first count
    boost::json::object const& engine; // what it says of itself (status_call); empty: it did not answer
    utc_time now;
    http_request const& rq;
    visitor const& who;
};

// All that a page is made from. It is made on the reader's thread.
struct asked : surroundings {
    storage::reader const& in;
    lore const& known;
    boost::json::object const&
        cost; // of checking what is due at the page's tracker, and its "limits"; empty: not asked
};

// What a page came to.
struct page {
    unsigned status = 200;
    std::string name{};     // of its template
    std::string title{};    // of the window, and its heading
    std::string sentence{}; // the answer, first of all
    boost::json::object model{};
    std::string live{};     // kinds of events that make it old: "change,check"
    std::string location{}; // not empty: the answer is there (303), and nothing else counts
};

page overview_page(asked const& with);
page trackers_page(asked const& with);
page tracker_page(asked const& with, storage::tracker const& tracker);
page settings_page(asked const& with, storage::tracker const& tracker);
page bugs_page(asked const& with);
page bug_page(asked const& with, storage::bug_id id);
page watches_page(asked const& with);
page changes_page(asked const& with);
page errors_page(asked const& with);
page queue_page(asked const& with);
page fixed_page(asked const& with);
page search_page(asked const& with);
page sinks_page(asked const& with);
// The address in this form is not watched, and why; with the form, as it was filled in.
page refused_watch_page(http_fields const& form, error const& why);
page login_page(surroundings const& with);
page about_page();
// Something is wrong with the request or with us: why, and where to go on from here.
page trouble_page(unsigned status, std::string title, std::string sentence);
page no_such_page(std::string what);

// The page as it is sent: in the frame, with how fresh it is. Escaped, and safe to be shown.
http_answer finished(page what, surroundings const& with);

// A whole number that is not negative from the query: nothing where it is not there; throws bad_argument for
// anything else.
std::optional<std::int64_t> number_argument(http_request const& rq, std::string_view name);
// A text of the query; nothing where it is not there.
std::optional<std::string> text_argument(http_request const& rq, std::string_view name);
// The tracker that ?tracker= names; nothing where none is; throws bad_argument where there is none such.
std::optional<storage::tracker> tracker_argument(asked const& with);

// Whether a check that was begun from this page (?started=, in milliseconds since 1970) may still be under
// way: nothing ended since, the last time being `ended`, and it was not begun long ago.
bool is_under_way(asked const& with, std::optional<utc_time> ended);

// The query says something that cannot be understood: the page is a 400 with this sentence.
struct bad_argument {
    std::string sentence{};
};

} // namespace checkwatches::serve::view
