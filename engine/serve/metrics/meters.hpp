#pragma once

#include "engine/core/outcome.hpp"
#include "engine/serve/metrics/bounded_names.hpp"
#include "storage/records.hpp"

#include <prometheus/histogram.h>
#include <prometheus/metric_family.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace checkwatches::serve {

// What is counted while the engine works, for /metrics. To be called on the loop's thread; each call is
// quick. All labels come from closed lists, or are bounded: trackers beyond the first `most_trackers` that it
// hears of count together as tracker="_other".
class meters {
public:
    explicit meters(std::size_t most_trackers = 200);
    ~meters();
    meters(meters const&) = delete;
    meters& operator=(meters const&) = delete;

    // A request was answered, or failed (status 0), after so long. `kind` is the tracker's.
    void on_request(
        std::string_view tracker, std::string_view kind, unsigned status, std::chrono::nanoseconds took);
    // These checks are durable.
    void on_settled(std::string_view tracker, std::vector<storage::settled_bug> const& bugs);
    void on_pass_ended(std::string_view tracker, storage::tracker_pass const& pass);
    // The loop came to something so much later than it was to.
    void on_lag(std::chrono::nanoseconds late);

    // What was counted until now.
    std::vector<prometheus::MetricFamily> collect() const;
    // The value of the label "tracker" for this tracker.
    std::string_view label_of(std::string_view tracker) { return trackers_.label_of(tracker); }

private:
    class families;
    struct of_tracker;
    of_tracker& at(std::string_view tracker);
    prometheus::Histogram& took_at(std::string_view kind);

    bounded_names trackers_;
    bounded_names kinds_;
    std::unique_ptr<families> families_;
    std::map<std::string, of_tracker, std::less<>> by_tracker_;          // by label
    std::map<std::string, prometheus::Histogram*, std::less<>> by_kind_; // by label
};

} // namespace checkwatches::serve
