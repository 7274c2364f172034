#include "engine/app/commands.hpp"
#include "engine/app/table.hpp"
#include "engine/serve/api/json_of.hpp"

#include <boost/json/serialize.hpp>

#include <fmt/format.h>

namespace checkwatches::app {
namespace {

std::vector<std::string> row_of(serve::tracker_view const& view)
{
    auto const& can = view.can;
    return {
        view.row.name,
        view.row.kind,
        std::string{serve::state_word(view)},
        fmt::format("{}", view.counts.bugs),
        fmt::format("{}", view.counts.due),
        fmt::format("{}", view.counts.failing),
        can ? can->can.protocol : "?",
        can ? can->can.version : "",
        can && !can->can.identity.empty() ? can->can.identity : "anonymous",
        view.row.base_url};
}

} // namespace

exit_code run_tracker_list(global_options const& global, config const&, tracker_list_options const& options)
{
    auto const reader = storage::reader::open(global.database);
    if (!reader)
        return fail(reader.error());
    table shown{{"NAME", "KIND", "STATE", "BUGS", "DUE", "FAILING", "ASKED BY", "VERSION", "AS", "URL"}};
    for (auto const& view :
         serve::view_of(**reader, (*reader)->trackers(), (*reader)->counts(utc_now()), 0)) {
        if (options.json)
            fmt::print("{}\n", boost::json::serialize(serve::json_of_listed(view)));
        else
            shown.add(row_of(view));
    }
    if (!options.json && shown.empty())
        fmt::print("No tracker is known yet; `checkwatches add URL` learns one.\n");
    else if (!options.json)
        fmt::print("{}", shown.text(terminal_width()));
    return exit_code::done;
}

} // namespace checkwatches::app
