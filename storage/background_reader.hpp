#pragma once

#include "storage/reader.hpp"
#include "storage/thread_job.hpp"

#include <cstddef>
#include <memory>
#include <utility>

namespace checkwatches::storage {

// A reader on a thread of its own, for the loop, which never calls SQLite itself.
class background_reader {
public:
    // Takes over the reader. Must be destroyed before the loop whose coroutines call it; the destructor runs
    // what is queued to its end.
    explicit background_reader(std::unique_ptr<reader> r);
    ~background_reader();

    // Runs `read` on the thread and resumes on the caller's executor with what it returned, a result as it
    // is; an error of kind storage where the database failed. What is queued is run: cancelling the caller
    // takes effect after that. `read` owns all that it touches.
    template <class Function>
    awaitable<work_result<Function, reader const>> run(Function read)
    {
        auto push = [this](std::unique_ptr<job> next) { this->push(std::move(next)); };
        co_return co_await do_on_thread<reader const>(std::move(read), push);
    }

    // How many reads wait, run, or have not been handed back to their caller's executor; from any thread.
    std::size_t pending() const;

private:
    using job = thread_job<reader const>;

    void push(std::unique_ptr<job> next);

    class impl;
    std::unique_ptr<impl> impl_;
};

} // namespace checkwatches::storage
