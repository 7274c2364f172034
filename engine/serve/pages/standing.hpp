#pragma once

#include "engine/serve/pages/page.hpp"

#include <boost/json/object.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace checkwatches::serve::view {

// How a tracker stands: what keeps it from being asked, if anything does.
struct standing {
    storage::tracker at{};
    storage::tracker_state state{};
    std::optional<storage::breaker_record> breaker{}; // the tracker's own, or its host's
    bool host_fails = false;                          // it is the host's
    storage::tracker_counts counts{};                 // all zero before the first count
    // What most of its bugs fail with where at least half of them do, though no breaker is open.
    std::optional<storage::signature> ails{};
    bool needs_you = false; // somebody should look at it
};

// Reads how trackers stand; the breakers once for all.
class standings {
public:
    explicit standings(asked const& with);
    standing of(storage::tracker const& tracker) const;

private:
    asked const& with_;
    std::vector<storage::breaker_record> breakers_;
    std::map<storage::tracker_id, storage::tracker_counts const*> counts_;
};

// Its state, in a word: "fine", "due", "failing", "paused", "moved", "never asked", "never answered".
boost::json::object mark_of(standing const& one);
// As a row of the part _trackers.
boost::json::object row_of(asked const& with, standing const& one);
// In words: "answers", "is paused: moving house", "does not answer in time; it is tried again in 2 h".
std::string words_of(asked const& with, standing const& one);
// What is behind them: the last failure's own text, without what the words say; empty where there is none.
std::string detail_of(standing const& one);

} // namespace checkwatches::serve::view
