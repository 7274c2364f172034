#include "engine/net/rate.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace checkwatches::net {
namespace {

using std::chrono::seconds;

// A number of seconds below this counts from now, one above from 1970.
constexpr double smallest_epoch = 1e8;

struct limit_header {
    std::string_view limit;
    std::string_view remaining;
    std::string_view reset;
};
constexpr std::array<limit_header, 2> limit_headers{{
    {"X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"},
    {"RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"},
}};

seconds bounded(seconds wait)
{
    constexpr seconds longest = std::chrono::hours{24};
    return std::clamp(wait, seconds{1}, longest);
}

seconds until(utc_time at, utc_time now)
{
    return bounded(std::chrono::ceil<seconds>(at - now));
}

std::optional<double> number(std::string_view text)
{
    double value{};
    auto const [stop, ec] = std::from_chars(
        text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    if (ec != std::errc{} || stop != text.data() + text.size() || !(value >= 0) || value > 1e12)
        return std::nullopt;
    return value;
}

seconds whole(double value)
{
    auto const down = static_cast<long long>(value);
    return seconds{static_cast<double>(down) < value ? down + 1 : down};
}

} // namespace

std::optional<seconds> parse_retry_after(std::string_view text, utc_time now)
{
    if (auto const n = number(text))
        return bounded(whole(*n));
    if (auto const at = parse_http_date(text))
        return until(*at, now);
    return std::nullopt;
}

std::optional<seconds> parse_reset(std::string_view text, utc_time now)
{
    if (auto const n = number(text)) {
        if (*n < smallest_epoch)
            return bounded(whole(*n));
        return until(utc_time{whole(*n)}, now);
    }
    if (auto const at = parse_time(text, naive_time::is_utc))
        return until(*at, now);
    if (auto const at = parse_http_date(text))
        return until(*at, now);
    return std::nullopt;
}

announcement read_announcement(header_list const& headers, utc_time now)
{
    announcement out;
    auto const here = [&] { return parse_http_date(find_header(headers, "Date")).value_or(now); };
    if (auto const named = find_header(headers, "Retry-After"); !named.empty())
        out.retry_after = parse_retry_after(named, here());
    for (auto const& [limit, remaining, reset] : limit_headers) {
        auto const left = number(find_header(headers, remaining));
        if (!left)
            continue;
        auto const wait = parse_reset(find_header(headers, reset), here());
        auto const whole_left = static_cast<std::int64_t>(*left);
        if (!out.left || whole_left < *out.left) {
            out.left = whole_left;
            auto const most = number(find_header(headers, limit));
            out.limit = most ? std::optional{static_cast<std::int64_t>(*most)} : std::nullopt;
            out.reset = wait;
        }
        if (!wait)
            continue;
        if (*left >= 1) {
            quota const one{.left = static_cast<std::size_t>(*left), .reset = *wait};
            if (!out.remaining || one.left < out.remaining->left)
                out.remaining = one;
        }
        else if (!out.exhausted || *out.exhausted < *wait) {
            out.exhausted = wait;
        }
    }
    return out;
}

std::optional<refusal> read_refusal(unsigned status, announcement const& told)
{
    constexpr seconds unnamed = std::chrono::minutes{1};
    auto const named = told.retry_after ? told.retry_after : told.exhausted;
    bool const is_refused = status == 429 || (status == 403 && named);
    if (!is_refused)
        return std::nullopt;
    return refusal{.wait = named.value_or(unnamed), .is_named = named.has_value()};
}

} // namespace checkwatches::net
