#include "storage/writer.hpp"

#include "storage/database_error.hpp"

#include <boost/asio/append.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include <exception>
#include <optional>
#include <span>
#include <utility>

namespace checkwatches::storage {
namespace {

// One caller's write, and the way back to it.
class job {
public:
    virtual ~job() = default;
    virtual void write(store& to) = 0; // once more where the first transaction failed
    virtual void fail(error why) = 0;
    virtual void resume() = 0; // on the caller's own executor
};

template <class Value, class Write, class Handler>
class job_of final : public job {
public:
    job_of(Write write, Handler handler)
        : write_{std::move(write)},
          handler_{std::move(handler)},
          home_{asio::make_work_guard(asio::get_associated_executor(handler_))}
    {}

    void write(store& to) override { answer_ = write_(to); }
    void fail(error why) override { answer_ = std::move(why); }
    void resume() override
    {
        asio::post(home_.get_executor(), asio::append(std::move(handler_), std::move(answer_)));
    }

private:
    Write write_;
    Handler handler_;
    asio::executor_work_guard<asio::associated_executor_t<Handler>> home_;
    result<Value> answer_{};
};

using jobs = std::vector<std::unique_ptr<job>>;

enum class attempt { done, worth_repeating, vain };

// One transaction for all of these. Where it fails, each of them has failed.
attempt write_together(store& to, std::span<std::unique_ptr<job> const> group)
{
    std::optional<error> failure;
    auto verdict = attempt::worth_repeating;
    try {
        to.in_transaction([&] {
            for (auto const& each : group)
                each->write(to);
        });
        return attempt::done;
    }
    catch (database_error const& failed) {
        failure = failed.why();
        if (failed.is_busy())
            verdict = attempt::vain;
    }
    catch (std::exception const& failed) {
        failure = error{.kind = error_kind::storage, .message = failed.what()};
    }
    for (auto const& each : group)
        each->fail(*failure);
    return verdict;
}

// One bad report must not take down the others.
void write_group(store& to, jobs const& group)
{
    std::span const all{group};
    if (write_together(to, all) != attempt::worth_repeating || all.size() == 1)
        return;
    for (std::size_t i = 0; i != all.size(); ++i)
        write_together(to, all.subspan(i, 1));
}

} // namespace

class writer::impl {
public:
    explicit impl(std::unique_ptr<store> s) : store_{std::move(s)} {}
    // Runs what is queued to its end.
    ~impl() { thread_.join(); }

    // Not co_spawn(thread_, ...): on Boost 1.81 a coroutine that is cancelled while it runs on another
    // executor is used after its end (chriskohlhoff/asio#1332). The job owns all that it touches, so a caller
    // that is cancelled or gone by then is no matter.
    template <class Value, class Write>
    awaitable<result<Value>> enqueue(Write write)
    {
        auto begin = [this, &write](auto handler) {
            using work = job_of<Value, Write, decltype(handler)>;
            this->push(std::make_unique<work>(std::move(write), std::move(handler)));
        };
        co_return co_await asio::async_initiate<asio::use_awaitable_t<> const, void(result<Value>)>(
            begin, use_awaitable);
    }

private:
    void push(std::unique_ptr<job> next)
    {
        asio::post(thread_, [this, next = std::move(next)]() mutable {
            pending_.push_back(std::move(next));
            // Behind all that waits already: those join the group.
            if (pending_.size() == 1)
                asio::post(thread_, [this] { flush(); });
        });
    }

    void flush()
    {
        auto const group = std::exchange(pending_, {});
        write_group(*store_, group);
        for (auto const& each : group)
            each->resume();
    }

    std::unique_ptr<store> store_;
    jobs pending_; // touched on the thread only
    asio::thread_pool thread_{1};
};

writer::writer(std::unique_ptr<store> s, patience) : impl_{std::make_unique<impl>(std::move(s))} {}
writer::~writer() = default;

awaitable<result<applied>> writer::apply(report r)
{
    auto write = [r = std::move(r)](store& to) { return to.apply(r); };
    co_return co_await impl_->enqueue<applied>(std::move(write));
}

awaitable<result<void>> writer::run(std::function<void(store&)> work)
{
    auto write = [work = std::move(work)](store& to) -> result<void> {
        work(to);
        return {};
    };
    co_return co_await impl_->enqueue<void>(std::move(write));
}

} // namespace checkwatches::storage
