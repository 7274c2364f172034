#pragma once

#include "engine/core/clock.hpp"
#include "engine/core/log.hpp"
#include "engine/intake/duplicates.hpp"
#include "engine/intake/intake.hpp"
#include "storage/background_reader.hpp"

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace checkwatches::intake {

// What a follower works with; all of it outlives the follower. It writes as `add` does from a process of its
// own, over a connection of its own, on the thread of `from`, which may wait for the database there: a reader
// that nobody else needs.
struct follower_parts {
    std::string database{}; // its path
    storage::background_reader& from;
    net::client& over;
    adapters::registry const& kinds;
    clock const& time;
    logger& log;
};

// What a round of following came to.
struct follow_report {
    bool added = false;                  // bugs that have to be asked about
    bool waits = false;                  // for the answer of a new place
    std::vector<std::string> refusals{}; // "https://…: why it cannot be watched there"
};

// Takes watches along to where their bugs moved. A bug whose tracker says that it moved is watched at the new
// place beside the old one; once the new place has answered for it, the old one is left alone.
//
// With duplicate_policy::master the master of a duplicate is watched too, for the same, by the source
// "duplicate"; so is that one's master, up to the longest chain.
//
// A place that cannot be watched is said, and tried again a day later (in this process); the watch stays
// where it is. That is a place at another host where no tracker is registered (a tracker's word must not make
// us ask strangers), one that proves to be of no such kind, and one that does not answer for the bug. Where
// it could not be told what a place is, it is tried again soon, and nothing is said.
class follower {
public:
    explicit follower(follower_parts const& parts) : parts_{parts} {}

    // Does what can be done now.
    awaitable<result<follow_report>>
    run(std::vector<credential> const& credentials,
        std::chrono::seconds capabilities_last,
        duplicate_policy duplicates);

private:
    struct move {
        storage::leading_bug what{};
        std::string url{};  // where it leads
        std::string kind{}; // of the tracker there; empty: any
        std::vector<storage::watch> watches{};
        bool is_duplicate = false; // it stays where it is, and what it leads to is watched beside it
    };
    using moves = std::vector<move>;

    awaitable<result<moves>> pending(duplicate_policy duplicates);
    awaitable<result<moves>> pending_moves();
    // Duplicates whose master is not watched yet for all that they are.
    awaitable<result<moves>> pending_duplicates();
    // Asks the trackers that these moves lead to and that are not registered what they are. Moves that cannot
    // be followed now are taken out.
    awaitable<result<newcomers>> meet_strangers(
        moves& all,
        std::string const& kind,
        std::vector<credential> const& credentials,
        std::vector<std::string>& refusals);
    awaitable<result<follow_report>>
    follow(moves all, std::string const& kind, newcomers fresh, std::chrono::seconds capabilities_last);
    // "https://…: why"; it is not tried again for a day. Of a duplicate nothing: `show` says where it leads.
    void
    refuse(std::string const& url, bool of_duplicate, std::string const& why, std::vector<std::string>& into);

    follower_parts parts_;
    // Duplicates whose master is watched for all that they are: so many watches, and what led there.
    std::map<storage::bug_id, std::pair<std::int64_t, std::string>> followed_;
    std::map<std::string, utc_time> put_off_; // addresses that are not tried again before
};

} // namespace checkwatches::intake
