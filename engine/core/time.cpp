#include "engine/core/time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace checkwatches {
namespace {

namespace chrono = std::chrono;

// Takes pieces off the front of a text; once something did not fit, everything after fails too.
class scanner {
public:
    explicit scanner(std::string_view text) : rest_{text} {}

    bool ok() const noexcept { return ok_; }
    bool at_end() const noexcept { return rest_.empty(); }
    char peek() const noexcept { return rest_.empty() ? '\0' : rest_.front(); }

    // Exactly `digits` decimal digits.
    int number(std::size_t digits)
    {
        if (rest_.size() < digits)
            return fail();
        int value = 0;
        for (char const c : rest_.substr(0, digits)) {
            if (c < '0' || c > '9')
                return fail();
            value = value * 10 + (c - '0');
        }
        rest_.remove_prefix(digits);
        return value;
    }

    bool take(char c)
    {
        if (peek() != c)
            return false;
        rest_.remove_prefix(1);
        return true;
    }

    void expect(std::string_view text)
    {
        if (rest_.starts_with(text))
            rest_.remove_prefix(text.size());
        else
            fail();
    }

    // The digits after a decimal point, as milliseconds; further digits are read and dropped.
    int fraction()
    {
        int value = 0;
        int digits = 0;
        for (; peek() >= '0' && peek() <= '9'; ++digits) {
            if (digits < 3)
                value = value * 10 + (peek() - '0');
            rest_.remove_prefix(1);
        }
        if (digits == 0)
            return fail();
        for (; digits < 3; ++digits)
            value *= 10;
        return value;
    }

    int fail()
    {
        ok_ = false;
        rest_ = {};
        return 0;
    }

private:
    std::string_view rest_;
    bool ok_ = true;
};

std::optional<utc_time> assemble(int year, int month, int day, int hour, int minute, int second)
{
    chrono::year_month_day const date{
        chrono::year{year},
        chrono::month{static_cast<unsigned>(month)},
        chrono::day{static_cast<unsigned>(day)}};
    // A leap second is written :60 and counted as the next second.
    if (!date.ok() || hour > 23 || minute > 59 || second > 60)
        return std::nullopt;
    return chrono::sys_days{date} + chrono::hours{hour} + chrono::minutes{minute} + chrono::seconds{second};
}

// The offset of a zone at the end of a text, east positive; nothing where there is none.
std::optional<chrono::minutes> read_zone(scanner& in)
{
    if (in.at_end())
        return std::nullopt;
    in.take(' ');
    if (in.take('Z'))
        return chrono::minutes{0};
    bool const west = in.take('-');
    if (!west && !in.take('+')) {
        in.fail();
        return std::nullopt;
    }
    int const hours = in.number(2);
    in.take(':');
    int const minutes = in.number(2);
    if (hours > 23 || minutes > 59)
        in.fail();
    chrono::minutes const offset{hours * 60 + minutes};
    return west ? -offset : offset;
}

} // namespace

utc_time utc_now() noexcept
{
    return chrono::floor<chrono::milliseconds>(chrono::system_clock::now());
}

std::string format_time(utc_time t)
{
    constexpr utc_time first = chrono::sys_days{chrono::year{0} / 1 / 1};
    constexpr utc_time last = chrono::sys_days{chrono::year{10000} / 1 / 1} - chrono::seconds{1};
    auto const second = chrono::floor<chrono::seconds>(std::clamp(t, first, last));
    auto const midnight = chrono::floor<chrono::days>(second);
    chrono::year_month_day const date{midnight};
    chrono::hh_mm_ss const time{second - midnight};
    // Not by fmt, which reads its format anew each time: every entry of every list has times.
    std::string out = "0000-00-00T00:00:00Z";
    auto const put = [&out](std::size_t end, std::int64_t value) {
        for (; value != 0; value /= 10)
            out[--end] = static_cast<char>('0' + value % 10);
    };
    put(4, static_cast<int>(date.year()));
    put(7, static_cast<unsigned>(date.month()));
    put(10, static_cast<unsigned>(date.day()));
    put(13, time.hours().count());
    put(16, time.minutes().count());
    put(19, time.seconds().count());
    return out;
}

std::optional<utc_time> parse_time(std::string_view text, naive_time naive) noexcept
{
    scanner in{text};
    int const year = in.number(4);
    bool const dashes = in.take('-');
    int const month = in.number(2);
    if (dashes)
        in.expect("-");
    int const day = in.number(2);
    if (!in.take('T') && !in.take(' '))
        in.fail();
    int const hour = in.number(2);
    bool const colons = in.take(':');
    int const minute = in.number(2);
    if (colons)
        in.expect(":");
    int const second = in.number(2);
    int const millisecond = in.take('.') ? in.fraction() : 0;
    auto const zone = read_zone(in);

    if (!in.ok() || !in.at_end() || (!zone && naive == naive_time::is_rejected))
        return std::nullopt;
    auto const local = assemble(year, month, day, hour, minute, second);
    if (!local)
        return std::nullopt;
    return *local + chrono::milliseconds{millisecond} - zone.value_or(chrono::minutes{0});
}

std::optional<utc_time> parse_http_date(std::string_view text) noexcept
{
    static constexpr std::array<std::string_view, 12> months{
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    static constexpr std::array<std::string_view, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

    if (text.size() < 11 || text.substr(3, 2) != ", ")
        return std::nullopt;
    if (std::ranges::find(days, text.substr(0, 3)) == days.end())
        return std::nullopt;
    scanner in{text.substr(5)};
    int const day = in.number(2);
    in.expect(" ");
    auto const month = std::ranges::find(months, text.substr(8, 3));
    if (month == months.end())
        return std::nullopt;
    in.expect(*month);
    in.expect(" ");
    int const year = in.number(4);
    in.expect(" ");
    int const hour = in.number(2);
    in.expect(":");
    int const minute = in.number(2);
    in.expect(":");
    int const second = in.number(2);
    in.expect(" GMT");
    if (!in.ok() || !in.at_end())
        return std::nullopt;
    return assemble(year, static_cast<int>(month - months.begin()) + 1, day, hour, minute, second);
}

} // namespace checkwatches
