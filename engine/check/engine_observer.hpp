#pragma once

#include "storage/records.hpp"

#include <chrono>
#include <vector>

namespace checkwatches::check {

// Who is told what an engine does. Called on the loop's thread; must be quick.
class engine_observer {
public:
    virtual ~engine_observer() = default;
    virtual void on_pass_began(storage::tracker const& at) = 0;
    // A request was answered, or failed (status 0), after so long.
    virtual void on_request(storage::tracker const& at, unsigned status, std::chrono::nanoseconds took) = 0;
    // These checks are durable.
    virtual void on_settled(storage::tracker const& at, std::vector<storage::settled_bug> const& bugs) = 0;
    virtual void on_pass_ended(storage::tracker const& at, storage::tracker_pass const& pass) = 0;
};

} // namespace checkwatches::check
