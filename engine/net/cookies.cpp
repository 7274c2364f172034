#include "engine/net/cookies.hpp"

#include "engine/core/ascii.hpp"
#include "engine/core/control_characters.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/beast/core/string.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace checkwatches::net {
namespace {

constexpr std::size_t most_cookies = 50;
constexpr std::size_t longest_cookie = 4096;

std::string_view trim(std::string_view text)
{
    auto const first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Takes the part before `mark` off the front of `text`, and the mark.
std::string_view take_until(std::string_view& text, char mark)
{
    auto const part = text.substr(0, text.find(mark));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
    return part;
}

// Such a cookie could not be sent back.
bool has_control(std::string_view text)
{
    return std::ranges::any_of(text, is_control);
}

bool is_address(std::string const& host)
{
    boost::system::error_code ec;
    boost::asio::ip::make_address(host, ec);
    return !ec;
}

// RFC 6265 §5.1.3.
bool domain_matches(std::string const& host, std::string const& domain)
{
    return host == domain
           || (host.size() > domain.size() && host.ends_with(domain)
               && host[host.size() - domain.size() - 1] == '.' && !is_address(host));
}

// RFC 6265 §5.1.4.
bool path_matches(std::string_view request, std::string_view path)
{
    return request.starts_with(path)
           && (request.size() == path.size() || path.ends_with('/') || request[path.size()] == '/');
}

std::string default_path(std::string const& path)
{
    auto const slash = path.rfind('/');
    return slash == 0 || slash == std::string::npos ? "/" : path.substr(0, slash);
}

std::optional<int> number(std::string_view text)
{
    int value{};
    auto const [stop, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (ec != std::errc{} || stop != text.data() + text.size())
        return std::nullopt;
    return value;
}

struct date_parts {
    std::optional<int> day, month, year;
    std::optional<std::array<int, 3>> clock;
};

std::optional<std::array<int, 3>> parse_clock(std::string_view text)
{
    auto const hour = number(take_until(text, ':'));
    auto const minute = number(take_until(text, ':'));
    auto const second = number(text);
    if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 59)
        return std::nullopt;
    return std::array{*hour, *minute, *second};
}

void read_date_word(std::string_view word, date_parts& into)
{
    static constexpr std::string_view months = "janfebmaraprmayjunjulaugsepoctnovdec";

    if (!into.clock && word.find(':') != std::string_view::npos) {
        into.clock = parse_clock(word);
        return;
    }
    if (auto const n = number(word)) {
        if (!into.day && word.size() <= 2)
            into.day = n;
        else if (!into.year && (word.size() == 2 || word.size() == 4))
            into.year = word.size() == 4 ? *n : *n + (*n < 70 ? 2000 : 1900);
        return;
    }
    auto const at = word.size() >= 3 ? months.find(lower(word.substr(0, 3))) : std::string_view::npos;
    if (!into.month && at != std::string_view::npos && at % 3 == 0)
        into.month = static_cast<int>(at / 3) + 1;
}

// RFC 6265 §5.1.1: whatever looks like a day, a month, a year and a time, in any order.
std::optional<utc_time> parse_cookie_date(std::string_view text)
{
    namespace chrono = std::chrono;
    date_parts got;
    while (!text.empty()) {
        auto const word = text.substr(0, text.find_first_of(" ,-;/"));
        text.remove_prefix(std::min(text.size(), word.size() + 1));
        read_date_word(word, got);
    }
    if (!got.day || !got.month || !got.year || !got.clock || *got.day < 1 || *got.year < 1601)
        return std::nullopt;
    chrono::year_month_day const date{
        chrono::year{*got.year},
        chrono::month{static_cast<unsigned>(*got.month)},
        chrono::day{static_cast<unsigned>(*got.day)}};
    if (!date.ok())
        return std::nullopt;
    auto const [hour, minute, second] = *got.clock;
    return chrono::sys_days{date} + chrono::hours{hour} + chrono::minutes{minute} + chrono::seconds{second};
}

// RFC 6265 §5.2.2. A lifetime of years is cut to one: no session lives longer.
std::optional<utc_time> parse_max_age(std::string_view text, utc_time now)
{
    constexpr std::chrono::seconds year = std::chrono::hours{24 * 366};
    bool const negative = text.starts_with('-');
    auto const digits = negative ? text.substr(1) : text;
    if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos)
        return std::nullopt;
    auto const n = number(digits);
    if (negative || n == 0)
        return utc_time::min();
    return now + (n ? std::min(std::chrono::seconds{*n}, year) : year);
}

} // namespace

// Reads the attributes behind the name and value into a cookie that has the defaults for `from`.
void cookie_jar::read_attributes(cookie& c, web_url const& from, std::string_view attributes, utc_time now)
{
    bool max_age = false; // which wins over Expires
    while (!attributes.empty()) {
        auto rest = take_until(attributes, ';');
        auto const name = trim(take_until(rest, '='));
        auto const value = trim(rest);
        if (same_word(name, "secure")) {
            c.secure = true;
        }
        else if (same_word(name, "path")) {
            c.path = value.starts_with('/') ? std::string{value} : default_path(from.path);
        }
        else if (same_word(name, "domain") && !value.empty()) {
            c.domain = lower(value.starts_with('.') ? value.substr(1) : value);
            c.host_only = false;
        }
        else if (same_word(name, "max-age")) {
            if (auto const end = parse_max_age(value, now)) {
                c.expires = end;
                max_age = true;
            }
        }
        else if (same_word(name, "expires") && !max_age) {
            c.expires = parse_cookie_date(value);
        }
    }
}

void cookie_jar::store(web_url const& from, std::string_view set_cookie, utc_time now)
{
    if (set_cookie.size() > longest_cookie || has_control(set_cookie))
        return;
    auto pair = take_until(set_cookie, ';');
    if (pair.find('=') == std::string_view::npos)
        return;
    cookie c;
    c.name = trim(take_until(pair, '='));
    c.value = trim(pair);
    c.domain = from.host;
    c.path = default_path(from.path);
    read_attributes(c, from, set_cookie, now);

    bool const acceptable = !c.name.empty() && domain_matches(from.host, c.domain)
                            && (c.domain == from.host || c.domain.find('.') != std::string::npos)
                            && (!c.secure || from.scheme == "https");
    if (!acceptable)
        return;
    // A cookie replaces its namesake; one that has expired only takes it away.
    std::erase_if(cookies_, [&](cookie const& old) {
        bool const same = old.name == c.name && old.domain == c.domain && old.path == c.path;
        return same || (old.expires && *old.expires <= now);
    });
    if (c.expires && *c.expires <= now)
        return;
    if (cookies_.size() == most_cookies)
        cookies_.erase(cookies_.begin());
    cookies_.push_back(std::move(c));
}

std::string cookie_jar::header(web_url const& to, utc_time now) const
{
    std::vector<cookie const*> fitting;
    for (auto const& c : cookies_) {
        bool const host = c.host_only ? to.host == c.domain : domain_matches(to.host, c.domain);
        bool const fits = host && path_matches(to.path, c.path) && (!c.secure || to.scheme == "https")
                          && (!c.expires || *c.expires > now);
        if (fits)
            fitting.push_back(&c);
    }
    // Longer paths first; among equals the older first (RFC 6265 §5.4).
    std::ranges::sort(fitting, [](cookie const* a, cookie const* b) {
        return a->path.size() != b->path.size() ? a->path.size() > b->path.size() : a < b;
    });
    std::string out;
    for (auto const* c : fitting) {
        if (!out.empty())
            out += "; ";
        out += c->name;
        out += '=';
        out += c->value;
    }
    return out;
}

} // namespace checkwatches::net
