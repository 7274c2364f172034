#include "engine/app/commands.hpp"
#include "engine/app/find_bugs.hpp"
#include "engine/app/instance_lock.hpp"
#include "engine/app/json_lines.hpp"
#include "engine/app/network.hpp"
#include "engine/app/progress.hpp"
#include "engine/check/pass.hpp"
#include "storage/writer.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <unistd.h>

namespace checkwatches::app {
namespace {

error interrupted()
{
    return error{.kind = error_kind::storage, .message = "interrupted; what was stored until now stays"};
}

result<std::vector<check::tracker_plan>>
plan_of(storage::reader const& in, adapters::registry const& kinds, check_options const& options)
{
    auto bugs = find_bugs(in, kinds, options.urls);
    if (!bugs)
        return bugs.error();
    check::pass_request const wanted{
        .trackers = options.trackers, .bugs = std::move(*bugs), .force = options.force};
    return check::make_plan(in, wanted, utc_now());
}

// Runs the pass on a loop of its own until it is done or a signal ends it.
result<check::pass_result> run_pass(
    config const& conf,
    std::unique_ptr<storage::store> store,
    adapters::registry const& kinds,
    std::vector<check::tracker_plan> plan,
    check::pass_observer& observer)
{
    asio::io_context loop{1};
    auto client = make_client(loop.get_executor(), conf);
    if (!client)
        return client.error();
    storage::writer writer{std::move(store)};
    check::pass pass{**client, writer, kinds, conf.pass, observer};

    result<check::pass_result> done = interrupted();
    std::exception_ptr failure;
    asio::cancellation_signal stop;
    asio::signal_set signals{loop, SIGINT, SIGTERM};
    bool stopped = false;
    signals.async_wait([&](error_code ec, int) {
        stopped = !ec;
        if (stopped)
            stop.emit(asio::cancellation_type::terminal);
    });
    asio::co_spawn(
        loop,
        pass.run(std::move(plan)),
        asio::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr e, result<check::pass_result> got) {
            failure = e;
            if (!e)
                done = std::move(got);
            signals.cancel();
            loop.stop();
        }));
    loop.run();
    if (stopped)
        return interrupted();
    if (failure)
        std::rethrow_exception(failure);
    return done;
}

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
    auto plan = plan_of(**reader, kinds, options);
    if (!plan)
        return fail(plan.error());
    auto store = storage::store::open(global.database);
    if (!store)
        return fail(store.error());

    progress shown{manner_of(options), global.verbose};
    auto const done = run_pass(conf, std::move(*store), kinds, std::move(*plan), shown);
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
