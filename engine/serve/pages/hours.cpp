#include "engine/serve/pages/hours.hpp"

#include "engine/serve/pages/text.hpp"

#include <boost/json/array.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace checkwatches::serve::view {
namespace {

namespace json = boost::json;

constexpr std::int64_t height = 24; // in the drawing's own units; an hour is one wide

std::int64_t y_of(std::int64_t count, std::int64_t most)
{
    return 1 + (height - 2) * (most - count) / most;
}

} // namespace

json::object drawing_of(std::span<std::optional<std::int64_t> const> hours)
{
    std::int64_t most = 1;
    std::int64_t sum = 0;
    std::int64_t unknown = 0;
    for (auto const& one : hours) {
        most = std::max(most, one.value_or(0));
        sum += one.value_or(0);
        unknown += one ? 0 : 1;
    }
    std::string path;
    json::array gaps;
    for (std::size_t from = 0; from != hours.size();) {
        auto to = from;
        while (to != hours.size() && hours[to] == hours[from])
            ++to;
        bool const goes_on = from != 0 && hours[from - 1].has_value();
        if (!hours[from])
            gaps.push_back(json::object{{"x", from}, {"width", to - from}});
        else if (goes_on)
            path += fmt::format("V{}H{}", y_of(*hours[from], most), to);
        else
            path += fmt::format("M{} {}H{}", from, y_of(*hours[from], most), to);
        from = to;
    }
    auto says = fmt::format(
        "{} in {}, {} an hour at most",
        counted(sum, "recheck"),
        counted(static_cast<std::int64_t>(hours.size()), "hour"),
        most);
    if (sum == 0)
        says = fmt::format("No recheck in {}", counted(static_cast<std::int64_t>(hours.size()), "hour"));
    if (unknown != 0)
        says += fmt::format("; {} not known", counted(unknown, "hour is", "hours are"));
    return {
        {"path", std::move(path)},
        {"gaps", std::move(gaps)},
        {"width", hours.size()},
        {"height", height},
        {"says", std::move(says)}};
}

} // namespace checkwatches::serve::view
