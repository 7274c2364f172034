#include "engine/app/commands.hpp"
#include "engine/app/engine_host.hpp"
#include "engine/app/feed_host.hpp"
#include "engine/app/find_bugs.hpp"
#include "engine/app/instance_lock.hpp"
#include "engine/app/json_lines.hpp"
#include "engine/app/known_kinds.hpp"
#include "engine/app/progress.hpp"
#include "engine/app/running_instance.hpp"
#include "engine/app/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>
#include <unistd.h>

namespace checkwatches::app {
namespace {

constexpr std::chrono::milliseconds first_wait{10};
constexpr std::chrono::milliseconds most_wait{500};
constexpr std::chrono::seconds longest_delivery{60};

progress::manner manner_of(check_options const& options)
{
    if (options.json)
        return progress::manner::json;
    bool const terminal = ::isatty(STDOUT_FILENO) != 0 && ::isatty(STDERR_FILENO) != 0;
    return terminal ? progress::manner::live : progress::manner::lines;
}

// One check, wherever it is done: by an instance that is running, or here.
class one_check {
public:
    one_check(global_options const& global, config const& conf, check_options const& options, progress& shown)
        : global_{global},
          conf_{conf},
          options_{options},
          shown_{shown}
    {}

    // Waits for the end of what another process does that is no resident instance, or not yet.
    result<check::pass_result> run()
    {
        for (auto wait = first_wait;; wait = std::min(2 * wait, most_wait)) {
            auto const lock = instance_lock::try_take(global_.database);
            if (!lock)
                return lock.error();
            if (*lock)
                return do_it_here();
            auto done = hand_over();
            if (!done)
                return done.error();
            if (*done)
                return std::move(**done);
            tell_waiting();
            std::this_thread::sleep_for(wait);
        }
    }

private:
    result<check::pass_result> do_it_here()
    {
        silent_logger silent;
        auto host = engine_host::open(global_.database, conf_, silent, storage::patience::none);
        if (!host)
            return host.error();
        print_bad_descriptions((*host)->kinds());
        auto const wanted = request();
        if (!wanted)
            return wanted.error();
        std::unique_ptr<feed_host> sinks;
        if (!names_of_sinks(conf_).empty()) {
            auto made = feed_host::open(**host, conf_, silent);
            if (!made)
                return made.error();
            sinks = std::move(*made);
        }
        return (*host)->run(check_and_tell(**host, sinks.get(), *wanted));
    }

    // What the check found goes out afterwards; what cannot waits for the next one.
    awaitable<result<check::pass_result>>
    check_and_tell(engine_host& host, feed_host* sinks, check::pass_request wanted)
    {
        if (sinks != nullptr) {
            co_await sinks->courier().prepare();
            co_await sinks->digests().prepare();
        }
        auto done = co_await check_with(host, std::move(wanted));
        if (sinks != nullptr) {
            co_await sinks->courier().run_once(longest_delivery);
            co_await sinks->digests().run_once();
            co_await complain_of_sinks(host);
        }
        co_return done;
    }

    awaitable<void> complain_of_sinks(engine_host& host)
    {
        auto question = [](storage::reader const& in) { return in.sinks(); };
        auto const all = co_await host.reader().run(std::move(question));
        if (!all)
            co_return;
        auto const served = names_of_sinks(conf_);
        for (auto const& sink : *all)
            if (sink.failing_since && std::ranges::find(served, sink.name) != served.end())
                fmt::print(
                    stderr,
                    "checkwatches: {}\n",
                    one_line(fmt::format("the sink {} fails: {}", sink.name, sink.trouble)));
    }

    awaitable<result<check::pass_result>> check_with(engine_host& host, check::pass_request wanted)
    {
        co_await take_in_lists(host);
        auto const loaded = co_await host.engine().load();
        if (!loaded)
            co_return loaded.error();
        if (must_tell_cost()) {
            auto const cost = co_await host.engine().cost(wanted);
            if (!cost)
                co_return cost.error();
            tell(*cost);
        }
        auto done = co_await host.engine().check(std::move(wanted), shown_);
        if (!done)
            co_return done;
        // The bugs at the new places are the next pass's.
        auto const followed = co_await host.follow_moves();
        if (!followed)
            fmt::print(stderr, "checkwatches: moved bugs are not followed: {}\n", followed.error().message);
        else
            for (auto const& refusal : followed->refusals)
                fmt::print(stderr, "checkwatches: moved to {}\n", one_line(refusal));
        // So are the bugs that are rechecked for by now.
        if (!options_.trackers.empty() || !options_.urls.empty())
            co_return done;
        auto const read = co_await host.read_rechecks();
        if (!read)
            fmt::print(stderr, "checkwatches: rechecks are not kept: {}\n", read.error().message);
        else
            for (auto const& failure : read->failures)
                fmt::print(stderr, "checkwatches: Gerrit {}\n", one_line(failure));
        co_return done;
    }

    // What fails there is said, and hinders no check.
    static awaitable<void> take_in_lists(engine_host& host)
    {
        auto looked = co_await host.lists().look(false, {});
        if (!looked) {
            fmt::print(stderr, "checkwatches: {}\n", one_line(looked.error().message));
            co_return;
        }
        auto const met = co_await host.lists().meet_waiting(
            host.pass().credentials, host.pass().capabilities_last);
        if (!met)
            fmt::print(stderr, "checkwatches: {}\n", one_line(met.error().message));
    }

    result<std::optional<check::pass_result>> hand_over()
    {
        running_instance const there{global_.database};
        auto const wanted = request();
        if (!wanted)
            return wanted.error();
        if (must_tell_cost()) {
            auto const cost = there.cost(*wanted);
            if (!cost)
                return cost.error();
            if (!*cost)
                return std::nullopt;
            tell(**cost);
        }
        return there.check(*wanted, shown_);
    }

    result<check::pass_request> request() const
    {
        check::pass_request wanted{.trackers = options_.trackers, .force = options_.force};
        if (options_.urls.empty())
            return wanted;
        auto const reader = storage::reader::open(global_.database);
        if (!reader)
            return reader.error();
        auto bugs = find_bugs(**reader, load_kinds(conf_).all, options_.urls);
        if (!bugs)
            return bugs.error();
        wanted.bugs = std::move(*bugs);
        return wanted;
    }

    bool must_tell_cost() const { return !told_cost_ && options_.force && !options_.trackers.empty(); }

    void tell(check::estimate const& cost)
    {
        told_cost_ = true;
        if (options_.json)
            fmt::print("{}\n", json_of(cost));
        else
            fmt::print(stderr, "checkwatches: {}\n", sentence_of(cost));
        std::fflush(stdout);
    }

    void tell_waiting()
    {
        if (std::exchange(told_waiting_, true))
            return;
        auto const holder = instance_lock::holder(global_.database);
        auto const who = holder == 0 ? std::string{} : fmt::format(" (process {})", holder);
        fmt::print(stderr, "checkwatches: another pass is running{}; waiting for it\n", who);
    }

    global_options const& global_;
    config const& conf_;
    check_options const& options_;
    progress& shown_;
    bool told_cost_ = false;
    bool told_waiting_ = false;
};

} // namespace

exit_code run_check(global_options const& global, config const& conf, check_options const& options)
{
    // A pass over nothing makes no database; a Gerrit, and watch lists, may be something.
    std::error_code ignored;
    bool const may_be_something = !conf.gerrits.empty()
                                  || (conf.lists.enabled
                                      && std::filesystem::exists(
                                          intake::lists_folder(conf.lists, global.database), ignored));
    if (!std::filesystem::exists(global.database, ignored)) {
        if (auto const reader = storage::reader::open(global.database); !may_be_something && !reader)
            return fail(reader.error());
        if (auto const made = make_folder_of(global.database); !made)
            return fail(made.error());
    }

    progress shown{manner_of(options), global.verbose};
    auto const done = one_check{global, conf, options, shown}.run();
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
