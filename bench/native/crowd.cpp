#include "crowd.hpp"

#include "storage/store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>

using namespace checkwatches;

namespace {

// So many bugs are put down together, so that the memory which that takes is bounded.
constexpr std::size_t most_together = 1'000;
constexpr std::size_t most_in_transaction = 100'000;

storage::settled_bug make_bug(storage::bug_id bug, std::size_t i, utc_time now)
{
    storage::bug_state state{.id = bug, .remote_id = std::to_string(i + 1)};
    state.state = i % 10 == 1 ? status::fix_released : status::confirmed;
    state.last_outcome = outcome::seen;
    state.checked_at = state.seen_at = state.changed_at = state.run_began = now;
    state.run_checks = 10; // alike: one run of them
    auto const part = static_cast<std::int64_t>(i * 2'654'435'761U % 604'800U);
    state.next_check = now + std::chrono::hours{1} + std::chrono::seconds{part};
    if (i % 100 == 0) {
        state.last_outcome = outcome::timeout;
        state.error = "no answer";
    }
    return {
        .after = std::move(state),
        .changes = {{.at = now, .bug = bug, .field = "status", .after = "Confirmed"}}};
}

// One of `trackers`, with its part of the watches.
void add_tracker(storage::store& to, std::size_t t, std::size_t trackers, std::size_t watches, utc_time now)
{
    auto const name = fmt::format("t{:05}", t);
    auto const base = fmt::format("https://{}.example/", name);
    auto const row =
        to.add_tracker({.kind = "bugzilla", .name = name, .base_url = base, .created_at = now}).value();
    storage::report part{.from = row.id, .at = now};
    auto number = t * (watches / trackers); // so that the bugs of one label lie together
    for (std::size_t i = t; i < watches; i += trackers, ++number) {
        auto const bug = to.add_bug(row.id, std::to_string(i + 1), now);
        to.add_watch(bug, {.label = fmt::format("package-{}", number / 4), .source = "typed"}, now);
        part.bugs.push_back(make_bug(bug, i, now));
        if (part.bugs.size() == most_together) {
            to.apply(part);
            part.bugs.clear();
        }
    }
    to.apply(part);
}

} // namespace

void make_crowd(std::string const& database, std::size_t watches, std::size_t trackers)
{
    auto const to = storage::store::open(database).value();
    auto const now = utc_now();
    // Not all in one: a log as long as the database makes each page of it slow to find.
    auto const together = std::max<std::size_t>(most_in_transaction * trackers / watches, 1);
    for (std::size_t begin = 0; begin < trackers; begin += together)
        to->in_transaction([&] {
            for (auto t = begin; t != std::min(begin + together, trackers); ++t)
                add_tracker(*to, t, trackers, watches, now);
        });
}
