#include "engine/serve/metrics/scrape.hpp"

#include "engine/serve/metrics/open_metrics.hpp"

#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <algorithm>
#include <iterator>
#include <map>

namespace checkwatches::serve {
namespace {

using prometheus::Gauge;

double seconds_between(utc_time from, utc_time to)
{
    return std::max(0.0, std::chrono::duration<double>{to - from}.count());
}

// The gauges of one moment: what is not set does not come.
class board {
public:
    prometheus::Family<Gauge>& of(char const* name, char const* help)
    {
        return prometheus::BuildGauge().Name(name).Help(help).Register(registry_);
    }
    void set(char const* name, char const* help, double value) { of(name, help).Add({}).Set(value); }
    void set(char const* name, char const* help, std::size_t value)
    {
        set(name, help, static_cast<double>(value));
    }
    std::vector<prometheus::MetricFamily> collect() const { return registry_.Collect(); }

private:
    prometheus::Registry registry_;
};

void set_engine(board& on, meter_snapshot const& s)
{
    on.set("checkwatches_bugs", "Bugs that are watched.", s.bugs);
    on.set("checkwatches_due_bugs", "Bugs whose next check has come.", s.due);
    on.set(
        "checkwatches_oldest_overdue_seconds",
        "Age of the oldest overdue check; 0 where none is.",
        s.oldest_due ? seconds_between(*s.oldest_due, s.now) : 0.0);
    on.set("checkwatches_in_flight_bugs", "Bugs that are being asked for.", s.in_flight);
    on.set(
        "checkwatches_deferred_bugs",
        "Due bugs whose tracker is paused, has failed, or waits for its budget.",
        s.deferred);
    on.set("checkwatches_trackers", "Trackers that are known.", s.trackers);
    on.set("checkwatches_active_trackers", "Trackers that are being asked.", s.active_trackers);
    on.set("checkwatches_open_breakers", "Trackers and hosts that are left alone.", s.breakers_open);
    on.set("checkwatches_offline", "1 while we are offline ourselves.", s.offline ? 1.0 : 0.0);
    on.set("checkwatches_event_streams", "Open event streams.", s.event_streams);
}

void set_writer(board& on, meter_snapshot const& s)
{
    on.set("checkwatches_writer_pending", "Writes that wait for the database.", s.writer_pending);
    on.set(
        "checkwatches_writer_stuck_seconds",
        "Since when the database takes nothing; 0 where it does.",
        s.writer_stuck_since ? seconds_between(*s.writer_stuck_since, s.now) : 0.0);
    if (s.committed_at)
        on.set(
            "checkwatches_last_commit_age_seconds",
            "Age of the last commit.",
            seconds_between(*s.committed_at, s.now));
}

void set_sinks(board& on, meter_snapshot const& s)
{
    if (s.sinks.empty())
        return;
    auto& behind = on.of("checkwatches_sink_behind_changes", "Changes that the sink has not confirmed yet.");
    auto& lag = on.of(
        "checkwatches_sink_lag_seconds",
        "Age of the oldest change that the sink has not confirmed; 0 where it has all.");
    auto& failing = on.of(
        "checkwatches_sink_failing_seconds", "Since when the sink fails; 0 where it does not.");
    auto& parked = on.of("checkwatches_sink_parked_events", "Events that the sink did not take.");
    auto& delivered = on.of("checkwatches_sink_delivered_events", "Events that the sink was ever sent.");
    for (auto const& one : s.sinks) {
        prometheus::Labels const labels{{"sink", one.stands.name}};
        behind.Add(labels).Set(static_cast<double>(one.behind));
        lag.Add(labels).Set(one.oldest ? seconds_between(*one.oldest, s.now) : 0.0);
        failing.Add(labels).Set(
            one.stands.failing_since ? seconds_between(*one.stands.failing_since, s.now) : 0.0);
        parked.Add(labels).Set(static_cast<double>(one.parked_count));
        delivered.Add(labels).Set(static_cast<double>(one.stands.delivered));
    }
}

void set_process(board& on, meter_snapshot const& s)
{
    on.of("checkwatches_build_info", "The program.").Add({{"version", s.version}}).Set(1);
    on.set("process_open_fds", "Open file descriptors.", s.descriptors);
    on.set("process_max_fds", "Most descriptors that may be open.", s.most_descriptors);
    on.set("process_resident_memory_bytes", "Resident memory.", static_cast<double>(s.resident_bytes));
    on.set(
        "process_start_time_seconds",
        "When the process started, since the epoch.",
        seconds_between(utc_time{}, s.started_at));
}

// Trackers that share a label are counted together.
struct tracker_sum {
    std::int64_t bugs = 0;
    std::int64_t failing = 0;
    std::int64_t never_checked = 0;
    std::int64_t due = 0;
    std::optional<utc_time> oldest_due{};
    std::optional<utc_time> last_seen{};

    void add(storage::tracker_counts const& one)
    {
        bugs += one.bugs;
        failing += one.failing;
        never_checked += one.never_checked;
        due += one.due;
        if (one.oldest_due)
            oldest_due = std::min(oldest_due.value_or(*one.oldest_due), *one.oldest_due);
        if (one.last_seen)
            last_seen = std::max(last_seen.value_or(*one.last_seen), *one.last_seen);
    }
};

void set_census(board& on, meters& counted, census::count const& all, utc_time now)
{
    std::map<std::string, tracker_sum> sums;
    for (auto const& one : all.trackers) {
        auto const name = all.names.find(one.id);
        auto const label = name == all.names.end() ? bounded_names::other : counted.label_of(name->second);
        sums[std::string{label}].add(one);
    }
    auto& bugs = on.of("checkwatches_tracker_bugs", "Bugs of the tracker that are watched.");
    auto& failing = on.of(
        "checkwatches_tracker_failing_bugs", "Bugs of the tracker whose last check failed.");
    auto& unchecked = on.of(
        "checkwatches_tracker_never_checked_bugs", "Bugs of the tracker that were never checked.");
    auto& due = on.of("checkwatches_tracker_due_bugs", "Bugs of the tracker whose next check has come.");
    auto& overdue = on.of(
        "checkwatches_tracker_oldest_overdue_seconds",
        "Age of the tracker's oldest overdue check; 0 where none is.");
    auto& seen = on.of(
        "checkwatches_tracker_success_age_seconds", "Age of the tracker's last successful check.");
    for (auto const& [label, sum] : sums) {
        prometheus::Labels const labels{{"tracker", label}};
        bugs.Add(labels).Set(static_cast<double>(sum.bugs));
        failing.Add(labels).Set(static_cast<double>(sum.failing));
        unchecked.Add(labels).Set(static_cast<double>(sum.never_checked));
        due.Add(labels).Set(static_cast<double>(sum.due));
        overdue.Add(labels).Set(sum.oldest_due ? seconds_between(*sum.oldest_due, now) : 0.0);
        if (sum.last_seen)
            seen.Add(labels).Set(seconds_between(*sum.last_seen, now));
    }
    on.set(
        "checkwatches_census_age_seconds",
        "Age of the count that the trackers' numbers are from.",
        seconds_between(all.at, now));
}

} // namespace

std::string scrape(meters& counted, meter_snapshot const& now)
{
    board standing;
    set_engine(standing, now);
    set_sinks(standing, now);
    set_writer(standing, now);
    set_process(standing, now);
    if (now.counted)
        set_census(standing, counted, *now.counted, now.now);
    auto all = counted.collect();
    std::ranges::move(standing.collect(), std::back_inserter(all));
    return open_metrics(std::move(all));
}

} // namespace checkwatches::serve
