#pragma once

#include "storage/thread_job.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include <chrono>
#include <exception>
#include <memory>
#include <utility>

namespace checkwatches::feed {

// A thread of its own for a subject that blocks: what waits on the loop's thread hands it work and is resumed
// with the answer. Between two works the subject is tended every so often: it has a member tend() for that,
// which does not throw.
template <class Subject>
class work_thread {
public:
    // Must be destroyed before the loop whose coroutines call it; the destructor runs what is queued to its
    // end, so that whoever owns it first tells the subject to hurry.
    work_thread(std::unique_ptr<Subject> on, std::chrono::milliseconds tended_every)
        : subject_{std::move(on)},
          every_{tended_every}
    {
        asio::post(thread_, [this] { tend_later(); });
    }
    ~work_thread()
    {
        asio::post(thread_, [this] {
            is_closing_ = true;
            timer_.cancel();
        });
        thread_.join();
    }

    // Runs `work` on the thread and resumes on the caller's executor with what it returned; an error of kind
    // storage where it threw. What is queued is run: cancelling the caller takes effect after that. `work`
    // owns all that it touches.
    template <class Work>
    awaitable<storage::work_result<Work, Subject>> run(Work work)
    {
        auto push = [this](std::unique_ptr<job> next) { this->push(std::move(next)); };
        co_return co_await storage::do_on_thread<Subject>(std::move(work), push);
    }

private:
    using job = storage::thread_job<Subject>;

    void push(std::unique_ptr<job> next)
    {
        asio::post(thread_, [this, next = std::move(next)] {
            try {
                next->work(*subject_);
            }
            catch (std::exception const& failed) {
                next->fail(error{.kind = error_kind::storage, .message = failed.what()});
            }
            next->resume();
        });
    }

    void tend_later()
    {
        if (is_closing_)
            return;
        timer_.expires_after(every_);
        timer_.async_wait([this](error_code ec) {
            if (ec)
                return;
            subject_->tend();
            tend_later();
        });
    }

    // Touched on the thread only.
    std::unique_ptr<Subject> subject_;
    std::chrono::milliseconds const every_;
    bool is_closing_ = false;

    asio::thread_pool thread_{1};
    asio::steady_timer timer_{thread_}; // touched on the thread only
};

} // namespace checkwatches::feed
