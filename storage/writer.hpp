#pragma once

#include "engine/core/async.hpp"
#include "storage/store.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace checkwatches::storage {

// How the writer fares; to be read from any thread.
struct writer_health {
    std::size_t pending = 0;                // reports and other writes that wait
    std::optional<utc_time> stuck_since{};  // the database takes nothing since then
    std::string why{};                      // … because of this
    std::optional<utc_time> committed_at{}; // the last commit
};

// What to do where the database takes nothing for a reason that can pass: a lock, a full disk, a read-only
// mount, an I/O error.
enum class patience {
    none,      // the callers get the error
    unlimited, // what is pending is kept, in order, and tried again (1 s later, then more, at most 30 s)
};

// The one thread that writes. What is pending when it comes round is applied in one transaction (group
// commit), then every caller is resumed: a change is returned only once it is durable.
class writer {
public:
    // Takes over the store. Must be destroyed before the loop whose coroutines call it; the destructor
    // finishes what is pending.
    explicit writer(std::unique_ptr<store> s, patience with = patience::none);
    ~writer();

    // Applies the report and resumes on the caller's executor with its changes. An error of kind storage
    // where the database failed (a full disk, say): nothing of the report was applied. What is queued is
    // written: cancelling the caller takes effect after that.
    awaitable<result<applied>> apply(report r);

    // Runs any other work on the store, in the same transaction as what else is pending. It may run more
    // than once: after a transaction that failed.
    awaitable<result<void>> run(std::function<void(store&)> work);

    writer_health health() const;

private:
    class impl;
    std::unique_ptr<impl> impl_;
};

} // namespace checkwatches::storage
