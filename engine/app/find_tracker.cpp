#include "engine/app/find_tracker.hpp"

#include <fmt/format.h>

namespace checkwatches::app {

result<void> check_names(storage::reader const& in, std::vector<std::string> const& names)
{
    for (auto const& name : names)
        if (auto const there = find_tracker_named(in, name); !there)
            return there.error();
    return {};
}

result<storage::tracker> find_tracker_named(storage::reader const& in, std::string const& name)
{
    if (auto found = in.tracker_by_name(name))
        return *found;
    return error{
        .kind = error_kind::usage,
        .message = fmt::format("there is no tracker \"{}\"; `checkwatches tracker list` names them", name)};
}

} // namespace checkwatches::app
