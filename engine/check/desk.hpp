#pragma once

#include "engine/check/agenda.hpp"
#include "engine/check/inquiry.hpp"
#include "storage/records.hpp"

#include <boost/asio/cancellation_signal.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace checkwatches::check {

struct desk;

// What the engine holds of one host: scheme, host and port that requests go to.
struct host_desk {
    std::string origin{};
    std::size_t active = 0;       // of its trackers are being asked
    std::deque<desk*> waiting{};  // for their turn
    bool in_turn = false;         // is on the list of hosts with somebody waiting
    clock::duration per_request{500}; // what a request took lately, on average
};

// What the engine holds of one tracker.
struct desk {
    storage::tracker tracker{};
    storage::tracker_state state{};
    host_desk* host = nullptr;

    agenda due{};                          // its bugs' appointments, on the timeline
    std::vector<agenda::entry> wanted{};   // to be asked first: an inquiry waits for them
    std::map<std::uint32_t, std::uint32_t> in_hand{}; // being asked for: number and appointment
    std::uint32_t highest = 0;             // the greatest number that was ever put on the agenda
    inquiry_parts listeners{};

    std::optional<utc_time> held_until{}; // nothing is asked before; on the timeline
    std::string held_because{};
    utc_time wakes_at{};                  // its valid entry among those who sleep
    std::size_t requests = 0;             // that it has ever been sent
    bool active = false;                  // being asked
    bool waiting = false;                 // for its turn at its host

    // What was taken off the agenda comes back on it.
    void put_back_wanted();
    void put_back_in_hand();
    bool is_held(utc_time now) const { return held_until && *held_until > now; }
};

} // namespace checkwatches::check
