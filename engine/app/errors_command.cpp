#include "engine/app/commands.hpp"
#include "engine/app/find_tracker.hpp"
#include "engine/app/spans.hpp"
#include "engine/app/table.hpp"
#include "engine/serve/api/json_of.hpp"

#include <boost/json/serialize.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace checkwatches::app {
namespace {

std::vector<std::string> row_of(storage::signature const& s, utc_time now)
{
    return {
        fmt::format("{}", s.bugs),
        fmt::format("{}", s.times),
        s.tracker,
        std::string{word(s.how)},
        age_of(s.first_seen, now),
        age_of(s.last_seen, now),
        s.ended_at ? age_of(s.ended_at, now) : "-",
        s.message};
}

} // namespace

exit_code run_errors(global_options const& global, config const&, errors_options const& options)
{
    auto const reader = storage::reader::open(global.database);
    if (!reader)
        return fail(reader.error());
    if (auto const known = check_names(**reader, options.trackers); !known)
        return fail(known.error());

    auto const now = utc_now();
    table shown{{"BUGS", "TIMES", "TRACKER", "OUTCOME", "FIRST", "LAST", "ENDED", "MESSAGE"}};
    for (auto const& one :
         (*reader)->signatures({.with_ended = options.all}, std::numeric_limits<std::int64_t>::max())) {
        bool const wanted = options.trackers.empty()
                            || std::ranges::find(options.trackers, one.tracker) != options.trackers.end();
        if (wanted && options.json)
            fmt::print("{}\n", boost::json::serialize(serve::json_of(one)));
        else if (wanted)
            shown.add(row_of(one, now));
    }
    if (options.json)
        return exit_code::done;
    if (shown.empty())
        fmt::print("No check fails{}.\n", options.all ? " or ever did" : " now; --all shows what has ended");
    else
        fmt::print("{}", shown.text(terminal_width()));
    return exit_code::done;
}

} // namespace checkwatches::app
