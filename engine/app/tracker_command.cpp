#include "engine/app/commands.hpp"
#include "engine/app/json_lines.hpp"
#include "engine/app/run_once.hpp"
#include "engine/app/table.hpp"
#include "engine/intake/intake.hpp"

#include <fmt/format.h>

namespace checkwatches::app {
exit_code
run_tracker_add(global_options const& global, config const& conf, tracker_add_options const& options)
{
    adapters::registry const kinds;
    auto store = storage::store::open(global.database);
    if (!store)
        return fail(store.error());
    auto const reader = storage::reader::open(global.database);
    if (!reader)
        return fail(reader.error());
    auto const made = run_once(conf, [&](net::client& over) -> awaitable<result<storage::tracker>> {
        intake::intake_settings const settings{
            .probe = options.probe,
            .credentials = conf.pass.credentials,
            .capabilities_last = conf.pass.capabilities_last};
        intake::intake into{**reader, **store, kinds, over, settings};
        auto one = co_await into.add_tracker(options.kind, options.url, options.api, options.name);
        co_return one;
    });
    if (!made)
        return fail(made.error());
    fmt::print("registered {} tracker {} at {}\n", made->kind, made->name, made->base_url);
    return exit_code::done;
}

exit_code run_tracker_list(global_options const& global, config const&, tracker_list_options const& options)
{
    auto const reader = storage::reader::open(global.database);
    if (!reader)
        return fail(reader.error());
    table shown{{"NAME", "KIND", "ASKED BY", "VERSION", "AS", "URL"}};
    for (auto const& tracker : (*reader)->trackers()) {
        auto const can = (*reader)->capabilities_of(tracker.id);
        if (options.json) {
            fmt::print("{}\n", json_of(tracker, can));
            continue;
        }
        shown.add(
            {tracker.name,
             tracker.kind,
             can ? can->can.protocol : "?",
             can ? can->can.version : "",
             can && !can->can.identity.empty() ? can->can.identity : "anonymous",
             tracker.base_url});
    }
    if (!options.json && shown.empty())
        fmt::print("No tracker is known yet; `checkwatches add URL` learns one.\n");
    else if (!options.json)
        fmt::print("{}", shown.text(terminal_width()));
    return exit_code::done;
}

} // namespace checkwatches::app
