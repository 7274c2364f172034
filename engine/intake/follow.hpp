#pragma once

#include "engine/core/clock.hpp"
#include "engine/core/log.hpp"
#include "engine/intake/intake.hpp"
#include "storage/background_reader.hpp"

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace checkwatches::intake {

// What a follower works with. It writes as `add` does from a process of its own: over a connection of its
// own, on the reader's thread. All of it outlives the follower.
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
    bool added = false; // bugs that have to be asked about
    bool waits = false; // for the answer of a new place
};

// Takes watches along to where their bugs moved. A bug whose tracker says that it moved is watched at the new
// place beside the old one; once the new place has answered for it, the old one is left alone. A place that
// cannot be watched (no tracker that proves to be of the same kind) is said once, tried again a day later,
// and the watch stays where it is.
class follower {
public:
    explicit follower(follower_parts const& parts) : parts_{parts} {}

    // Does what can be done now.
    awaitable<result<follow_report>>
    run(std::vector<credential> const& credentials, std::chrono::seconds capabilities_last);

private:
    struct move {
        storage::moved_bug what{};
        std::vector<storage::watch> watches{};
    };
    using moves = std::vector<move>;

    awaitable<result<moves>> pending();
    // The trackers that these moves lead to and that are not registered, asked what they are.
    awaitable<result<newcomers>>
    strangers(moves const& all, std::string const& kind, std::vector<credential> const& credentials);
    awaitable<result<follow_report>>
    follow(moves all, std::string const& kind, newcomers fresh, std::chrono::seconds capabilities_last);
    void refuse(std::string const& url, std::string const& why);

    follower_parts parts_;
    std::map<std::string, utc_time> refused_; // addresses that are not tried again before
};

} // namespace checkwatches::intake
