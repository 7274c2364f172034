#include "engine/serve/metrics/meters.hpp"

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <algorithm>

namespace checkwatches::serve {
namespace {

using prometheus::Counter;
using prometheus::Histogram;
template <class T>
using family = prometheus::Family<T>;

constexpr std::size_t most_kinds = 50; // ours, and described ones

// A change's field as a label: "other" is what this list does not know.
constexpr std::array<std::string_view, 7> fields{
    "status", "importance", "remote_status", "remote_importance", "duplicate_of", "moved_to", "other"};
std::size_t place_of(std::string_view field)
{
    auto const at = std::ranges::find(fields, field);
    return at == fields.end() ? fields.size() - 1 : static_cast<std::size_t>(at - fields.begin());
}

constexpr std::array<std::string_view, 5> classes{"2xx", "3xx", "4xx", "5xx", "failed"};
std::size_t class_of(unsigned status)
{
    return status < 200 || status > 599 ? classes.size() - 1 : status / 100 - 2;
}

double seconds_of(std::chrono::nanoseconds span)
{
    return std::chrono::duration<double>{span}.count();
}

Histogram::BucketBoundaries request_bounds()
{
    return {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60};
}
Histogram::BucketBoundaries lag_bounds()
{
    return {0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5};
}

} // namespace

class meters::families {
    prometheus::Registry registry_;

    family<Counter>& counter(char const* name, char const* help)
    {
        return prometheus::BuildCounter().Name(name).Help(help).Register(registry_);
    }
    family<Histogram>& histogram(char const* name, char const* help)
    {
        return prometheus::BuildHistogram().Name(name).Help(help).Register(registry_);
    }

public:
    family<Counter>& checks = counter("checkwatches_checks_total", "Checks of bugs that were recorded.");
    family<Counter>& changes = counter("checkwatches_changes_total", "Changes of bugs that were recorded.");
    family<Counter>& requests = counter("checkwatches_requests_total", "Requests to trackers.");
    family<Counter>& not_modified = counter(
        "checkwatches_not_modified_total", "Answers that said that nothing had changed.");
    family<Counter>& bytes = counter(
        "checkwatches_response_bytes_total", "Bytes of answers' bodies, content coding taken off.");
    family<Counter>& passes = counter("checkwatches_passes_total", "Runs at trackers that ended.");
    family<Counter>& deferrals = counter("checkwatches_deferrals_total", "Runs that a limit ended.");
    family<Counter>& troubles = counter(
        "checkwatches_troubled_passes_total", "Runs that trouble of the tracker ended.");
    family<Histogram>& took = histogram(
        "checkwatches_request_seconds", "How long requests to trackers took.");
    Histogram& lag = histogram(
                         "checkwatches_loop_lag_seconds",
                         "By how much the event loop woke late, looked at ten times a second.")
                         .Add({}, lag_bounds());

    std::vector<prometheus::MetricFamily> collect() const { return registry_.Collect(); }
};

// A tracker's counters; those with a second label are made when they are first needed.
struct meters::of_tracker {
    std::array<Counter*, all_outcomes.size()> checks{};
    std::array<Counter*, fields.size()> changes{};
    std::array<Counter*, classes.size()> requests{};
    Counter* not_modified = nullptr;
    Counter* bytes = nullptr;
    Counter* passes = nullptr;
    Counter* deferrals = nullptr;
    Counter* troubles = nullptr;
};

meters::meters(std::size_t most_trackers)
    : trackers_{most_trackers},
      kinds_{most_kinds},
      families_{std::make_unique<families>()}
{}

meters::~meters() = default;

meters::of_tracker& meters::at(std::string_view tracker)
{
    if (auto const known = by_tracker_.find(tracker); known != by_tracker_.end())
        return known->second;
    auto const label = label_of(tracker);
    if (auto const known = by_tracker_.find(label); known != by_tracker_.end())
        return known->second;
    prometheus::Labels const labels{{"tracker", std::string{label}}};
    auto& f = *families_;
    auto& made = by_tracker_[std::string{label}];
    made.not_modified = &f.not_modified.Add(labels);
    made.bytes = &f.bytes.Add(labels);
    made.passes = &f.passes.Add(labels);
    made.deferrals = &f.deferrals.Add(labels);
    made.troubles = &f.troubles.Add(labels);
    return made;
}

prometheus::Histogram& meters::took_at(std::string_view kind)
{
    auto const label = kinds_.label_of(kind);
    if (auto const known = by_kind_.find(label); known != by_kind_.end())
        return *known->second;
    auto& made = families_->took.Add({{"kind", std::string{label}}}, request_bounds());
    by_kind_.emplace(label, &made);
    return made;
}

void meters::on_request(
    std::string_view tracker, std::string_view kind, unsigned status, std::chrono::nanoseconds took)
{
    auto const place = class_of(status);
    auto*& count = at(tracker).requests[place];
    if (count == nullptr)
        count = &families_->requests.Add(
            {{"tracker", std::string{label_of(tracker)}}, {"class", std::string{classes[place]}}});
    count->Increment();
    took_at(kind).Observe(seconds_of(took));
}

void meters::on_settled(std::string_view tracker, std::vector<storage::settled_bug> const& bugs)
{
    auto& to = at(tracker);
    for (auto const& bug : bugs) {
        if (bug.after.last_outcome) {
            auto const how = *bug.after.last_outcome;
            auto*& count = to.checks[static_cast<std::size_t>(how)];
            if (count == nullptr)
                count = &families_->checks.Add(
                    {{"tracker", std::string{label_of(tracker)}}, {"outcome", std::string{word(how)}}});
            count->Increment();
        }
        for (auto const& one : bug.changes) {
            auto const place = place_of(one.field);
            auto*& count = to.changes[place];
            if (count == nullptr)
                count = &families_->changes.Add(
                    {{"tracker", std::string{label_of(tracker)}}, {"field", std::string{fields[place]}}});
            count->Increment();
        }
    }
}

void meters::on_pass_ended(std::string_view tracker, storage::tracker_pass const& pass)
{
    auto& to = at(tracker);
    to.passes->Increment();
    to.not_modified->Increment(static_cast<double>(pass.not_modified));
    to.bytes->Increment(static_cast<double>(pass.bytes));
    if (pass.deferred)
        to.deferrals->Increment();
    if (!pass.trouble.empty())
        to.troubles->Increment();
}

void meters::on_lag(std::chrono::nanoseconds late)
{
    families_->lag.Observe(seconds_of(late));
}

std::vector<prometheus::MetricFamily> meters::collect() const
{
    return families_->collect();
}

} // namespace checkwatches::serve
