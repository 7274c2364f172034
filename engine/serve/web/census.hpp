#pragma once

#include "engine/core/clock.hpp"
#include "engine/core/log.hpp"
#include "engine/serve/web/sink_view.hpp"
#include "storage/background_reader.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace checkwatches::serve {

// How the bugs of all trackers fare, counted every now and then: counting reads every bug, and no page waits
// for that.
class census {
public:
    // What is counted for a glance only is counted no further.
    static constexpr std::int64_t most_told = 100;

    struct count {
        utc_time at{};
        std::vector<storage::tracker_counts> trackers{}; // by tracker's name
        std::map<storage::tracker_id, std::string> names{};
        std::int64_t errors = 0;        // that go on, at most `most_told`
        std::int64_t words = 0;         // without a meaning
        std::vector<sink_view> sinks{}; // all of them, whether they are told or not
        std::int64_t fixed = 0;         // watches resolved upstream and not put away, at most `most_told`
    };

    // `in` is of the census alone, for a count takes a while; all outlive it.
    census(storage::background_reader& in, clock const& time, logger& log) : in_{in}, time_{time}, log_{log}
    {}

    // Counts for as long as it is let: again `pause` after a count, or twenty times as long as that took,
    // whichever is more.
    awaitable<void> run(std::chrono::milliseconds pause = std::chrono::seconds{10});

    // The last count; null before the first.
    std::shared_ptr<count const> last() const noexcept { return last_; }

private:
    storage::background_reader& in_;
    clock const& time_;
    logger& log_;
    std::shared_ptr<count const> last_;
};

} // namespace checkwatches::serve
