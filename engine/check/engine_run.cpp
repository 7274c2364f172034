#include "engine/check/engine_impl.hpp"

#include <algorithm>

namespace checkwatches::check {
namespace {

// Rows that are read and held at a time.
constexpr std::size_t largest_chunk = 1000;
// A tracker that failed is left alone so long, more with each failure in a row, until its breaker opens.
constexpr std::chrono::minutes shortest_hold{1};

error no_adapter(std::string const& kind)
{
    return error{.kind = error_kind::unsupported, .message = "no adapter for kind " + kind};
}

} // namespace

awaitable<void> engine::impl::run(desk& d)
{
    auto const how = settings_.pass; // a reload does not touch what is under way
    auto const* const kind = parts_.kinds.find(d.tracker.kind);
    auto to = bind_to(d.tracker.base_url, d.tracker.api_url, how.credentials);
    if (kind == nullptr || !to) {
        auto const why = kind == nullptr ? no_adapter(d.tracker.kind) : to.error();
        d.put_back_wanted();
        end_parts(d, why);
        hold(d, std::chrono::days{1}, why.message);
        co_return;
    }
    auto can = co_await parts_.reader.run(
        [of = d.tracker.id](storage::reader const& in) { return in.capabilities_of(of); });
    if (!can) {
        broken_store_ = can.error();
        co_return;
    }

    tracker_job* self = nullptr;
    job_context const shared{
        .over = parts_.network,
        .into = parts_.writer,
        .time = parts_.time,
        .how = how,
        .on_settled = [&](std::vector<storage::settled_bug> const& bugs) { on_settled(d, *self, bugs); }};
    job_subject what{.tracker = d.tracker, .settings = d.state.settings, .can = std::move(*can)};
    auto const turn = std::max<std::size_t>(what.can ? what.can->can.batch : 1, 1) * how.lanes * 4;
    tracker_job job{shared, *kind, std::move(what), std::move(*to)};
    self = &job;
    running_[&d].job = &job;
    for (;;) {
        bool const shares = !d.host->waiting.empty();
        if (!take_chunk(d, shares ? std::min(turn, largest_chunk) : largest_chunk))
            break;
        auto rows = co_await read_rows(d);
        if (!rows) {
            broken_store_ = rows.error();
            co_return;
        }
        co_await job.check(std::move(*rows));
        if (job.is_over() || !d.host->waiting.empty())
            break;
    }
    co_await job.finish();
    running_[&d].job = nullptr;
    co_await conclude(d, job);
}

bool engine::impl::take_chunk(desk& d, std::size_t most)
{
    auto const first = std::min(most, d.wanted.size());
    for (std::size_t i = 0; i != first; ++i)
        d.in_hand.emplace(d.wanted[i].number, d.wanted[i].due);
    d.wanted.erase(d.wanted.begin(), d.wanted.begin() + static_cast<std::ptrdiff_t>(first));
    if (serving_ && !d.is_held(on_.now()))
        for (auto const& e : d.due.take_due(on_.now(), most - first))
            d.in_hand.emplace(e.number, e.due);
    return !d.in_hand.empty();
}

// The rows of what is in hand, the earliest appointment first. What has no row is forgotten.
awaitable<result<std::vector<storage::bug_state>>> engine::impl::read_rows(desk& d)
{
    std::vector<storage::bug_id> ids;
    for (auto const& [number, due] : d.in_hand)
        ids.push_back(storage::make_bug_id(d.tracker.id, number));
    auto rows = co_await parts_.reader.run(
        [ids = std::move(ids)](storage::reader const& in) { return in.bugs(ids); });
    if (!rows)
        co_return rows.error();
    std::map<std::uint32_t, std::uint32_t> found;
    for (auto const& row : *rows) {
        auto const number = storage::number_of(row.id);
        found.emplace(number, d.in_hand.at(number));
    }
    d.in_hand = std::move(found);
    std::ranges::sort(*rows, {}, [&](storage::bug_state const& row) {
        return std::pair{d.in_hand.at(storage::number_of(row.id)), row.id};
    });
    co_return std::move(*rows);
}

void engine::impl::on_settled(
    desk& d, tracker_job const& job, std::vector<storage::settled_bug> const& bugs)
{
    network_moved_at_ = parts_.time.now();
    for (auto const& bug : bugs) {
        auto const number = storage::number_of(bug.after.id);
        d.in_hand.erase(number);
        d.due.add(agenda::make_entry(number, on_.of(bug.after.next_check)));
    }
    for (auto at = d.listeners.begin(); at != d.listeners.end();) {
        auto& part = *at++;
        part.settled(bugs, d.requests + job.requests());
        // While there is more to ask. At the end of the run its parts end with it: then all that it means
        // for the tracker has been done.
        if (part.is_complete() && !job.is_over() && !(d.in_hand.empty() && d.wanted.empty()))
            part.ended(std::nullopt, job.moved_to(), d.requests + job.requests());
    }
}

// What a run came to, for the tracker as a whole.
awaitable<void> engine::impl::conclude(desk& d, tracker_job const& job)
{
    auto const now = parts_.time.now();
    d.requests += job.requests();
    d.state.tried_at = now;
    if (job.seen() != 0)
        d.state.succeeded_at = now;
    if (job.broken_store()) {
        broken_store_ = job.broken_store();
        co_return;
    }
    d.held_until.reset();
    if (auto const& trouble = job.trouble())
        hold(d, trouble->retry_after.value_or(shortest_hold), to_string(*trouble));
    // What was not asked is due still. Without trouble it is another tracker's turn, and what an inquiry waits
    // for is asked when the turn comes back.
    if (job.trouble())
        d.put_back_wanted();
    d.put_back_in_hand();
    if (d.wanted.empty())
        end_parts(d, job.trouble(), job.moved_to());
    auto const kept = co_await keep_state(d);
    if (!kept)
        broken_store_ = kept.error();
}

void engine::impl::end_parts(
    desk& d, std::optional<error> const& trouble, std::optional<web_url> const& moved_to)
{
    while (!d.listeners.empty())
        d.listeners.front().ended(trouble, moved_to, d.requests);
}

void engine::impl::hold(desk& d, clock::duration span, std::string why)
{
    d.held_until = on_.now() + span;
    d.held_because = std::move(why);
}

} // namespace checkwatches::check
