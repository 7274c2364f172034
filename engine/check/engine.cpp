#include "engine/check/engine.hpp"

#include "engine/check/engine_impl.hpp"

#include <algorithm>
#include <utility>

namespace checkwatches::check {
namespace {

// A pass counts as under way for as long as this lives.
class counted_pass {
public:
    explicit counted_pass(std::size_t& all) : all_{all} { ++all_; }
    counted_pass(counted_pass const&) = delete;
    counted_pass& operator=(counted_pass const&) = delete;
    ~counted_pass() { --all_; }

private:
    std::size_t& all_;
};

} // namespace

engine::impl::impl(engine_parts const& parts, engine_settings settings)
    : parts_{parts},
      settings_{std::move(settings)},
      configured_{settings_.pass.meanings},
      on_{parts.time},
      alarm_{parts.time},
      network_{parts.executor, parts.time, pace_, settings_.offline, hooks()},
      started_at_{parts.time.now()},
      scheduler_moved_at_{started_at_},
      network_moved_at_{started_at_},
      incident_bell_{parts.time}
{}

awaitable<result<void>> engine::impl::load()
{
    auto const told = co_await load_meanings();
    if (!told)
        co_return told;
    auto const found = co_await refresh();
    if (!found)
        co_return found;
    co_return co_await restore_health();
}

awaitable<result<void>> engine::impl::refresh(std::vector<storage::bug_id> moved)
{
    auto read = [known = roster_.known(), policy = settings_.pass.policy, now = parts_.time.now()](
                    storage::reader const& in) { return read_trackers(in, known, policy, now); };
    auto files = co_await parts_.reader.run(std::move(read));
    if (!files)
        co_return files.error();
    for (auto* const d : roster_.take_in(std::move(*files), on_)) {
        if (d->has_own_budget())
            apply_budget(*d->host);
        rest(*d);
    }
    alarm_.ring();
    if (moved.empty())
        co_return result<void>{};
    co_return co_await reschedule(std::move(moved));
}

result<desk*> engine::impl::named(std::string const& name)
{
    if (auto* const d = roster_.find(name))
        return d;
    return error{
        .kind = error_kind::usage,
        .message = "there is no tracker \"" + name + "\"; `checkwatches tracker list` names them"};
}

// The trackers that a request is about, by name.
result<std::vector<desk*>> engine::impl::chosen(pass_request const& wanted)
{
    std::vector<desk*> out;
    for (auto const& name : wanted.trackers)
        if (auto const d = named(name); !d)
            return d.error();
    auto const is_wanted = [&](std::string const& name) {
        return wanted.trackers.empty() || std::ranges::find(wanted.trackers, name) != wanted.trackers.end();
    };
    for (auto const& [name, d] : roster_.by_name())
        if (is_wanted(name))
            out.push_back(d);
    return out;
}

// The bugs of one tracker that a request is about. Those that nobody asks for yet go from the agenda to what
// is wanted.
std::vector<std::uint32_t> engine::impl::pick(desk& d, selection const& wanted)
{
    auto picked = wanted.under_way(d);
    auto const fresh = wanted.on_agenda(d);
    auto const taken = d.due.take(fresh);
    d.wanted.insert(d.wanted.end(), taken.begin(), taken.end());
    picked.insert(picked.end(), fresh.begin(), fresh.end());
    return picked;
}

awaitable<result<pass_result>> engine::impl::check(pass_request wanted, pass_observer& told)
{
    auto const desks = chosen(wanted);
    if (!desks)
        co_return desks.error();
    inquiry all{parts_.time, told};
    std::vector<desk*> asked;
    for (auto* const d : *desks) {
        auto numbers = pick(*d, selection{wanted, d->tracker.id, on_.now()});
        if (numbers.empty())
            continue;
        d->listeners.push_back(all.add_part(d->tracker, std::move(numbers), d->requests));
        asked.push_back(d);
    }
    all.begin();
    counted_pass const mine{passes_};
    for (auto* const d : asked) {
        if (stopping_)
            let_go(*d);
        else if (auto const obstacle = obstacle_of(*d, wanted.force || d->insisted)) {
            d->put_back_wanted();
            end_parts(*d, obstacle);
        }
        else {
            d->insisted = d->insisted || wanted.force;
            d->takes_along = d->takes_along || wanted.bugs.empty();
            turns_.enqueue(*d);
        }
    }
    start_what_may();
    auto done = co_await all.wait();
    if (failure_)
        std::rethrow_exception(failure_);
    if (broken_store_)
        co_return *broken_store_;
    co_return done;
}

// Why a tracker may not be asked now, though somebody wants it.
std::optional<error> engine::impl::obstacle_of(desk& d, bool force) const
{
    if (d.state.paused)
        return closed(d);
    auto const now = on_.now();
    auto const run = running_.find(&d);
    bool const goes_well = run != running_.end() && run->second.job != nullptr && !run->second.job->is_over();
    if (goes_well || !(force ? d.forbidden_until(now) : d.closed_until(now)))
        return std::nullopt;
    return closed(d);
}

engine::engine(engine_parts const& parts, engine_settings settings)
    : impl_{std::make_unique<impl>(parts, std::move(settings))}
{}
engine::~engine() = default;

awaitable<result<void>> engine::load()
{
    return impl_->load();
}
awaitable<result<void>> engine::serve()
{
    return impl_->serve();
}
void engine::stop()
{
    impl_->stop();
}
awaitable<void> engine::finish(std::chrono::milliseconds bound)
{
    return impl_->finish(bound);
}
awaitable<result<pass_result>> engine::check(pass_request wanted, pass_observer& told)
{
    return impl_->check(std::move(wanted), told);
}
awaitable<result<estimate>> engine::cost(pass_request wanted)
{
    return impl_->cost(std::move(wanted));
}
result<std::size_t> engine::count(pass_request const& wanted) const
{
    return impl_->count(wanted);
}
awaitable<result<void>> engine::refresh(std::vector<storage::bug_id> moved)
{
    return impl_->refresh(std::move(moved));
}
awaitable<result<storage::stored_capabilities>> engine::probe(std::string tracker)
{
    return impl_->probe(std::move(tracker));
}
awaitable<result<void>> engine::pause(std::string tracker, std::string note)
{
    return impl_->set_paused(std::move(tracker), true, std::move(note));
}
awaitable<result<void>> engine::resume(std::string tracker)
{
    return impl_->set_paused(std::move(tracker), false, {});
}
awaitable<result<void>> engine::reset(std::string tracker)
{
    return impl_->reset(std::move(tracker));
}
awaitable<result<storage::tracker_settings>>
engine::configure(std::string tracker, std::function<void(storage::tracker_settings&)> change)
{
    return impl_->configure(std::move(tracker), std::move(change));
}
awaitable<result<std::size_t>> engine::set_meaning(
    std::string tracker, std::string field, std::string key, std::string means, std::string actor)
{
    return impl_->set_meaning(
        std::move(tracker), std::move(field), std::move(key), std::move(means), std::move(actor));
}
void engine::reload(engine_settings settings)
{
    impl_->reload(std::move(settings));
}
engine_status engine::status() const
{
    return impl_->status();
}

} // namespace checkwatches::check
