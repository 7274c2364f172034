#include "engine/check/engine_impl.hpp"

#include <algorithm>

namespace checkwatches::check {

awaitable<result<void>> engine::impl::keep_state(desk& d, std::optional<storage::tracker_pass> pass)
{
    auto work = [of = d.tracker.id, state = d.state, breakers = breaker_writes(d), pass = std::move(pass)](
                    storage::store& to) {
        if (pass)
            to.add_pass(*pass);
        to.put_tracker_state(of, state);
        for (auto const& write : breakers)
            write(to);
    };
    co_return co_await parts_.writer.run(std::move(work));
}

// A host's budget is the configuration's, or the smallest that was set for one of its trackers.
void engine::impl::apply_budget(host_desk const& host)
{
    auto const found = settings_.hosts.find(host.origin);
    auto budget = found == settings_.hosts.end() ? settings_.budget : found->second;
    bool is_set = false;
    for (auto const& [name, d] : roster_.by_name()) {
        auto const& own = d->state.settings;
        if (d->host != &host)
            continue;
        if (own.connections) {
            auto const most = static_cast<std::size_t>(std::max<std::int64_t>(*own.connections, 1));
            budget.connections = is_set ? std::min(budget.connections, most) : most;
        }
        if (own.requests_per_second && *own.requests_per_second > 0)
            budget.requests_per_second = is_set && budget.requests_per_second > 0
                                             ? std::min(budget.requests_per_second, *own.requests_per_second)
                                             : *own.requests_per_second;
        is_set = is_set || own.connections || own.requests_per_second;
    }
    parts_.set_budget(host.origin, budget);
}

awaitable<result<storage::stored_capabilities>> engine::impl::probe(std::string name)
{
    auto const d = named(name);
    if (!d)
        co_return d.error();
    auto const& tracker = (*d)->tracker;
    auto const* const kind = parts_.kinds.find(tracker.kind);
    if (kind == nullptr)
        co_return error{.kind = error_kind::unsupported, .message = "no adapter for kind " + tracker.kind};
    auto to = bind_to(tracker.base_url, tracker.api_url, settings_.pass.credentials);
    if (!to)
        co_return to.error();
    bound_remote at{parts_.network, std::move(*to)};
    auto const can = co_await kind->probe(at);
    if (!can)
        co_return can.error();
    auto const now = parts_.time.now();
    storage::stored_capabilities const known{
        .can = *can, .probed_at = now, .expires_at = now + settings_.pass.capabilities_last};
    auto work = [of = tracker.id, known](storage::store& to_store) { to_store.put_capabilities(of, known); };
    auto const kept = co_await parts_.writer.run(std::move(work));
    if (!kept)
        co_return kept.error();
    (*d)->can = known;
    co_return known;
}

awaitable<result<void>> engine::impl::set_paused(std::string name, bool paused, std::string note)
{
    auto const d = named(name);
    if (!d)
        co_return d.error();
    (*d)->state.paused = paused;
    (*d)->state.note = std::move(note);
    auto const run_now = running_.find(*d);
    if (paused && run_now != running_.end() && run_now->second.job != nullptr)
        run_now->second.job->stop();
    if (!paused && !(*d)->active)
        rest(**d);
    alarm_.ring();
    co_return co_await keep_state(**d);
}

awaitable<result<void>> engine::impl::reset(std::string name)
{
    auto const d = named(name);
    if (!d)
        co_return d.error();
    (*d)->held_until.reset();
    book_success(**d);
    auto question = [of = name](storage::reader const& in) {
        std::vector<storage::bug_id> out;
        in.each_bug({.trackers = {of}}, [&](storage::shown_bug const& shown) {
            if (shown.bug.failures != 0)
                out.push_back(shown.bug.id);
        });
        return out;
    };
    auto const failing = co_await parts_.reader.run(std::move(question));
    if (!failing)
        co_return failing.error();
    auto const now = parts_.time.now();
    auto work = [bugs = *failing, now](storage::store& to) { to.make_due(bugs, now); };
    auto const kept = co_await parts_.writer.run(std::move(work));
    if (!kept)
        co_return kept.error();
    make_due(**d, *failing);
    co_return co_await keep_state(**d);
}

// These bugs of the tracker are due now, as they are in the store. Those that are being asked for are so
// again where it comes to nothing.
void engine::impl::make_due(desk& d, std::vector<storage::bug_id> const& bugs)
{
    auto const now = agenda::make_entry(0, on_.now()).due;
    std::vector<std::uint32_t> numbers;
    numbers.reserve(bugs.size());
    for (auto const id : bugs)
        numbers.push_back(storage::number_of(id));
    std::ranges::sort(numbers);
    for (auto e : d.due.take(numbers)) {
        e.due = std::min(e.due, now);
        d.due.add(e);
    }
    for (auto const number : numbers)
        if (auto const held = d.in_hand.find(number); held != d.in_hand.end())
            held->second = std::min(held->second, now);
    if (!d.active)
        rest(d);
    alarm_.ring();
}

awaitable<result<storage::tracker_settings>>
engine::impl::configure(std::string name, std::function<void(storage::tracker_settings&)> change)
{
    auto const d = named(name);
    if (!d)
        co_return d.error();
    change((*d)->state.settings);
    auto became = (*d)->state.settings;
    apply_budget(*(*d)->host);
    auto const kept = co_await keep_state(**d);
    if (!kept)
        co_return kept.error();
    co_return became;
}

void engine::impl::reload(engine_settings settings)
{
    settings_ = std::move(settings);
    configured_ = settings_.pass.meanings;
    apply_meanings();
    network_.set(settings_.offline);
    for (auto const& [name, d] : roster_.by_name())
        if (d->has_own_budget())
            apply_budget(*d->host);
    alarm_.ring();
}

engine_status engine::impl::status() const
{
    engine_status out{.started_at = started_at_, .passes = passes_, .writer = parts_.writer.health()};
    auto const now = on_.now();
    for (auto const& [name, d] : roster_.by_name()) {
        ++out.trackers;
        auto const due_here = d->due.count_due(now);
        out.in_flight += d->in_hand.size();
        out.due += due_here + d->wanted.size() + d->in_hand.size();
        bool const is_closed = d->closed_until(now).has_value();
        out.waiting_trackers += d->waiting || (is_closed && due_here != 0) ? 1 : 0;
        out.deferred += d->waiting || is_closed || d->state.paused ? due_here : 0;
        out.breakers_open += d->guard.is_closed() ? 0 : 1;
        if (auto const first = d->due.earliest(); first && *first <= now && *first != utc_time{})
            out.oldest_due = std::min(out.oldest_due.value_or(*first), *first);
    }
    for (auto const& [origin, host] : roster_.hosts())
        out.breakers_open += host.guard.is_closed() ? 0 : 1;
    out.active_trackers = turns_.active();
    out.offline = network_.offline();
    out.bugs = roster_.bugs();
    out.scheduler_moved_at = scheduler_moved_at_;
    out.writer_moved_at = out.writer.pending == 0 ? parts_.time.now()
                                                  : out.writer.committed_at.value_or(started_at_);
    out.network_moved_at = turns_.active() == 0 ? parts_.time.now() : network_moved_at_;
    return out;
}

} // namespace checkwatches::check
