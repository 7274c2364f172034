#include "engine/serve/log/push_request.hpp"

#include "engine/core/signature.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace checkwatches::serve {
namespace {

constexpr std::size_t longest_shown = 60; // of a value, in a message

error wrong(std::string what)
{
    return error{.kind = error_kind::usage, .message = std::move(what)};
}

// The last one counts where a parameter comes several times, as in the pushlog.
std::optional<std::string> last_value(http_fields const& query, std::string_view name)
{
    std::optional<std::string> out;
    for (auto const& [key, value] : query)
        if (key == name)
            out = value;
    return out;
}

std::vector<std::string> values(http_fields const& query, std::string_view name)
{
    std::vector<std::string> out;
    for (auto const& [key, value] : query)
        if (key == name && std::ranges::find(out, value) == out.end())
            out.push_back(value);
    return out;
}

std::optional<std::int64_t> read_number(std::string_view text)
{
    std::int64_t out = 0;
    auto const* const end = text.data() + text.size();
    auto const [stop, ec] = std::from_chars(text.data(), end, out);
    if (ec != std::errc{} || stop != end)
        return std::nullopt;
    return out;
}

result<push_bound> read_date(std::string_view name, std::string const& text)
{
    if (auto const when = read_push_date(text))
        return push_bound{*when};
    return wrong(fmt::format(
        "\"{}\": \"{}\" is no date; write YYYY-MM-DD, YYYY-MM-DD HH:MM:SS (UTC) or a time of RFC 3339",
        name,
        cut_text(text, longest_shown)));
}

result<push_bound> read_id(std::string_view name, std::string const& text)
{
    if (auto const id = read_number(text))
        return push_bound{*id};
    return wrong(fmt::format(
        "\"{}\": \"{}\" is no id of a push, a whole number", name, cut_text(text, longest_shown)));
}

struct names_of_a_bound {
    std::string_view date;
    std::string_view change;
    std::string_view id;
};

result<push_bound> read_bound(http_fields const& query, names_of_a_bound const& names)
{
    if (auto const text = last_value(query, names.date))
        return read_date(names.date, *text);
    if (auto text = last_value(query, names.change))
        return push_bound{change_hash{std::move(*text)}};
    if (auto const text = last_value(query, names.id))
        return read_id(names.id, *text);
    return push_bound{};
}

} // namespace

std::optional<utc_time> read_push_date(std::string_view text) noexcept
{
    constexpr std::array<std::string_view, 3> missing{"T00:00:00", ":00:00", ":00"};
    constexpr std::array<std::size_t, 3> shortened{10, 13, 16}; // "2026-11-22", " 08", ":15"
    constexpr std::size_t longest = 40;
    if (text.size() < shortened.front() || text.size() > longest || text[4] != '-' || text[7] != '-')
        return std::nullopt;
    if (text.size() > shortened.front() && text[10] != ' ' && text[10] != 'T')
        return std::nullopt;
    std::array<char, longest> whole{};
    auto end = std::ranges::copy(text, whole.begin()).out;
    for (std::size_t i = 0; i != shortened.size(); ++i)
        if (text.size() == shortened[i])
            end = std::ranges::copy(missing[i], end).out;
    return parse_time({whole.data(), static_cast<std::size_t>(end - whole.begin())}, naive_time::is_utc);
}

result<push_request> read_push_request(http_fields const& query)
{
    push_request out;
    auto begin = read_bound(query, {"startdate", "fromchange", "startID"});
    if (!begin)
        return begin.error();
    auto end = read_bound(query, {"enddate", "tochange", "endID"});
    if (!end)
        return end.error();
    out.begin = std::move(*begin);
    out.end = std::move(*end);
    out.users = values(query, "user");
    out.changesets = values(query, "changeset");
    if (out.users.size() > most_of_a_filter || out.changesets.size() > most_of_a_filter)
        return wrong(
            fmt::format("at most {} of \"user\" and of \"changeset\" go together", most_of_a_filter));
    out.branch = last_value(query, "branch");
    out.full = last_value(query, "full").has_value();
    auto const version = last_value(query, "version").value_or("1");
    if (version != "1" && version != "2")
        return wrong("\"version\" must be 1 or 2");
    out.version = version == "2" ? 2 : 1;
    return out;
}

} // namespace checkwatches::serve
