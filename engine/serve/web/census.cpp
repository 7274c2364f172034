#include "engine/serve/web/census.hpp"

#include <algorithm>

namespace checkwatches::serve {

awaitable<void> census::run(std::chrono::milliseconds pause)
{
    for (;;) {
        auto const began = time_.up();
        auto const now = time_.now();
        auto question = [now](storage::reader const& in) {
            count out{.at = now, .trackers = in.counts(now)};
            for (auto& one : in.trackers())
                out.names.emplace(one.id, std::move(one.name));
            out.errors = static_cast<std::int64_t>(in.signatures({}, most_told).size());
            out.words = static_cast<std::int64_t>(in.unmapped().size());
            out.fixed = static_cast<std::int64_t>(in.list_fixed({}, most_told).size());
            out.sinks = sinks_of(in, [](auto const&) { return true; });
            return out;
        };
        auto counted = co_await in_.run(std::move(question));
        if (counted)
            last_ = std::make_shared<count const>(std::move(*counted));
        else
            log_.write(log_level::error, "cannot count bugs", {{"why", to_string(counted.error())}});
        co_await time_.sleep(std::max<clock::duration>(pause, 20 * (time_.up() - began)));
    }
}

} // namespace checkwatches::serve
