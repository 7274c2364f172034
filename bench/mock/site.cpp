#include "bench/mock/site.hpp"

#include "bench/mock/kinds.hpp"

#include <chrono>
#include <utility>

namespace checkwatches::mock {

std::int64_t seconds_by(std::chrono::milliseconds ahead)
{
    auto const there = std::chrono::system_clock::now().time_since_epoch() + ahead;
    return std::chrono::floor<std::chrono::seconds>(there).count();
}

answer site::serve(request const& rq)
{
    auto made = answer_to(rq);
    if (rq.method == "HEAD" || made.status == 304)
        made.frame = answer::framing::none;
    return made;
}

std::unique_ptr<site> make_site(site_ground ground)
{
    return find_kind(ground.options.kind)->make(std::move(ground));
}

} // namespace checkwatches::mock
