#include "storage/writer.hpp"

#include "storage/thread_job.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include <algorithm>
#include <exception>
#include <iterator>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

namespace checkwatches::storage {
namespace {

using job = thread_job<store>;
using jobs = std::vector<std::unique_ptr<job>>;
using some_jobs = std::span<std::unique_ptr<job> const>;
using std::chrono::steady_clock;

// Two commits are at least this far apart, so that syncs to the disk grow with time and not with what is
// written. Who waits for a commit hardly notices.
constexpr std::chrono::milliseconds least_gap{5};

struct failure {
    error why{};
    database_error::trouble kind{};
};

// One transaction for all of these.
std::optional<failure> write_together(store& to, some_jobs group)
{
    try {
        to.in_transaction([&] {
            for (auto const& each : group)
                each->work(to);
        });
        return std::nullopt;
    }
    catch (database_error const& failed) {
        return failure{failed.why(), failed.kind()};
    }
    catch (std::exception const& failed) {
        return failure{{.kind = error_kind::storage, .message = failed.what()}, {}};
    }
}

void fail(some_jobs group, error const& why)
{
    for (auto const& each : group)
        each->fail(why);
}

} // namespace

class writer::impl {
public:
    impl(std::unique_ptr<store> s, patience with, writer_delays again)
        : store_{std::move(s)},
          patience_{with},
          delays_{again},
          delay_{again.first}
    {}
    ~impl()
    {
        hurry();
        thread_.join();
    }

    void hurry()
    {
        asio::post(thread_, [this] {
            is_closing_ = true;
            again_.cancel();
            pause_.cancel();
        });
    }

    // Wakes the thread for the first of a group only.
    void push(std::unique_ptr<job> next)
    {
        std::lock_guard const lock{guard_};
        ++health_.pending;
        incoming_.push_back(std::move(next));
        if (incoming_.size() == 1)
            asio::post(thread_, [this] { begin_group(); });
    }

    writer_health health() const
    {
        std::lock_guard const lock{guard_};
        return health_;
    }

private:
    // What comes until it is written joins the group.
    void begin_group()
    {
        if (!pending_.empty() || !has_incoming())
            return; // what came is written with what waits, or was already
        auto const earliest = wrote_at_ + least_gap;
        if (is_closing_ || earliest <= steady_clock::now()) {
            flush();
            return;
        }
        pause_.expires_at(earliest);
        pause_.async_wait([this](error_code ec) { go_on(ec); });
    }

    bool has_incoming() const
    {
        std::lock_guard const lock{guard_};
        return !incoming_.empty();
    }

    // Writes what is pending. What cannot be written now stays, in its order, and is tried again: until then
    // pending_ is not empty, and what is pushed joins it.
    void flush()
    {
        take_in();
        if (pending_.empty())
            return;
        some_jobs const all{pending_};
        std::optional<failure> waits;
        auto const settled = write(all, waits);
        note(waits);
        resume(settled);
        if (!waits)
            return;
        again_.expires_after(delay_);
        delay_ = std::min(delay_ * 2, delays_.last);
        again_.async_wait([this](error_code ec) { go_on(ec); });
    }

    // No reason to write is a wait that was cut short: pause_ is set anew by a begin_group() that was on its
    // way when the group before it was begun.
    void go_on(error_code ec)
    {
        if (!ec || is_closing_)
            flush();
    }

    void take_in()
    {
        std::lock_guard const lock{guard_};
        std::ranges::move(incoming_, std::back_inserter(pending_));
        incoming_.clear();
    }

    // Writes these, and says how many of them have their answer; the others wait for what `waits` names.
    std::size_t write(some_jobs all, std::optional<failure>& waits)
    {
        auto const failed = write_together(*store_, all);
        if (!failed) {
            wrote();
            return all.size();
        }
        if (can_wait_for(*failed)) {
            waits = failed;
            return 0;
        }
        if (failed->kind == database_error::trouble::lock_held || all.size() == 1) {
            fail(all, failed->why);
            return all.size();
        }
        return write_singly(all, waits);
    }

    // One bad report must not take down the others.
    std::size_t write_singly(some_jobs all, std::optional<failure>& waits)
    {
        for (std::size_t i = 0; i != all.size(); ++i) {
            auto const one = all.subspan(i, 1);
            auto const failed = write_together(*store_, one);
            if (!failed) {
                wrote();
                continue;
            }
            if (can_wait_for(*failed)) {
                waits = failed;
                return i;
            }
            fail(one, failed->why);
        }
        return all.size();
    }

    bool can_wait_for(failure const& what) const
    {
        return patience_ == patience::unlimited && !is_closing_
               && what.kind != database_error::trouble::lasting;
    }

    void wrote()
    {
        wrote_at_ = steady_clock::now();
        std::lock_guard const lock{guard_};
        health_.committed_at = utc_now();
    }

    // Gives the first `count` jobs their answers.
    void resume(std::size_t count)
    {
        auto const end = pending_.begin() + static_cast<std::ptrdiff_t>(count);
        jobs const settled{std::make_move_iterator(pending_.begin()), std::make_move_iterator(end)};
        pending_.erase(pending_.begin(), end);
        for (auto const& each : settled)
            each->resume();
        std::lock_guard const lock{guard_};
        health_.pending -= count;
    }

    void note(std::optional<failure> const& waits)
    {
        std::lock_guard const lock{guard_};
        if (waits) {
            health_.why = waits->why.message;
            if (!health_.stuck_since)
                health_.stuck_since = utc_now();
            return;
        }
        health_.stuck_since.reset();
        health_.why.clear();
        delay_ = delays_.first;
    }

    std::unique_ptr<store> store_;
    patience const patience_;
    writer_delays const delays_;

    // Touched on the thread only.
    std::chrono::milliseconds delay_;
    jobs pending_;
    bool is_closing_ = false;
    steady_clock::time_point wrote_at_{};

    mutable std::mutex guard_; // of these two
    writer_health health_;
    jobs incoming_; // since the last group

    asio::thread_pool thread_{1};
    // Touched on the thread only; at most one of them runs.
    asio::steady_timer again_{thread_};
    asio::steady_timer pause_{thread_};
};

writer::writer(std::unique_ptr<store> s, patience with, writer_delays again)
    : impl_{std::make_unique<impl>(std::move(s), with, again)}
{}
writer::~writer() = default;

awaitable<result<applied>> writer::apply(std::shared_ptr<report const> r)
{
    auto write = [r = std::move(r)](store& to) { return to.apply(*r); };
    auto push = [this](std::unique_ptr<job> next) { impl_->push(std::move(next)); };
    return do_on_thread<store>(std::move(write), push);
}

awaitable<result<void>> writer::run(std::function<void(store&)> work)
{
    auto push = [this](std::unique_ptr<job> next) { impl_->push(std::move(next)); };
    return do_on_thread<store>(std::move(work), push);
}

void writer::hurry()
{
    impl_->hurry();
}

writer_health writer::health() const
{
    return impl_->health();
}

} // namespace checkwatches::storage
