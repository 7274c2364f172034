#include "tests/soak/story.hpp"

#include <algorithm>
#include <limits>
#include <optional>

namespace checkwatches::soak {

stories read_stories(storage::reader const& from)
{
    stories out;
    for (auto const& c : from.changes(0, std::numeric_limits<std::int64_t>::max()))
        if (c.what.field == "status" || c.what.field == "remote_status")
            out[{c.tracker, c.remote_id}].push_back(c.what);
    return out;
}

std::vector<episode> expected_story(mock::bug const& of)
{
    std::vector<episode> out;
    std::uint32_t known = 0; // the latest version that was served
    for (auto const& served : of.served) {
        auto const& state = of.history.at(served.version - 1);
        auto words = state.resolution.empty() ? state.status : state.status + " " + state.resolution;
        auto const began = of.history.at(std::min(known, served.version - 1)).since;
        if (out.empty() || out.back().status != words)
            out.push_back({std::move(words), utc_time{std::chrono::seconds{began}}});
        known = served.version;
    }
    return out;
}

std::vector<std::string> told_story(std::vector<storage::change> const& entries)
{
    std::vector<std::string> out;
    std::optional<std::string> before;
    for (auto const& entry : entries) {
        if (entry.remote_before != before)
            out.emplace_back("(broken)");
        out.push_back(entry.remote_after.value_or(""));
        before = entry.remote_after;
    }
    return out;
}

} // namespace checkwatches::soak
