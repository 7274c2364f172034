#include "tests/soak/story.hpp"

#include <algorithm>
#include <limits>
#include <optional>

namespace checkwatches::soak {

stories read_stories(storage::reader const& from)
{
    stories out;
    for (auto const& c : from.changes(0, std::numeric_limits<std::int64_t>::max()))
        if (c.what.field == "status")
            out[{c.tracker, c.remote_id}].push_back(c.what);
    return out;
}

std::vector<episode> expected_story(adapters::adapter const& kind, mock::bug const& of)
{
    std::vector<episode> out;
    std::string before;
    std::uint32_t known = 0; // the latest version that was served
    for (auto const& served : of.served) {
        auto const& state = of.history.at(served.version - 1);
        auto const means = kind.interpret({.status = state.status, .resolution = state.resolution}).state;
        std::string const normal{means ? title(*means) : "?"};
        if (normal != before) {
            auto const words = state.resolution.empty() ? state.status
                                                        : state.status + " " + state.resolution;
            auto const began = of.history.at(std::min(known, served.version - 1)).since;
            out.push_back({normal + " (" + words + ")", utc_time{std::chrono::seconds{began}}});
        }
        before = normal;
        known = served.version;
    }
    return out;
}

std::vector<std::string> told_story(std::vector<storage::change> const& entries)
{
    std::vector<std::string> out;
    std::optional<std::string> before;
    for (auto const& entry : entries) {
        if (entry.before != before)
            out.emplace_back("(broken)");
        out.push_back(entry.after.value_or("") + " (" + entry.remote_after.value_or("") + ")");
        before = entry.after;
    }
    return out;
}

} // namespace checkwatches::soak
