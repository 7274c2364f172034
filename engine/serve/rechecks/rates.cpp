#include "engine/serve/rechecks/rates.hpp"

#include "engine/serve/api/json_of.hpp"
#include "engine/serve/pages/wilson.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace checkwatches::serve {
namespace {

namespace json = boost::json;

json::array points_of_rates(std::vector<view::rate_point> const& points)
{
    json::array out;
    for (auto const& one : points) {
        if (one.checks == 0)
            continue;
        auto const between = view::wilson(one.failed, one.checks);
        out.push_back(json::object{
            {"first", format_time(utc_time{std::chrono::days{one.first}}).substr(0, 10)},
            {"times", one.failed},
            {"all", one.checks},
            {"share", static_cast<double>(one.failed) / static_cast<double>(one.checks)},
            {"low", between.low},
            {"high", between.high}});
    }
    return out;
}

} // namespace

std::vector<view::rate_point> rates_of(
    recheck_book const& book,
    storage::reader const& in,
    storage::recheck_source const& of,
    std::string const& bug,
    std::int64_t days_each,
    std::size_t count)
{
    auto const today = std::chrono::floor<std::chrono::days>(book.now()).time_since_epoch().count();
    auto const first = today - static_cast<std::int64_t>(count) * days_each + 1;
    std::vector<view::rate_point> out(count);
    for (std::size_t i = 0; i != count; ++i)
        out[i].first = first + static_cast<std::int64_t>(i) * days_each;
    std::int64_t judged = first - 1;
    bool is_known = false;
    auto all = in.rechecks().days(utc_time{std::chrono::days{first}});
    std::erase_if(all, [&](auto const& one) { return one.source != of.name || one.day > today; });
    std::ranges::sort(all, {}, &storage::recheck_day::day);
    for (auto const& one : all) {
        if (one.day != judged) {
            judged = one.day;
            is_known = book.is_day_known(of, one.day);
        }
        if (!is_known)
            continue;
        auto& point = out[static_cast<std::size_t>((one.day - first) / days_each)];
        point.checks += one.times;
        point.failed += one.bug == bug ? one.times : 0;
    }
    return out;
}

json::object json_of_rates(
    recheck_book const& book,
    storage::reader const& in,
    storage::recheck_source const& of,
    std::string const& bug)
{
    return {
        {"source", of.name},
        {"number", text_or_null(bug)},
        {"days", points_of_rates(rates_of(book, in, of, bug, 1, rate_days))},
        {"weeks", points_of_rates(rates_of(book, in, of, bug, 7, rate_weeks))}};
}

} // namespace checkwatches::serve
