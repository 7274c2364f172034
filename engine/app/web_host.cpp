#include "engine/app/web_host.hpp"

#include "engine/core/join.hpp"
#include "engine/serve/api/json_of.hpp"
#include "engine/serve/metrics/loop_lag.hpp"
#include "engine/serve/metrics/process_state.hpp"

#include <boost/json/serialize.hpp>

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <algorithm>

namespace checkwatches::app {
namespace {

// What trackers, the database and the control socket are left of the descriptors.
constexpr std::size_t kept_descriptors = 512;

serve::http_settings server_settings(serve::web_settings const& web)
{
    serve::http_settings out{.listen = {}, .hosts = web.hosts};
    auto const most = serve::raise_descriptor_limit();
    auto const left = most > 2 * kept_descriptors ? most - kept_descriptors : most / 2;
    out.most_connections = std::min(out.most_connections, left);
    out.most_streams = std::min(out.most_streams, out.most_connections / 2);
    for (auto const& place : web.listen)
        out.listen.push_back(fmt::format("{}", fmt::streamed(place)));
    for (auto const& proxy : web.proxies)
        out.proxies.push_back(proxy.to_string());
    return out;
}

} // namespace

result<std::unique_ptr<web_host>> web_host::open(
    serve::web_settings settings,
    std::chrono::milliseconds linger,
    engine_host& host,
    serve::control_handler& commands,
    web_news& news,
    logger& log)
{
    auto for_pages = host.another_reader();
    if (!for_pages)
        return for_pages.error();
    auto for_census = host.another_reader();
    if (!for_census)
        return for_census.error();
    auto for_doors = host.another_reader();
    if (!for_doors)
        return for_doors.error();
    return std::unique_ptr<web_host>{new web_host{
        std::move(settings),
        linger,
        host,
        commands,
        news,
        log,
        std::move(*for_pages),
        std::move(*for_census),
        std::move(*for_doors)}};
}

web_host::web_host(
    serve::web_settings settings,
    std::chrono::milliseconds linger,
    engine_host& host,
    serve::control_handler& commands,
    web_news& news,
    logger& log,
    reader_ptr for_pages,
    reader_ptr for_census,
    reader_ptr for_doors)
    : settings_{std::move(settings)},
      linger_{linger},
      host_{host},
      news_{news},
      for_pages_{std::move(for_pages)},
      for_census_{std::move(for_census)},
      for_doors_{std::move(for_doors)},
      census_{*for_census_, host.time(), log},
      work_{host.loop().get_executor(), commands, log},
      parts_{
          .reader = *for_pages_,
          .commands = commands,
          .work = work_,
          .lore_now = [&host] { return host.lore(); },
          .counted = census_,
          .time = host.time(),
          .log = log},
      meters_{settings_.most_metric_trackers},
      events_{
          host.loop().get_executor(),
          {},
          *for_pages_,
          [&host](storage::shown_change const& c) {
              auto const url = c.what.bug ? host.lore()->url_of(c.kind, c.base_url, c.remote_id) : c.base_url;
              return boost::json::serialize(serve::json_of(c, url));
          },
          host.time(),
          log},
      doors_{*for_doors_, host.time(), settings_},
      api_{parts_, events_},
      pages_{parts_},
      site_{
          {.doors = doors_,
           .programs = api_,
           .people = pages_,
           .counted = meters_,
           .snapshot = [this] { return snapshot(); },
           .settings = settings_}},
      server_{host.loop().get_executor(), server_settings(settings_), site_, log}
{
    news_.connect(meters_, events_, host.time());
}

web_host::~web_host()
{
    news_.disconnect();
}

result<void> web_host::listen()
{
    return server_.listen();
}

awaitable<result<void>> web_host::serve_requests()
{
    co_await server_.run();
    co_await work_.all_done(linger_);
    co_return result<void>{};
}

awaitable<void> web_host::run()
{
    static_cast<void>(co_await beside(helpers(), serve_requests()));
}

awaitable<void> web_host::helpers()
{
    auto const count_lag = [this](std::chrono::nanoseconds late) { meters_.on_lag(late); };
    std::vector<awaitable<void>> all;
    all.push_back(census_.run());
    all.push_back(events_.run());
    all.push_back(serve::measure_loop_lag(host_.time(), count_lag));
    co_await join(std::move(all));
}

void web_host::stop()
{
    events_.close();
    server_.stop();
}

void web_host::reload(serve::web_settings const& settings)
{
    settings_ = settings;
}

serve::meter_snapshot web_host::snapshot() const
{
    auto const engine = host_.engine().status();
    auto const process = serve::read_process_state();
    auto const counted = census_.last();
    auto const known = host_.lore();
    std::vector<serve::sink_view> sinks;
    if (counted)
        std::ranges::copy_if(counted->sinks, std::back_inserter(sinks), [&](auto const& one) {
            return known->has_sink(one.stands.name);
        });
    return {
        .now = host_.time().now(),
        .version = CHECKWATCHES_VERSION,
        .started_at = engine.started_at,
        .bugs = engine.bugs,
        .due = engine.due,
        .oldest_due = engine.oldest_due,
        .in_flight = engine.in_flight,
        .deferred = engine.deferred,
        .trackers = engine.trackers,
        .active_trackers = engine.active_trackers,
        .breakers_open = engine.breakers_open,
        .offline = engine.offline,
        .writer_pending = engine.writer.pending,
        .writer_stuck_since = engine.writer.stuck_since,
        .writer_trouble = engine.writer.why,
        .committed_at = engine.writer.committed_at,
        .counted = counted,
        .sinks = std::move(sinks),
        .event_streams = events_.streams(),
        .descriptors = process.descriptors,
        .most_descriptors = process.most_descriptors,
        .resident_bytes = process.resident_bytes};
}

} // namespace checkwatches::app
