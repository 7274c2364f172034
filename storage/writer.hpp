#pragma once

#include "engine/core/async.hpp"
#include "storage/store.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace checkwatches::storage {

// How the writer fares; to be read from any thread.
struct writer_health {
    std::size_t pending = 0;                // reports and other writes that wait or are being written
    std::optional<utc_time> stuck_since{};  // the database takes nothing since then
    std::string why{};                      // … because of this
    std::optional<utc_time> committed_at{}; // the last commit
};

// What to do where the database takes nothing for a reason that can pass: a lock, a full disk, a read-only
// mount, an I/O error.
enum class patience {
    none,      // the callers get the error
    unlimited, // what is pending is kept, in order, and tried again until it goes
};

// How long to wait before what failed is tried again: doubling from the first to the last.
struct writer_delays {
    std::chrono::milliseconds first{1'000};
    std::chrono::milliseconds last{30'000};
};

// The one thread that writes. What is pending when it comes round, at most every five milliseconds, is
// applied in one transaction (group commit), then every caller is resumed: a change is returned only once it
// is durable.
class writer {
public:
    // Takes over the store. Must be destroyed before the loop whose coroutines call it; the destructor
    // finishes what is pending. Where the database takes nothing just then it is tried once more, and the
    // callers get the error: that takes as long as the store waits for a lock, at most twice.
    explicit writer(std::unique_ptr<store> s, patience with = patience::none, writer_delays again = {});
    ~writer();

    // Applies the report and resumes on the caller's executor with its changes. An error of kind storage
    // where the database failed for good, or (patience::none) at all: nothing of the report was applied. What
    // is queued is written: cancelling the caller takes effect after that. The report is shared, not copied,
    // for it is large and the caller goes on with it.
    awaitable<result<applied>> apply(std::shared_ptr<report const> r);

    // Runs any other work on the store, in the same transaction as what else is pending. It may run more
    // than once: after a transaction that failed.
    awaitable<result<void>> run(std::function<void(store&)> work);

    // What is pending is tried once more and then given up: for the end of a process whose database takes
    // nothing.
    void hurry();

    writer_health health() const;

private:
    class impl;
    std::unique_ptr<impl> impl_;
};

} // namespace checkwatches::storage
