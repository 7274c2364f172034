#include "adapters/bugzilla/place.hpp"

#include "adapters/wire/text.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

namespace checkwatches::adapters::bugzilla {
namespace {

// Takes the next run of digits off `text`; nothing where there is none. A run that is too long for an int
// counts as the largest.
std::optional<int> next_number(std::string_view& text) noexcept
{
    constexpr std::string_view digits = "0123456789";
    auto const start = text.find_first_of(digits);
    if (start == std::string_view::npos)
        return std::nullopt;
    text.remove_prefix(start);
    auto const run = text.substr(0, text.find_first_not_of(digits));
    text.remove_prefix(run.size());
    int value = 0;
    auto const read = std::from_chars(run.data(), run.data() + run.size(), value);
    return read.ec == std::errc{} ? value : std::numeric_limits<int>::max();
}

bool is_letter(char c) noexcept
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_alias(std::string_view text) noexcept
{
    constexpr std::size_t longest = 40;
    auto const fits = [](char c) {
        return is_letter(c) || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
    };
    return !text.empty() && text.size() <= longest && is_letter(text.front())
           && std::ranges::all_of(text, fits);
}

} // namespace

web_url const& root_of(remote const& at) noexcept
{
    return at.api() ? *at.api() : at.base();
}

place place_of(remote const& at, capabilities const& can)
{
    return place{
        .root = root_of(at),
        .can = can,
        .signed_in = at.has_credential() && login_for(can.login).has_value()};
}

std::optional<login_place> login_for(std::string_view way)
{
    using enum login_place::where;
    if (way == way::query)
        return login_place{.place = query, .name = "api_key"};
    if (way == way::header)
        return login_place{.place = header, .name = "X-BUGZILLA-API-KEY"};
    if (way == way::bearer)
        return login_place{.place = header, .name = "Authorization", .prefix = "Bearer "};
    if (way == way::member || way == way::password)
        return login_place{.place = body};
    return std::nullopt;
}

request get(web_url const& root, std::string_view relative, std::string_view way)
{
    return request{.url = join(root, relative), .login = login_for(way)};
}

std::string_view way_of(place const& where) noexcept
{
    return where.signed_in ? std::string_view{where.can.login} : std::string_view{};
}

bool at_least(std::string_view version, std::initializer_list<int> wanted) noexcept
{
    auto own = next_number(version);
    if (!own)
        return false;
    for (int const want : wanted) {
        int const have = own.value_or(0);
        if (have != want)
            return have > want;
        own = next_number(version);
    }
    return true;
}

bool is_mozilla(std::string_view version) noexcept
{
    return at_least(version, {2000});
}

bool is_red_hat(std::string_view version) noexcept
{
    return version.find(".rh") != std::string_view::npos;
}

std::optional<std::string> normal_id(std::string_view text)
{
    auto number = wire::normal_number(text);
    if (!number.empty())
        return is_normal_number(number) ? std::optional{std::move(number)} : std::nullopt;
    auto const alias = wire::trimmed(text);
    return is_alias(alias) ? std::optional{std::string{alias}} : std::nullopt;
}

bool is_normal_number(std::string_view text) noexcept
{
    constexpr std::string_view largest = "2147483647";
    return wire::is_number(text) && text.front() != '0'
           && (text.size() < largest.size() || (text.size() == largest.size() && text <= largest));
}

} // namespace checkwatches::adapters::bugzilla
