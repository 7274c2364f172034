#pragma once

#include "storage/records.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace checkwatches::storage {

// Where a sink stands in what it is told: it has everything up to here, or what it has not is parked.
struct sink_record {
    std::string name{};         // unique, from the configuration
    std::string kind{};         // "webhook", "amqp", "file", "digest"
    std::int64_t changes = 0;   // the id of the last change that the other side has confirmed
    std::int64_t checks = 0;    // … and of the last check event, where it is told of checks
    std::int64_t delivered = 0; // how many it was ever sent
    std::optional<utc_time> confirmed_at{};
    std::optional<utc_time> failing_since{}; // nothing while it takes what it is sent
    std::int64_t tries = 0;                  // in a row that failed
    std::string trouble{};                   // why the last of them did

    bool operator==(sink_record const&) const = default;
};

// What a sink could not be told although it took others: put aside after some tries, to be seen and sent
// again by command.
struct parked_event {
    std::string sink{};
    bool is_check = false; // a check event; otherwise a change
    std::int64_t id{};
    utc_time at{};
    std::int64_t tries = 0; // 0: it is to be tried again
    std::string why{};
};

// One check of one bug, for programs that want every result. Kept only while a sink wants them
// (store::keep_check_events), until all that do have them.
struct check_event {
    std::int64_t id{}; // grows
    utc_time at{};
    bug_id bug{};
    outcome how{};
    std::string error{};
    bool is_duplicate = false;              // it ended like the one before, and nothing changed
    std::optional<status> state{};          // the verdict after it
    std::optional<importance> weight{};     // …
    std::optional<utc_time> last_checked{}; // the check before this one
    std::optional<utc_time> last_success{}; // this one, where it succeeded, or the last that did
};

// A check event as it is shown.
struct shown_check_event {
    check_event what{};
    std::string tracker{};
    std::string kind{};
    std::string base_url{};
    std::string remote_id{};
    std::string title{};
};

} // namespace checkwatches::storage
