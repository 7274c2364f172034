#include "engine/serve/progress_watch.hpp"

namespace checkwatches::serve {

bool progress_watch::all_move(movement const& seen, clock::duration up)
{
    std::array<utc_time, 3> const now{seen.scheduler, seen.writer, seen.network};
    bool all = true;
    for (std::size_t i = 0; i != parts_.size(); ++i) {
        auto& one = parts_[i];
        if (!looked_ || one.seen != now[i])
            one = {.seen = now[i], .since = up};
        all = all && up - one.since < within_;
    }
    looked_ = true;
    return all;
}

} // namespace checkwatches::serve
