#include "engine/core/comment.hpp"

#include <algorithm>
#include <tuple>

namespace checkwatches {

void sort_by_time(std::vector<comment>& all)
{
    std::ranges::sort(all, {}, [](comment const& c) {
        return std::tuple{c.at, c.remote_id.size(), std::string_view{c.remote_id}};
    });
}

} // namespace checkwatches
