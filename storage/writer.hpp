#pragma once

#include "engine/core/async.hpp"
#include "storage/store.hpp"

#include <memory>
#include <vector>

namespace checkwatches::storage {

// The one thread that writes. What is pending when it comes round is applied in one transaction (group
// commit), then every caller is resumed: a change is returned only once it is durable.
class writer {
public:
    // Takes over the store. Must be destroyed before the loop whose coroutines call it; the destructor
    // finishes what is pending.
    explicit writer(std::unique_ptr<store> s);
    ~writer();

    // Applies the report and resumes on the caller's executor with its changes. An error of kind storage
    // where the database failed (a full disk, say): nothing of the report was applied. What is queued is
    // written: cancelling the caller takes effect after that.
    awaitable<result<std::vector<change>>> apply(report r);

    awaitable<result<void>> put_capabilities(tracker_id of, stored_capabilities can);

private:
    class impl;
    std::unique_ptr<impl> impl_;
};

} // namespace checkwatches::storage
