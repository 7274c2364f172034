#include "engine/app/commands.hpp"
#include "engine/app/find_bugs.hpp"
#include "engine/app/engine_host.hpp"
#include "engine/app/instance_lock.hpp"
#include "engine/app/json_lines.hpp"
#include "engine/app/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unistd.h>

namespace checkwatches::app {
namespace {

progress::manner manner_of(check_options const& options)
{
    if (options.json)
        return progress::manner::json;
    bool const terminal = ::isatty(STDOUT_FILENO) != 0 && ::isatty(STDERR_FILENO) != 0;
    return terminal ? progress::manner::live : progress::manner::lines;
}

void print_waiting(long holder)
{
    auto const who = holder == 0 ? std::string{} : fmt::format(" (process {})", holder);
    fmt::print(stderr, "checkwatches: another pass is running{}; waiting for it\n", who);
}

} // namespace

exit_code run_check(global_options const& global, config const& conf, check_options const& options)
{
    adapters::registry const kinds;
    auto const reader = storage::reader::open(global.database);
    if (!reader)
        return fail(reader.error());
    auto const lock = instance_lock::take(global.database, print_waiting);
    if (!lock)
        return fail(lock.error());
    auto bugs = find_bugs(**reader, kinds, options.urls);
    if (!bugs)
        return fail(bugs.error());
    silent_logger quiet;
    auto const host = engine_host::open(global.database, conf, storage::patience::none, quiet);
    if (!host)
        return fail(host.error());

    progress shown{manner_of(options), global.verbose};
    check::pass_request wanted{.trackers = options.trackers, .bugs = std::move(*bugs), .force = options.force};
    auto const done = (*host)->run((*host)->engine().check(std::move(wanted), shown));
    shown.finish();
    if (!done)
        return fail(done.error());

    auto const& trackers = done->trackers;
    fmt::print(
        "{}\n", options.json ? json_of_pass(trackers, done->elapsed) : summary_of(trackers, done->elapsed));
    std::fflush(stdout);
    fmt::print(stderr, "{}", complaints_of(trackers));
    bool const failed = std::ranges::any_of(trackers, [](auto const& tally) { return tally.has_failures(); });
    return failed ? exit_code::some_failed : exit_code::done;
}

} // namespace checkwatches::app
