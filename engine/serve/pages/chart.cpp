#include "engine/serve/pages/chart.hpp"

#include "engine/serve/pages/text.hpp"
#include "engine/serve/pages/wilson.hpp"

#include <boost/json/array.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace checkwatches::serve::view {
namespace {

namespace json = boost::json;

// The drawing, in its own units.
constexpr double left = 44;
constexpr double top = 8;
constexpr double height = 140; // of the field between the axes
constexpr double step = 24;    // from one point to the next

// The top of the axis: the least of these that holds every whisker.
double ceiling(std::vector<rate_point> const& points)
{
    double most = 0;
    for (auto const& one : points)
        if (one.checks > 0)
            most = std::max(most, wilson(one.failed, one.checks).high);
    constexpr std::array tops{0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0};
    auto const found = std::ranges::find_if(tops, [&](double t) { return t >= most; });
    return found == tops.end() ? 1.0 : *found;
}

std::string number(double coordinate)
{
    return fmt::format("{:.1f}", coordinate);
}

double share_of(rate_point const& one)
{
    return static_cast<double>(one.failed) / static_cast<double>(one.checks);
}

rate_point sum_of(std::vector<rate_point> const& points, std::size_t from, std::size_t to)
{
    rate_point out;
    for (auto i = from; i < to; ++i) {
        out.failed += points[i].failed;
        out.checks += points[i].checks;
    }
    return out;
}

std::string_view month_word(std::chrono::month month)
{
    constexpr std::array words{
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    return words[static_cast<unsigned>(month) - 1];
}

std::string days_or_weeks(std::int64_t first, std::int64_t days_each)
{
    return days_each == 1 ? day_text(first) : "Week of " + day_text(first);
}

} // namespace

std::vector<rate_point> points_of(
    std::vector<storage::outcome_day> const& days,
    std::int64_t last,
    std::int64_t days_each,
    std::size_t count,
    std::optional<outcome> slice)
{
    auto const all = static_cast<std::int64_t>(count) * days_each;
    auto const first = last - all + 1;
    std::vector<rate_point> out(count);
    for (std::size_t i = 0; i != count; ++i)
        out[i].first = first + static_cast<std::int64_t>(i) * days_each;
    for (auto const& one : days) {
        if (one.day < first || one.day > last)
            continue;
        auto& point = out[static_cast<std::size_t>((one.day - first) / days_each)];
        point.checks += one.checks;
        bool const counts = slice ? one.how == *slice : !is_success(one.how);
        point.failed += counts ? one.checks : 0;
    }
    return out;
}

std::string finding_of(std::vector<rate_point> const& points, chart_words const& words)
{
    auto const whole = sum_of(points, 0, points.size());
    if (whole.checks == 0)
        return fmt::format("No {}s in this time", words.one);
    if (whole.failed == 0)
        return fmt::format("None of {} {}", counted(whole.checks, words.one), words.hit);
    auto const cut_at = points.size() - points.size() / 4;
    auto const before = sum_of(points, 0, cut_at);
    auto const lately = sum_of(points, cut_at, points.size());
    auto const all = fmt::format(
        "{} of {} {}", percent(share_of(whole)), counted(whole.checks, words.one), words.hit);
    if (before.checks == 0 || lately.checks == 0)
        return all;
    auto const was = wilson(before.failed, before.checks);
    auto const is = wilson(lately.failed, lately.checks);
    if (is.low <= was.high && was.low <= is.high)
        return all + "; no clear trend";
    return fmt::format(
        "{} {}: {} lately, {} before",
        words.trend,
        is.high < was.low ? "fell" : "rose",
        percent(share_of(lately)),
        percent(share_of(before)));
}

json::object chart_of(std::vector<rate_point> const& points, std::int64_t days_each, chart_words const& words)
{
    auto const most = ceiling(points);
    auto const y_of = [&](double share) { return top + height * (1 - share / most); };
    auto const right = left + step * static_cast<double>(points.size());
    json::array dots;
    json::array rows;
    json::array counts;
    std::chrono::month month{0}; // of the point before
    for (std::size_t i = 0; i != points.size(); ++i) {
        auto const& one = points[i];
        auto const x = number(left + step * (static_cast<double>(i) + 0.5));
        std::chrono::year_month_day const date{
            std::chrono::sys_days{std::chrono::days{static_cast<int>(one.first)}}};
        counts.push_back(json::object{
            {"x", x},
            {"n", one.checks == 0 ? "–" : shortened(one.checks)},
            {"day", std::to_string(static_cast<unsigned>(date.day()))},
            {"month", date.month() == month ? std::string_view{} : month_word(date.month())}});
        month = date.month();
        if (one.checks == 0)
            continue;
        auto const between = wilson(one.failed, one.checks);
        auto const when = days_or_weeks(one.first, days_each);
        auto const share = percent(share_of(one));
        auto const range = fmt::format("{} to {}", percent(between.low), percent(between.high));
        dots.push_back(json::object{
            {"x", x},
            {"y", number(y_of(share_of(one)))},
            {"low", number(y_of(between.low))},
            {"high", number(y_of(between.high))},
            {"says",
             fmt::format("{}: {} of {} {} ({})", when, share, grouped(one.checks), words.hit, range)}});
        rows.push_back(json::object{
            {"when", when}, {"n", one.checks}, {"failed", one.failed}, {"share", share}, {"range", range}});
    }
    json::array lines;
    for (auto const part : {0.0, 0.5, 1.0})
        lines.push_back(json::object{
            {"y", number(y_of(most * part))},
            {"text_y", number(y_of(most * part) + 4)},
            {"text", part == 0 ? "0 %" : fmt::format("{:g} %", most * part * 100)}});
    return {
        {"finding", finding_of(points, words)},
        {"of_what", words.many},
        {"what_of", words.hit},
        {"hit_title", words.hit_title},
        {"width", number(right + 4)},
        {"right", number(right)},
        {"days", days_each == 1},
        {"lines", std::move(lines)},
        {"dots", std::move(dots)},
        {"counts", std::move(counts)},
        {"rows", std::move(rows)}};
}

} // namespace checkwatches::serve::view
