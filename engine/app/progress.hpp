#pragma once

#include "engine/check/engine.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace checkwatches::app {

// Tells how a pass goes: on a terminal one line that is written over, elsewhere a line for each tracker when
// it is done, text or JSON.
class progress final : public check::pass_observer {
public:
    enum class manner { live, lines, json };

    progress(manner how, bool verbose) : how_{how}, verbose_{verbose} {}

    void on_plan(std::size_t trackers, std::size_t bugs) override;
    void on_batch(check::tracker_tally const& so_far) override;
    void on_tracker(check::tracker_tally const& done) override;

    // Takes the live line away.
    void finish();

private:
    void draw() const;

    manner how_;
    bool verbose_;
    std::size_t trackers_ = 0;
    std::size_t bugs_ = 0;
    std::size_t trackers_done_ = 0;
    struct counts {
        std::size_t asked = 0;
        std::size_t seen = 0;
    };
    std::map<std::string, counts> by_tracker_; // of each tracker so far
    counts total_;
};

// "bugs.example.org: 297 of 300 seen, 1 forbidden, 2 not_found; 12 changes (4 requests, 0.5 s)"
std::string line_of(check::tracker_tally const& tally);

// What a person should look at after a pass: trackers that failed and bugs whose own check failed, one line
// each. Empty where all is well.
std::string complaints_of(std::vector<check::tracker_tally> const& all);

// "300 bugs of 1 tracker: 6 requests, about 12 s", before a check.
std::string sentence_of(check::estimate const& cost);

// "1,234 bugs of 12 trackers checked: 1,230 seen, 4 failed, 100 left for later; 7 changes, 2.5 s".
std::string summary_of(std::vector<check::tracker_tally> const& all, std::chrono::milliseconds elapsed);

} // namespace checkwatches::app
