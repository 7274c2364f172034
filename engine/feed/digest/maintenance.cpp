#include "engine/feed/digest/maintenance.hpp"

#include "engine/core/ascii.hpp"

#include <fmt/format.h>

#include <array>
#include <string>

namespace checkwatches::feed {
namespace {

using std::chrono::days;
using std::chrono::minutes;

constexpr std::array<std::string_view, 7> day_names{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

error wrong(std::string_view text, std::string_view why)
{
    return {
        .kind = error_kind::configuration,
        .message = fmt::format(
            "\"{}\" is no maintenance window ({}); \"02:00-04:00\", \"Sat 22:00-02:00\" or "
            "\"2026-12-24T00:00Z/2026-12-27T12:00Z\" would be one, in UTC",
            text,
            why)};
}

std::optional<std::chrono::weekday> day_of(std::string_view text)
{
    for (unsigned i = 0; i != day_names.size(); ++i)
        if (same_word(text, day_names[i]))
            return std::chrono::weekday{i};
    return std::nullopt;
}

// "HH:MM"; 24:00 is the end of a day.
std::optional<minutes> minute_of(std::string_view text)
{
    auto const is_digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9'; };
    if (text.size() != 5 || text[2] != ':' || !is_digit(0) || !is_digit(1) || !is_digit(3) || !is_digit(4))
        return std::nullopt;
    auto const hours = (text[0] - '0') * 10 + (text[1] - '0');
    auto const rest = (text[3] - '0') * 10 + (text[4] - '0');
    minutes const all{hours * 60 + rest};
    if (rest > 59 || all > days{1})
        return std::nullopt;
    return all;
}

// parse_time() wants seconds.
std::optional<utc_time> moment_of(std::string_view text)
{
    if (auto const full = parse_time(text))
        return full;
    constexpr std::size_t up_to_minutes = std::string_view{"2026-12-24T00:00"}.size();
    if (text.size() <= up_to_minutes)
        return std::nullopt;
    return parse_time(fmt::format("{}:00{}", text.substr(0, up_to_minutes), text.substr(up_to_minutes)));
}

result<maintenance_window> once(std::string_view text, std::size_t slash)
{
    auto const from = moment_of(text.substr(0, slash));
    auto const until = moment_of(text.substr(slash + 1));
    if (!from || !until)
        return wrong(text, "its beginning or its end is no time with a zone");
    if (*from >= *until)
        return wrong(text, "it ends before it begins");
    return maintenance_window{.from = from, .until = until};
}

} // namespace

bool maintenance_window::holds(utc_time when) const
{
    if (from)
        return when >= *from && when < *until;
    auto const today = std::chrono::floor<days>(when);
    // One that began yesterday may go on past midnight.
    for (auto const start : {today, today - days{1}}) {
        if (day && std::chrono::weekday{start} != *day)
            continue;
        if (when >= start + begins && when < start + begins + lasts)
            return true;
    }
    return false;
}

result<maintenance_window> parse_window(std::string_view text)
{
    auto rest = trimmed(text);
    if (auto const slash = rest.find('/'); slash != std::string_view::npos)
        return once(rest, slash);
    maintenance_window out;
    if (auto const blank = rest.find(' '); blank != std::string_view::npos) {
        out.day = day_of(rest.substr(0, blank));
        if (!out.day)
            return wrong(text, "its day is none of Mon, Tue, Wed, Thu, Fri, Sat and Sun");
        rest = trimmed(rest.substr(blank));
    }
    auto const dash = rest.find('-');
    auto const begins = minute_of(rest.substr(0, dash));
    auto const ends = dash == std::string_view::npos ? std::nullopt : minute_of(rest.substr(dash + 1));
    if (!begins || !ends || *begins == days{1})
        return wrong(text, "its beginning or its end is no time of a day");
    out.begins = *begins;
    out.lasts = *ends > *begins ? *ends - *begins : *ends + days{1} - *begins;
    return out;
}

} // namespace checkwatches::feed
