#include "engine/check/engine_impl.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

namespace checkwatches::check {
namespace {

// Timers stand still while the machine is suspended, so no sleep is longer than this.
constexpr clock::duration longest_nap = std::chrono::seconds{30};

bool is_cancellation(std::exception_ptr const& failure)
{
    try {
        std::rethrow_exception(failure);
    }
    catch (boost::system::system_error const& e) {
        return e.code() == asio::error::operation_aborted;
    }
    catch (...) {
        return false;
    }
}

} // namespace

awaitable<result<void>> engine::impl::serve()
{
    serving_ = true;
    for (auto const& [name, d] : roster_.by_name())
        rest(*d);
    auto const executor = co_await asio::this_coro::executor;
    // What runs beside the dispatching ends with it.
    auto beside = asio::experimental::make_parallel_group(
        asio::co_spawn(executor, dispatch(), asio::deferred),
        asio::co_spawn(executor, network_.run(), asio::deferred),
        asio::co_spawn(executor, keep_incidents(), asio::deferred),
        asio::co_spawn(executor, look_after_store(), asio::deferred));
    auto const ended = co_await beside.async_wait(asio::experimental::wait_for_one(), use_awaitable);
    serving_ = false;
    auto const failures = std::array{
        std::get<1>(ended), std::get<2>(ended), std::get<3>(ended), std::get<4>(ended)};
    for (auto const& failure : failures)
        if (failure && !is_cancellation(failure) && !failure_)
            failure_ = failure;
    co_await finish(settings_.drain);
    if (failure_)
        std::rethrow_exception(failure_);
    if (broken_store_)
        co_return *broken_store_;
    co_return result<void>{};
}

awaitable<void> engine::impl::dispatch()
{
    while (!stopping_ && !broken_store_ && !failure_) {
        turns_.wake(on_.now());
        start_what_may();
        scheduler_moved_at_ = parts_.time.now();
        auto nap = longest_nap;
        if (auto const next = turns_.next_wake())
            nap = std::clamp(*next - on_.now(), clock::duration{1}, longest_nap);
        auto const began = parts_.time.up();
        if (auto const more = pace_.next(began); more && turns_.waiting() != 0)
            nap = std::clamp(*more, clock::duration{1}, nap);
        co_await alarm_.wait(nap);
        notice_gaps(nap, began);
        notice_writer();
    }
    // What waits for a database that takes nothing is kept for a last while, then given up with the process.
    if (stuck_ && stopping_) {
        co_await parts_.time.sleep(settings_.drain);
        parts_.writer.hurry();
    }
}

void engine::impl::stop()
{
    stopping_ = true;
    for (auto const& [d, r] : running_)
        if (r.job != nullptr)
            r.job->stop();
    // Whoever is asked lets its parts go when its run is over; nobody else will be asked any more.
    for (auto const& [name, d] : roster_.by_name())
        if (!d->active)
            let_go(*d);
    alarm_.ring();
}

void engine::impl::let_go(desk& d)
{
    d.put_back_wanted();
    if (!d.active)
        d.put_back_in_hand();
    end_parts(d, error{.kind = error_kind::deferred, .message = "the engine stops"});
}

awaitable<void> engine::impl::finish(std::chrono::milliseconds bound)
{
    stop();
    auto const until = parts_.time.up() + bound;
    while (turns_.active() != 0 && parts_.time.up() < until)
        co_await alarm_.wait(until - parts_.time.up());
    cancel_runs();
    while (turns_.active() != 0)
        co_await alarm_.wait(longest_nap);
}

void engine::impl::cancel_runs()
{
    // A run that ends leaves the map.
    std::vector<asio::cancellation_signal*> all;
    all.reserve(running_.size());
    for (auto& [d, r] : running_)
        all.push_back(&r.stop);
    for (auto* const one : all)
        one->emit(asio::cancellation_type::terminal);
}

// A tracker that is not being asked: it sleeps until there is something to ask, or waits for its turn.
void engine::impl::rest(desk& d)
{
    if (d.state.paused || stopping_)
        return;
    if (!d.wanted.empty()) {
        turns_.enqueue(d);
        return;
    }
    auto const earliest = d.due.earliest();
    if (!serving_ || !earliest)
        return;
    turns_.sleep(d, std::max(*earliest, d.closed_until(on_.now()).value_or(*earliest)));
}

void engine::impl::start_what_may()
{
    // While we are offline a few wait for the moment to try; then all come back little by little.
    auto const most = network_.offline() ? ramp::first : pace_.allowance(parts_.time.up());
    turns::limits const within{
        .most = std::min(settings_.most_trackers, most), .most_of_host = settings_.most_trackers_of_host};
    while (!stopping_ && !broken_store_ && !failure_) {
        auto* const d = turns_.next(within);
        if (d == nullptr)
            return;
        if (!d->state.paused && admit(*d)) {
            start(*d);
            continue;
        }
        turns_.ended(*d);
        d->put_back_wanted();
        end_parts(*d, closed(*d));
        rest(*d);
    }
}

void engine::impl::start(desk& d)
{
    auto& mine = running_[&d];
    asio::co_spawn(
        parts_.executor,
        run(d),
        asio::bind_cancellation_slot(
            mine.stop.slot(), [this, &d](std::exception_ptr failure) { on_run_over(d, failure); }));
}

void engine::impl::on_run_over(desk& d, std::exception_ptr failure)
{
    if (failure && !is_cancellation(failure) && !failure_)
        failure_ = failure;
    running_.erase(&d);
    turns_.ended(d);
    if (std::exchange(d.probes, false)) { // it ended without telling anything
        d.guard.told_nothing();
        d.host->guard.told_nothing();
    }
    d.insisted = d.insisted && !d.wanted.empty();
    d.takes_along = d.takes_along && !d.wanted.empty();
    if (std::exchange(d.moves, false)) {
        roster_.rehome(d);
        if (d.has_own_budget())
            apply_budget(*d.host);
    }
    if (failure || broken_store_ || stopping_)
        let_go(d);
    if (d.state.paused) {
        d.put_back_wanted();
        end_parts(d, closed(d));
    }
    if (failure_ || broken_store_) // nobody is started any more
        for (auto const& [name, other] : roster_.by_name())
            if (!other->active)
                let_go(*other);
    rest(d);
    turns_.wake(on_.now());
    start_what_may();
    alarm_.ring();
}

} // namespace checkwatches::check
