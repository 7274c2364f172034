#include "engine/serve/pages/bars.hpp"

#include "engine/serve/pages/text.hpp"
#include "engine/serve/web/sift_changes.hpp"

#include <boost/json/array.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace checkwatches::serve::view {
namespace {

namespace json = boost::json;

constexpr std::int64_t chunk = 500;

// The drawing, in its own units.
constexpr double left = 44;
constexpr double top = 8;
constexpr double height = 100;
constexpr double step = 24;
constexpr double width = 16; // of a bar

std::string number(double coordinate)
{
    return fmt::format("{:.1f}", coordinate);
}

std::string finding_of(std::vector<day_changes> const& days)
{
    std::int64_t sum = 0;
    auto const* most = &days.front();
    for (auto const& one : days) {
        sum += one.changes.value_or(0);
        if (one.changes.value_or(0) > most->changes.value_or(0))
            most = &one;
    }
    if (sum == 0)
        return "Nothing changed in this time";
    return fmt::format(
        "{}, most of them on {} ({})", counted(sum, "change"), day_text(most->day), grouped(*most->changes));
}

} // namespace

std::vector<day_changes>
changes_of_days(storage::reader const& in, storage::tracker const& of, std::int64_t last, std::size_t count)
{
    std::vector<day_changes> out(count);
    auto const first = last - static_cast<std::int64_t>(count) + 1;
    for (std::size_t i = 0; i != count; ++i) {
        out[i].day = first + static_cast<std::int64_t>(i);
        if (out[i].day >= day_of(of.created_at))
            out[i].changes = 0;
    }
    storage::change_list which{.of = of.id};
    for (std::int64_t looked_at = 0; looked_at < most_sifted_changes; looked_at += chunk) {
        auto const some = in.list_changes(which, chunk);
        for (auto const& one : some) {
            auto const day = day_of(one.what.at);
            if (day < first)
                return out;
            bool const counts = one.what.actor.empty() && !is_first_sight(one.what);
            if (counts && day <= last)
                out[static_cast<std::size_t>(day - first)].changes.emplace(
                    out[static_cast<std::size_t>(day - first)].changes.value_or(0) + 1);
        }
        if (static_cast<std::int64_t>(some.size()) < chunk)
            return out;
        which.before = some.back().what.id;
        if (looked_at + chunk >= most_sifted_changes)
            for (auto& one : out)
                if (one.day <= day_of(some.back().what.at))
                    one.changes.reset();
    }
    return out;
}

json::object bars_of(std::vector<day_changes> const& days)
{
    std::int64_t most = 1;
    for (auto const& one : days)
        most = std::max(most, one.changes.value_or(0));
    json::array bars;
    json::array marks;
    json::array rows;
    for (std::size_t i = 0; i != days.size(); ++i) {
        auto const& one = days[i];
        auto const middle = left + step * (static_cast<double>(i) + 0.5);
        std::chrono::year_month_day const date{
            std::chrono::sys_days{std::chrono::days{static_cast<int>(one.day)}}};
        marks.push_back(json::object{
            {"x", number(middle)},
            {"day", std::to_string(static_cast<unsigned>(date.day()))},
            {"n", one.changes ? shortened(*one.changes) : std::string{"–"}}});
        if (!one.changes)
            continue;
        auto const tall = height * static_cast<double>(*one.changes) / static_cast<double>(most);
        bars.push_back(json::object{
            {"x", number(middle - width / 2)},
            {"y", number(top + height - tall)},
            {"tall", number(tall)},
            {"says", fmt::format("{}: {}", day_text(one.day), counted(*one.changes, "change"))}});
        rows.push_back(json::object{{"when", day_text(one.day)}, {"n", *one.changes}});
    }
    auto const right = left + step * static_cast<double>(days.size());
    return {
        {"finding", finding_of(days)},
        {"width", number(right + 4)},
        {"right", number(right)},
        {"most", shortened(most)},
        {"bars", std::move(bars)},
        {"marks", std::move(marks)},
        {"rows", std::move(rows)}};
}

} // namespace checkwatches::serve::view
