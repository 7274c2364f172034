#pragma once

#include "engine/check/desk.hpp"
#include "engine/check/policy.hpp"
#include "engine/check/timeline.hpp"
#include "storage/reader.hpp"

#include <deque>
#include <map>
#include <string>
#include <vector>

namespace checkwatches::check {

// A tracker as it stands in the store, with the appointments of its bugs.
struct tracker_file {
    storage::tracker tracker{};
    storage::tracker_state state{};
    std::vector<agenda::entry> due{}; // in the order of their numbers
};

// Reads all trackers, with the appointments of bugs that are not known yet: `known` holds each known
// tracker's highest number. Blocking; one scan of the table where nothing is known.
//
// No appointment is further away than the policy's longest: that would be a clock's fault, and the bug is
// given one within its usual interval.
std::vector<tracker_file> read_trackers(
    storage::reader const& from,
    std::map<storage::tracker_id, std::uint32_t> const& known,
    schedule_policy const& policy,
    utc_time now);

// All trackers that the engine knows, and their hosts.
class roster {
public:
    // Adds new trackers, and new bugs to known ones. Returns those that got something. `on` is the time that
    // appointments are kept by.
    std::vector<desk*> take_in(std::vector<tracker_file> files, timeline const& on);

    // Null where there is none of this name or id.
    desk* find(std::string const& name) noexcept;
    desk* find(storage::tracker_id id) noexcept;
    // In the order of their names.
    std::map<std::string, desk*> const& by_name() const noexcept { return by_name_; }
    std::map<std::string, host_desk>& hosts() noexcept { return hosts_; }
    std::map<std::string, host_desk> const& hosts() const noexcept { return hosts_; }

    // The tracker's address is another one: puts it under its host. Not while it is asked or waits.
    void rehome(desk& d);

    // The highest number of each tracker.
    std::map<storage::tracker_id, std::uint32_t> known() const;
    std::size_t bugs() const;

private:
    desk& open(tracker_file& file);
    host_desk& host_of(storage::tracker const& t);

    std::deque<desk> desks_; // never moved
    std::map<std::string, desk*> by_name_;
    std::map<storage::tracker_id, desk*> by_id_;
    std::map<std::string, host_desk> hosts_;
};

} // namespace checkwatches::check
