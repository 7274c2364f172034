#pragma once

#include <cstdint>
#include <vector>

namespace checkwatches::staleness {

// Seconds since the simulation began; what was before is negative.
using moment = std::int64_t;
inline constexpr moment minute = 60;
inline constexpr moment hour = 60 * minute;
inline constexpr moment day = 24 * hour;

// How a tracker can be asked.
enum class manner {
    searched, // in batches, and for what changed since a time: Bugzilla since 3.4
    exported, // in batches: older Bugzillas
    queried,  // in batches: Trac
    single,   // one request for each bug
};

struct happening {
    moment at{};
    bool was_open{}; // before it
    bool is_open{};  // after it
};

// A bug and what becomes of it.
struct subject {
    std::int64_t id{};
    double activity{}; // q below
    moment born{};
    moment watched_from{};         // 0, or later where somebody came to watch it while the simulation ran
    std::vector<happening> life{}; // in the order of time, from its birth to the end of the world
};

struct outage {
    moment from{};
    moment to{};
};

struct site {
    manner how{};
    std::vector<subject> bugs{};
    std::vector<outage> outages{}; // in the order of time, not overlapping

    bool is_down(moment at) const;
};

// How many bugs one request of a modern client takes there: 100 is what the least of our adapters takes.
std::size_t bugs_in_request(site const& at);
std::size_t requests_for(site const& at, std::size_t bugs);

// The numbers of the law that make_world() follows.
namespace law {
inline constexpr double new_until = 7.0 * day;
inline constexpr double goes_on = 0.5; // a session, after each of its changes
inline constexpr double short_gap = 6.0 * hour;
inline constexpr double long_gap = 4.0 * day;
inline constexpr double is_short = 0.5;
inline constexpr double resolves = 0.2; // a session of an open bug
inline constexpr double reopens = 0.5;  // … of a resolved one
inline constexpr double resolved_rate = 1.0 / 30;
} // namespace law

struct world_size {
    std::size_t trackers = 200;
    std::size_t bugs = 20'000;
    int months = 6;       // of 30 days
    double joining = 0.2; // the share of the bugs that somebody comes to watch while the simulation runs
    std::uint64_t seed = 1;
};

struct world {
    moment end{};         // costs and changes count until here
    moment end_of_look{}; // looks go on until here, so that the last changes are found too
    std::vector<site> sites{};
};

// The same size makes the same world, as follows.
//
// Trackers: the r-th largest has a share of the bugs in proportion to 1/(r+1). Of them 40 % can be searched,
// 15 % are exported, 25 % queried, 20 % asked bug by bug. One fails every 45 days on average, for one hour to
// three days (log-uniform).
//
// Bugs: 1 day to 10 years old when they come to be watched (log-uniform). Most are watched from the beginning
// and due at once, which is the cheapest start for a system that keeps together what was due together; a
// share of `joining` comes one by one.
//
// Changes: an open bug has sessions of work by a Poisson process with rate q / (age + 7 d), q exponential
// with mean 1, its own for each bug. A session is a burst: a first change, and after each change another one
// with probability 1/2, half of the gaps exponential with mean 6 h, half with mean 4 d. A fifth of the
// sessions end with the bug resolved. A resolved bug has a thirtieth of its rate; half of its sessions reopen
// it.
world make_world(world_size const& size);

} // namespace checkwatches::staleness
