#include "engine/serve/web/census.hpp"

#include <algorithm>

namespace checkwatches::serve {

awaitable<void> census::run(std::chrono::milliseconds pause)
{
    for (;;) {
        auto const began = time_.up();
        auto const now = time_.now();
        auto question = [now](storage::reader const& in) { return in.counts(now); };
        auto counts = co_await in_.run(std::move(question));
        if (counts)
            last_ = std::make_shared<count const>(count{.at = now, .trackers = std::move(*counts)});
        else
            log_.write(log_level::error, "cannot count bugs", {{"why", to_string(counts.error())}});
        co_await time_.sleep(std::max<clock::duration>(pause, 20 * (time_.up() - began)));
    }
}

} // namespace checkwatches::serve
