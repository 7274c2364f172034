#pragma once

#include "storage/feed_records.hpp"
#include "storage/records.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace checkwatches::feed {

// What a sink is told: an entry of the log, or a check. What the log says comes with what is known of its bug
// when it is told.
struct event {
    std::string uuid{}; // uuid_of(): the same however often it is told
    std::optional<storage::shown_change> change{};
    std::optional<storage::shown_check_event> check{}; // … or this
    std::string url{}; // of the bug; of the tracker, or empty, where it is of none
    std::string title{};
    std::optional<status> state{}; // the bug's
    std::optional<importance> weight{};
    std::vector<storage::watch> watches{}; // of the bug

    std::int64_t id() const { return change ? change->what.id : check->what.id; }
    std::string const& tracker() const { return change ? change->tracker : check->tracker; }
};

enum class event_kind { change, check };

// The id of an event in the world: a UUID in the form of version 4 (RFC 9562, 5.4) that is made of the
// database's own random number and the id of the event in its log.
std::string uuid_of(std::string_view store_id, event_kind what, std::int64_t id);

// Which events a sink wants; what is empty does not restrict, several values of one kind are alternatives.
struct filter {
    std::vector<std::string> labels{};
    std::vector<std::string> owners{};
    std::vector<std::string> trackers{}; // names
    std::vector<std::string> statuses{}; // that the bug has, or the change leads to
    std::vector<std::string> importances{};
    std::vector<std::string> fields{}; // of changes: "status", "importance", …; checks pass
    bool acts = false;                 // what operators did, too

    bool wants(event const& e) const;
};

} // namespace checkwatches::feed
