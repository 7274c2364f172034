#include "engine/serve/pages/text.hpp"

#include "engine/core/numbers.hpp"
#include "engine/core/signature.hpp"
#include "engine/core/url.hpp"

#include <boost/json/object.hpp>

#include <fmt/format.h>

#include <array>

namespace checkwatches::serve::view {

using std::chrono::seconds;

std::string shortened(std::int64_t number)
{
    if (number < 1'000)
        return std::to_string(number);
    if (number < 1'000'000)
        return fmt::format("{}k", number / 1'000);
    return fmt::format("{:.1f}M", static_cast<double>(number) / 1e6);
}

std::string percent(double share)
{
    auto const hundredths = share * 100;
    if (share > 0 && hundredths < 0.1)
        return "under 0.1 %";
    if (share < 1 && hundredths > 99.9)
        return "over 99.9 %";
    if (share == 0 || share == 1)
        return share == 0 ? "0 %" : "100 %";
    return fmt::format("{:.1f} %", hundredths);
}

std::string bytes(std::int64_t count)
{
    constexpr std::array units{"kB", "MB", "GB", "TB", "PB"};
    if (count < 1'000)
        return counted(count, "byte");
    auto size = static_cast<double>(count) / 1'000;
    std::size_t unit = 0;
    for (; size >= 1'000 && unit + 1 < units.size(); ++unit)
        size /= 1'000;
    return fmt::format("{:.1f} {}", size, units[unit]);
}

std::string span_text(seconds span)
{
    auto const s = span.count();
    if (s < 120)
        return fmt::format("{} s", s);
    if (s < 2 * 3600)
        return fmt::format("{} min", s / 60);
    if (s < 48 * 3600)
        return fmt::format("{} h", s / 3600);
    return grouped(s / 86'400) + " d";
}

std::string about(seconds span)
{
    auto const s = span.count();
    if (s < 2)
        return "about a second";
    if (s < 90)
        return fmt::format("about {} seconds", s);
    if (s < 90 * 60)
        return fmt::format("about {} minutes", (s + 30) / 60);
    if (s < 36 * 3600)
        return fmt::format("about {} hours", (s + 1800) / 3600);
    return fmt::format("about {} days", (s + 43'200) / 86'400);
}

std::string absolute(utc_time t)
{
    auto text = format_time(t); // "2026-11-22T08:15:30Z"
    text[10] = ' ';
    text.pop_back();
    return text + " UTC";
}

std::string day_text(std::int64_t day)
{
    constexpr std::array days{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
    constexpr std::array months{
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December"};
    std::chrono::sys_days const at{std::chrono::days{day}};
    std::chrono::year_month_day const date{at};
    return fmt::format(
        "{}, {} {}",
        days[std::chrono::weekday{at}.c_encoding()],
        static_cast<unsigned>(date.day()),
        months[static_cast<unsigned>(date.month()) - 1]);
}

boost::json::value moment(utc_time t, utc_time now)
{
    auto const past = std::chrono::floor<seconds>(now - t);
    auto const ahead = std::chrono::floor<seconds>(t - now);
    auto const text = ahead > seconds{0}  ? "in " + span_text(ahead)
                      : past > seconds{0} ? span_text(past) + " ago"
                                          : std::string{"now"};
    return boost::json::object{{"iso", format_time(t)}, {"abs", absolute(t)}, {"ago", text}};
}

boost::json::value moment(std::optional<utc_time> const& t, utc_time now)
{
    return t ? moment(*t, now) : boost::json::value{};
}

std::string link(std::string_view path, std::vector<std::pair<std::string, std::string>> fields)
{
    std::erase_if(fields, [](auto const& field) { return field.second.empty(); });
    return fields.empty() ? std::string{path} : fmt::format("{}?{}", path, form_encode(fields));
}

std::string safe_link(std::string_view url)
{
    auto const parsed = parse_url(url);
    return parsed ? parsed->text() : std::string{};
}

std::string cut(std::string_view text, std::size_t most)
{
    auto const part = cut_text(text, most);
    return part.size() == text.size() ? std::string{text} : std::string{part} + "…";
}

} // namespace checkwatches::serve::view
