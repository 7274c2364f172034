#pragma once

#include "engine/core/async.hpp"
#include "storage/reader.hpp"

#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

namespace checkwatches::storage {

// A reader on a thread of its own, for the loop, which never calls SQLite itself.
class background_reader {
public:
    // Takes over the reader. Must be destroyed before the loop whose coroutines call it.
    explicit background_reader(std::unique_ptr<reader> r);
    ~background_reader();

    // Runs `read` on the thread and resumes on the caller's executor with what it returned; an error of kind
    // storage where the database failed. What is queued is run: cancelling the caller takes effect after
    // that. `read` owns all that it touches.
    template <class Function>
    awaitable<result<std::invoke_result_t<Function&, reader const&>>> run(Function read);

    // How many reads wait or run; from any thread.
    std::size_t pending() const;

private:
    class impl;
    std::unique_ptr<impl> impl_;
};

} // namespace checkwatches::storage
