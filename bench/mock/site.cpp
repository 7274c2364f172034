#include "bench/mock/site.hpp"

#include <chrono>
#include <utility>

namespace checkwatches::mock {

std::int64_t seconds_by(std::chrono::milliseconds ahead)
{
    auto const there = std::chrono::system_clock::now().time_since_epoch() + ahead;
    return std::chrono::floor<std::chrono::seconds>(there).count();
}

std::unique_ptr<site> make_site(site_ground ground)
{
    switch (ground.options.kind) {
    case tracker_kind::bugzilla: return make_bugzilla(std::move(ground));
    case tracker_kind::trac: return make_trac(std::move(ground));
    case tracker_kind::launchpad: break;
    }
    return make_launchpad(std::move(ground));
}

} // namespace checkwatches::mock
