#include "engine/app/resident.hpp"

#include "engine/app/web_config.hpp"
#include "engine/core/join.hpp"
#include "engine/core/numbers.hpp"
#include "engine/serve/control_address.hpp"
#include "engine/serve/heartbeat.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <unistd.h>

namespace checkwatches::app {
namespace {

constexpr std::chrono::minutes additions_every{1};
constexpr std::chrono::minutes moves_every{1};
constexpr std::chrono::minutes rechecks_every{1}; // looked for what is due, and for changed signatures
constexpr std::chrono::seconds rechecks_soonest{1};
constexpr std::chrono::seconds answers_every{5}; // of the place that a bug moved to
// Beyond the engine's own bound: clients take their last answers then.
constexpr std::chrono::seconds linger_beyond_drain{5};

serve::control_settings control_settings_of(global_options const& global, config const& conf)
{
    return {.path = serve::control_path(global.database), .linger = conf.engine.drain + linger_beyond_drain};
}

} // namespace

resident::resident(
    global_options const& global, config conf, engine_host& host, web_news& news, service_log& log)
    : global_{global},
      conf_{std::move(conf)},
      host_{host},
      news_{news},
      log_{log},
      service_{host},
      server_{host.loop().get_executor(), control_settings_of(global, conf_), service_, log},
      manager_{host.loop().get_executor()},
      signals_{host.loop(), SIGTERM, SIGINT, SIGHUP},
      list_alarm_{host.time()}
{}

resident::~resident()
{
    news_.connect(nullptr);
}

result<void> resident::run()
{
    return run_loop(host_.loop(), live(), on_signal::ignore);
}

awaitable<result<void>> resident::live()
{
    return beside(watch_signals(), begin());
}

awaitable<result<void>> resident::begin()
{
    auto const now = host_.time().now();
    log_.write(
        log_level::info, "starting", {{"version", CHECKWATCHES_VERSION}, {"database", global_.database}});
    auto const begin_record = [now](storage::store& to) {
        to.begin_engine({.pid = ::getpid(), .version = CHECKWATCHES_VERSION, .started_at = now});
    };
    auto const begun = co_await record(begin_record);
    if (!begun)
        co_return begun;
    // Counted before the engine reads, so that nothing is added unseen in between.
    auto const additions = co_await count_additions();
    if (!additions)
        co_return additions.error();
    additions_ = *additions;
    auto const loaded = co_await host_.engine().load();
    if (!loaded)
        co_return loaded;
    auto const fed = co_await begin_feed();
    if (!fed)
        co_return fed;
    if (auto const listening = server_.listen(); !listening)
        co_return listening;
    if (auto const listening = begin_web(); !listening)
        co_return listening;
    auto const done = co_await beside(helpers(), work());
    auto const end = host_.time().now();
    auto const end_record = [end](storage::store& to) { to.end_engine(end); };
    auto const ended = co_await record(end_record);
    log_.write(log_level::info, "stopped", {});
    if (!done)
        co_return done;
    co_return ended;
}

awaitable<result<void>> resident::begin_feed()
{
    auto made = feed_host::open(host_, conf_, log_);
    if (!made)
        co_return made.error();
    sinks_ = std::move(*made);
    news_.connect(&sinks_->courier());
    service_.connect(sinks_->courier());
    co_await sinks_->courier().prepare();
    co_await sinks_->digests().prepare();
    co_return result<void>{};
}

result<void> resident::begin_web()
{
    if (conf_.web.listen.empty())
        return {};
    auto made = web_host::open(
        conf_.web, conf_.engine.drain + linger_beyond_drain, host_, service_, news_, log_);
    if (!made)
        return made.error();
    web_ = std::move(*made);
    return web_->listen();
}

awaitable<result<void>> resident::record(std::function<void(storage::store&)> write)
{
    return host_.writer().run(std::move(write));
}

awaitable<result<void>> resident::work()
{
    manager_.ready(summary());
    log_.write(log_level::info, "ready", {{"socket", serve::control_path(global_.database)}});
    result<void> done;
    std::vector<awaitable<void>> all;
    all.push_back(serve_engine(done));
    all.push_back(server_.run());
    all.push_back(sinks_->courier().run());
    all.push_back(sinks_->digests().run());
    if (web_) {
        for (auto const& place : web_->addresses())
            log_.write(log_level::info, "pages and API", {{"at", "http://" + place + "/"}});
        all.push_back(web_->run());
    }
    co_await join(std::move(all));
    co_return done;
}

awaitable<void> resident::serve_engine(result<void>& done)
{
    // However it ends, nobody can be served any more.
    struct closer {
        resident& program;
        ~closer() { program.close(); }
    } const last{*this};
    if (!stopping_)
        done = co_await host_.engine().serve();
}

awaitable<void> resident::helpers()
{
    std::vector<awaitable<void>> all;
    all.push_back(feed_watchdog());
    all.push_back(beat());
    all.push_back(look_for_additions());
    all.push_back(follow_moved_bugs());
    all.push_back(keep_lists());
    all.push_back(watch_list_folder());
    all.push_back(meet_waiting());
    all.push_back(read_rechecks());
    co_await join(std::move(all));
}

awaitable<void> resident::watch_signals()
{
    for (;;) {
        auto const signal = co_await signals_.async_wait(use_awaitable);
        if (signal == SIGHUP)
            reload();
        else if (stopping_)
            stop_at_once(signal);
        else
            stop(signal);
    }
}

void resident::reload()
{
    manager_.reloading();
    auto fresh = load_config(global_.config_file);
    if (fresh) {
        // Where it listens stays as it was at the start, when the command line may have said it.
        if (auto web = still_listening(fresh->web, conf_.web.listen))
            fresh->web = std::move(*web);
        else
            fresh = web.error();
    }
    if (fresh) {
        conf_ = std::move(*fresh);
        host_.reload(conf_);
        sinks_->reload(conf_);
        list_alarm_.ring();
        if (web_)
            web_->reload(conf_.web);
        log_.change(conf_.log);
        log_.write(log_level::notice, "configuration read again", {{"network_settings", "as at the start"}});
    }
    else {
        log_.write(
            log_level::error,
            "the new configuration is wrong, the old one stays",
            {{"why", fresh.error().message}});
    }
    manager_.ready(summary());
}

void resident::stop(int signal)
{
    stopping_ = true;
    log_.write(log_level::info, "stopping", {{"signal", signal}});
    manager_.stopping("finishing what is under way");
    close();
    host_.engine().stop();
}

void resident::close()
{
    server_.stop();
    sinks_->courier().close();
    sinks_->digests().close();
    if (web_)
        web_->stop();
}

// What is committed is safe, and nothing else is waited for.
void resident::stop_at_once(int signal)
{
    log_.write(log_level::warning, "stopping at once", {{"signal", signal}});
    signals_.clear();
    std::signal(signal, SIG_DFL);
    std::raise(signal);
}

awaitable<void> resident::feed_watchdog()
{
    auto const interval = manager_.watchdog_interval();
    if (!interval)
        co_return;
    serve::progress_watch watch{*interval};
    bool moved = true;
    for (;;) {
        auto seen = movement();
        // A writer that waits for its database holds results that would have to be asked for again: status
        // and heartbeat tell, but nobody is killed for it.
        if (host_.writer().health().stuck_since)
            seen.writer = host_.time().now();
        bool const moves = watch.all_move(seen, host_.time().up());
        if (moves)
            manager_.alive();
        else if (moved)
            log_.write(log_level::error, "the engine stands still; the service manager will end it", {});
        moved = moves;
        manager_.status(summary());
        co_await host_.time().sleep(*interval / 4);
    }
}

awaitable<void> resident::beat()
{
    if (!conf_.heartbeat)
        co_return;
    serve::heartbeat heart{host_.network(), host_.time(), log_, *conf_.heartbeat};
    auto const look = [this] { return movement(); };
    co_await heart.run(look);
}

awaitable<result<std::int64_t>> resident::count_additions()
{
    return host_.reader().run([](storage::reader const& in) { return in.additions(); });
}

// Programs that add bugs say so over the socket; this finds what was added while nobody listened.
awaitable<void> resident::look_for_additions()
{
    for (;;) {
        auto const count = co_await count_additions();
        if (count && *count != additions_) {
            auto const found = co_await host_.engine().refresh();
            if (found)
                additions_ = *count;
            else
                log_.write(
                    log_level::error, "cannot look for additions", {{"why", to_string(found.error())}});
        }
        co_await host_.time().sleep(additions_every);
    }
}

awaitable<void> resident::follow_moved_bugs()
{
    for (;;) {
        auto const followed = co_await host_.follow_moves();
        if (!followed)
            log_.write(log_level::error, "cannot follow moved bugs", {{"why", to_string(followed.error())}});
        clock::duration pause = moves_every;
        if (followed && followed->waits)
            pause = answers_every;
        co_await host_.time().sleep(pause);
    }
}

awaitable<void> resident::read_rechecks()
{
    for (;;) {
        auto const done = co_await host_.read_rechecks();
        clock::duration pause = rechecks_every;
        if (!done)
            log_.write(log_level::error, "rechecks cannot be kept", {{"why", to_string(done.error())}});
        else if (done->next)
            pause = std::clamp<clock::duration>(
                *done->next - host_.time().now(), rechecks_soonest, rechecks_every);
        co_await host_.time().sleep(pause);
    }
}

serve::movement resident::movement() const
{
    auto const status = host_.engine().status();
    return {
        .scheduler = status.scheduler_moved_at,
        .writer = status.writer_moved_at,
        .network = status.network_moved_at};
}

std::string resident::summary() const
{
    auto const status = host_.engine().status();
    return fmt::format(
        "{} of {}, {} in flight",
        counted(status.bugs, "bug"),
        counted(status.trackers, "tracker"),
        status.in_flight);
}

} // namespace checkwatches::app
