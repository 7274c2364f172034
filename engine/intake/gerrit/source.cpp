#include "engine/intake/gerrit/source.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace checkwatches::intake::gerrit {
namespace {

constexpr std::string_view id_slot = "{id}";

// A value as Gerrit's query language takes it, whatever characters it has.
std::string quoted(std::string const& text)
{
    std::string out{"\""};
    for (char const c : text) {
        if (c == '"' || c == '\\')
            out += '\\';
        out += c;
    }
    return out + '"';
}

std::string projects_of(source const& of)
{
    std::string out;
    for (auto const& project : of.projects)
        out += (out.empty() ? "" : " OR ") + ("project:" + quoted(project));
    return of.projects.size() > 1 ? "(" + out + ")" : out;
}

// "14d" as a span; nothing where it is none.
std::optional<std::chrono::seconds> read_age(std::string_view text)
{
    using std::chrono::days;
    using std::chrono::hours;
    using std::chrono::minutes;
    using std::chrono::seconds;
    constexpr std::array<std::pair<std::string_view, seconds>, 25> units{{
        {"s", seconds{1}},    {"sec", seconds{1}}, {"second", seconds{1}}, {"seconds", seconds{1}},
        {"m", minutes{1}},    {"min", minutes{1}}, {"minute", minutes{1}}, {"minutes", minutes{1}},
        {"h", hours{1}},      {"hr", hours{1}},    {"hour", hours{1}},     {"hours", hours{1}},
        {"d", days{1}},       {"day", days{1}},    {"days", days{1}},      {"w", days{7}},
        {"week", days{7}},    {"weeks", days{7}},  {"mon", days{30}},      {"month", days{30}},
        {"months", days{30}}, {"y", days{365}},    {"year", days{365}},    {"years", days{365}},
        {"hrs", hours{1}},
    }};
    std::int64_t number = 0;
    auto const* const end = text.data() + text.size();
    auto const read = std::from_chars(text.data(), end, number);
    if (read.ec != std::errc{} || number < 1 || number > 100'000)
        return std::nullopt;
    std::string_view const unit{read.ptr, static_cast<std::size_t>(end - read.ptr)};
    auto const found = std::ranges::find(units, unit, [](auto const& one) { return one.first; });
    if (found == units.end())
        return std::nullopt;
    return number * found->second;
}

} // namespace

storage::recheck_source record_of(source const& of)
{
    return {
        .name = of.name, .url = of.url.text(), .bugs = of.bugs, .every = of.every, .folder = of.signatures};
}

std::string bug_url(std::string const& bugs, std::string_view id)
{
    auto out = bugs;
    if (auto const at = out.find(id_slot); at != std::string::npos)
        out.replace(at, id_slot.size(), id);
    return out;
}

std::string query_of(source const& of, std::optional<utc_time> newest)
{
    auto out = of.query;
    auto const add = [&](std::string const& more) {
        if (!more.empty())
            out += (out.empty() ? "" : " ") + more;
    };
    add(projects_of(of));
    if (newest)
        add(fmt::format(
            "after:\"{:%Y-%m-%d %H:%M:%S}\"",
            std::chrono::floor<std::chrono::seconds>(*newest - after_overlap)));
    return out;
}

web_url question(source const& of, std::string const& query, std::size_t start, bool has_login)
{
    std::vector<std::pair<std::string, std::string>> fields{
        {"q", query}, {"o", "MESSAGES"}, {"n", std::to_string(page_size)}};
    if (start != 0)
        fields.emplace_back("S", std::to_string(start));
    return join(of.url, (has_login ? "a/changes/?" : "changes/?") + form_encode(fields));
}

std::optional<std::chrono::seconds> horizon_of(std::string_view query)
{
    for (std::string_view const without : {"NOT age:", "-age:"}) {
        auto const at = query.find(without);
        if (at == std::string_view::npos)
            continue;
        auto age = query.substr(at + without.size());
        return read_age(age.substr(0, age.find_first_of(" )")));
    }
    return std::nullopt;
}

utc_time due_at(storage::recheck_source const& s)
{
    constexpr std::chrono::minutes first{1};
    if (!s.tried_at)
        return utc_time::min();
    auto pause = s.every;
    if (s.failures > 0)
        pause = std::min<std::chrono::seconds>(
            s.every, first * (1 << std::min<std::int64_t>(s.failures - 1, 10)));
    return *s.tried_at + pause;
}

} // namespace checkwatches::intake::gerrit
