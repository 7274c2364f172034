#pragma once

#include "engine/core/async.hpp"
#include "engine/core/error.hpp"

#include <boost/asio/append.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace checkwatches::storage {

// What a caller gets of work that returns `T`: the work's own errors and those of the way to it are told
// alike.
template <class T>
struct as_result {
    using type = result<T>;
};
template <class T>
struct as_result<result<T>> {
    using type = result<T>;
};
template <class Work, class Subject>
using work_result = typename as_result<std::invoke_result_t<Work&, Subject&>>::type;

// One caller's work on a subject that lives on another thread, and the way back to the caller.
//
// Not co_spawn(thread, ...): on Boost 1.81 a coroutine that is cancelled while it runs on another executor is
// used after its end (chriskohlhoff/asio#1332). The job owns all that it touches, so a caller that is
// cancelled or gone by then is no matter.
template <class Subject>
class thread_job {
public:
    virtual ~thread_job() = default;
    virtual void work(Subject& on) = 0; // once more where what the first time did was undone
    virtual void fail(error why) = 0;   // in place of what work() answered, if it did
    virtual void resume() = 0;          // the last call: on the caller's own executor
};

template <class Subject, class Work, class Handler>
class thread_job_of final : public thread_job<Subject> {
public:
    using value = std::invoke_result_t<Work&, Subject&>;

    thread_job_of(Work work, Handler handler)
        : work_{std::move(work)},
          handler_{std::move(handler)},
          home_{asio::make_work_guard(asio::get_associated_executor(handler_))}
    {}

    void work(Subject& on) override
    {
        if constexpr (std::is_void_v<value>) {
            work_(on);
            answer_.emplace();
        }
        else
            answer_.emplace(work_(on));
    }
    void fail(error why) override { answer_.emplace(std::move(why)); }
    void resume() override
    {
        asio::post(home_.get_executor(), asio::append(std::move(handler_), std::move(*answer_)));
    }

private:
    Work work_;
    Handler handler_;
    asio::executor_work_guard<asio::associated_executor_t<Handler>> home_;
    std::optional<work_result<Work, Subject>> answer_{};
};

// Makes a job of `work`, gives it to `push` and returns when it was resumed.
template <class Subject, class Work, class Push>
awaitable<work_result<Work, Subject>> do_on_thread(Work work, Push push)
{
    auto begin = [&work, &push](auto handler) {
        using job = thread_job_of<Subject, Work, decltype(handler)>;
        push(std::make_unique<job>(std::move(work), std::move(handler)));
    };
    co_return co_await asio::async_initiate<asio::use_awaitable_t<> const, void(work_result<Work, Subject>)>(
        begin, use_awaitable);
}

} // namespace checkwatches::storage
