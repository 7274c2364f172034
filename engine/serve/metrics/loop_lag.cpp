#include "engine/serve/metrics/loop_lag.hpp"

#include <algorithm>

namespace checkwatches::serve {

awaitable<void> measure_loop_lag(
    clock const& time, std::function<void(std::chrono::nanoseconds)> told, std::chrono::milliseconds every)
{
    for (;;) {
        auto const began = time.up();
        co_await time.sleep(every);
        auto const late = std::max(time.up() - began - every, clock::duration::zero());
        if (late <= std::chrono::minutes{1})
            told(late);
    }
}

} // namespace checkwatches::serve
