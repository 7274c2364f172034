#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace checkwatches::intake::scan {

// Hands tasks from one thread to others, and holds no more than `most` of them: who is faster waits.
template <class Task>
class task_queue {
public:
    explicit task_queue(std::size_t most) : most_{most} {}

    void put(Task task)
    {
        std::unique_lock lock{mutex_};
        taken_.wait(lock, [this] { return waiting_.size() < most_; });
        waiting_.push_back(std::move(task));
        came_.notify_one();
    }
    // Nothing more comes.
    void close()
    {
        std::lock_guard const lock{mutex_};
        closed_ = true;
        came_.notify_all();
    }
    // The next task; nothing once the queue is closed and empty.
    std::optional<Task> take()
    {
        std::unique_lock lock{mutex_};
        came_.wait(lock, [this] { return closed_ || !waiting_.empty(); });
        if (waiting_.empty())
            return std::nullopt;
        std::optional<Task> out{std::move(waiting_.front())};
        waiting_.pop_front();
        taken_.notify_one();
        return out;
    }

private:
    std::size_t const most_;
    std::mutex mutex_;
    std::condition_variable came_;
    std::condition_variable taken_;
    std::deque<Task> waiting_;
    bool closed_ = false;
};

} // namespace checkwatches::intake::scan
