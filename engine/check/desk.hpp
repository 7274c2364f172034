#pragma once

#include "engine/check/agenda.hpp"
#include "engine/check/breaker.hpp"
#include "engine/check/inquiry.hpp"
#include "storage/records.hpp"

#include <boost/asio/cancellation_signal.hpp>
#include <boost/unordered/unordered_flat_map.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace checkwatches::check {

struct desk;

// Bugs' numbers, and for when they were due.
using appointments = boost::unordered_flat_map<std::uint32_t, std::uint32_t>;

// What the engine holds of one host: scheme, host and port that requests go to.
struct host_desk {
    std::string origin{};
    std::size_t active = 0;           // of its trackers are being asked
    std::deque<desk*> waiting{};      // for their turn
    bool in_turn = false;             // is on the list of hosts with somebody waiting
    clock::duration per_request{500}; // between two requests of a tracker lately, on average
    breaker guard{};
    bool kept = false; // its breaker stands in the store

    void note_pace(clock::duration span) { per_request = (3 * per_request + span) / 4; }
};

// What the engine holds of one tracker.
struct desk {
    storage::tracker tracker{};
    storage::tracker_state state{};
    std::optional<storage::stored_capabilities> can{}; // as they are stored; nothing: not read, or not there
    host_desk* host = nullptr;

    agenda due{};                        // its bugs' appointments, on the timeline
    std::vector<agenda::entry> wanted{}; // to be asked first: an inquiry waits for them
    appointments in_hand{};              // being asked for
    std::uint32_t highest = 0;           // the greatest number that was ever put on the agenda
    inquiry_parts listeners{};

    breaker guard{};                      // its times are on the timeline
    bool kept = false;                    // its breaker stands in the store
    bool probes = false;                  // the run under way is the tracker's or the host's one attempt
    bool insisted = false;                // somebody wants it asked though it failed lately
    bool takes_along = false;             // what comes due next, where a request has room for it
    std::optional<utc_time> held_until{}; // for a moment, nothing is asked before; on the timeline
    std::string held_because{};
    std::size_t missing = 0;  // known bugs that were missing in runs in a row that saw none
    bool moves = false;       // its host may be another one once the run under way is over
    utc_time wakes_at{};      // its valid entry among those who sleep
    std::size_t requests = 0; // that it has ever been sent
    bool active = false;      // being asked
    bool waiting = false;     // for its turn at its host

    bool has_own_budget() const { return state.settings.connections || state.settings.requests_per_second; }
    // What was taken off the agenda comes back on it.
    void put_back_wanted();
    void put_back_in_hand();
    // Until when nothing may be asked, by the tracker's own breaker, its host's, or for a moment; nothing
    // where it may be asked.
    std::optional<utc_time> closed_until(utc_time now) const;
    // The same for somebody who insists: only times that the other side named count.
    std::optional<utc_time> forbidden_until(utc_time now) const;
};

} // namespace checkwatches::check
