#include "engine/app/commands.hpp"
#include "engine/app/spans.hpp"
#include "engine/app/table.hpp"
#include "engine/intake/lists/watch_list.hpp"
#include "engine/serve/api/json_of_lists.hpp"
#include "storage/reader.hpp"

#include <boost/json/serialize.hpp>

#include <fmt/format.h>

namespace checkwatches::app {
namespace {

constexpr std::int64_t part = 1'000; // entries that are read at a time

std::string place_of(std::int64_t line, std::int64_t column)
{
    return line == 0 ? std::string{} : fmt::format("{}:{}", line, column);
}

std::string trouble_of(storage::watch_list_record const& list)
{
    auto const place = place_of(list.line, list.column);
    return place.empty() ? list.trouble : place + ": " + list.trouble;
}

} // namespace

exit_code
run_watchlist_list(global_options const& global, config const&, watchlist_list_options const& options)
{
    auto const reader = storage::reader::open(global.database);
    if (!reader)
        return fail(reader.error());
    auto const now = utc_now();
    table shown{{"LIST", "STATE", "WATCHED", "WAITING", "BAD", "READ", "TROUBLE"}};
    for (auto const& list : (*reader)->watch_lists()) {
        if (options.json)
            fmt::print("{}\n", boost::json::serialize(serve::json_of(list)));
        else
            shown.add(
                {list.name,
                 std::string{word(list.state)},
                 fmt::format("{}", list.watched),
                 fmt::format("{}", list.waiting),
                 fmt::format("{}", list.bad),
                 age_of(list.read_at, now),
                 trouble_of(list)});
    }
    if (!options.json && shown.empty())
        fmt::print("There are no lists.\n");
    else if (!options.json)
        fmt::print("{}", shown.text(terminal_width()));
    return exit_code::done;
}

exit_code
run_watchlist_show(global_options const& global, config const&, watchlist_show_options const& options)
{
    auto const reader = storage::reader::open(global.database);
    if (!reader)
        return fail(reader.error());
    auto const list = (*reader)->watch_list_by_name(options.name);
    if (!list)
        return fail(
            {.kind = error_kind::usage,
             .message = "there is no list \"" + options.name
                        + "\"; `checkwatches watchlist list` shows those there "
                          "are"});
    if (!options.json) {
        fmt::print("{}\n", one_line(fmt::format("{}: {}, {}", list->name, word(list->state), list->path)));
        if (auto const trouble = trouble_of(*list); !trouble.empty())
            fmt::print("{}\n", one_line(trouble));
        fmt::print(
            "read {}, applied {}\n", when(list->read_at, utc_now()), when(list->applied_at, utc_now()));
    }
    table shown{{"PLACE", "STATE", "BUG", "LABEL", "OWNER", "REASON"}};
    std::int64_t after = 0;
    for (;;) {
        auto const entries = (*reader)->list_entries(options.name, options.troubled, after, part);
        for (auto const& e : entries) {
            after = e.number;
            if (options.json)
                fmt::print("{}\n", boost::json::serialize(serve::json_of(e)));
            else
                shown.add(
                    {place_of(e.line, e.column),
                     std::string{word(e.state)},
                     e.url.empty() ? e.tracker + " " + e.bug : e.url,
                     e.label,
                     e.owner,
                     e.reason});
        }
        if (static_cast<std::int64_t>(entries.size()) < part)
            break;
    }
    if (!options.json && !shown.empty())
        fmt::print("{}", shown.text(terminal_width()));
    return exit_code::done;
}

} // namespace checkwatches::app
