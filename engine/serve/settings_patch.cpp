#include "engine/serve/settings_patch.hpp"

#include "engine/core/control_characters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

namespace checkwatches::serve {
namespace {

using storage::tracker_settings;

constexpr std::int64_t most_batch = 10'000;
constexpr std::int64_t most_lanes = 64;
constexpr std::int64_t most_connections = 1'000;
constexpr double least_rate = 1e-4; // one request in some three hours
constexpr double most_rate = 1e6;
constexpr std::size_t most_products = 1'000;
constexpr std::size_t longest_text = 1'000;

struct one_setting {
    std::string_view name;
    void (*take)(tracker_settings& into, tracker_settings const& from);
};

template <auto Member>
constexpr one_setting setting(std::string_view name)
{
    return {name, [](tracker_settings& into, tracker_settings const& from) { into.*Member = from.*Member; }};
}

constexpr std::array all_settings{
    setting<&tracker_settings::batch>("batch"),
    setting<&tracker_settings::lanes>("lanes"),
    setting<&tracker_settings::connections>("connections"),
    setting<&tracker_settings::requests_per_second>("requests_per_second"),
    setting<&tracker_settings::changed_since>("changed_since"),
    setting<&tracker_settings::comments>("comments"),
    setting<&tracker_settings::comments_of>("comments_of")};

error wrong(std::string what)
{
    return error{.kind = error_kind::usage, .message = std::move(what)};
}

} // namespace

result<void> check_text(std::string_view name, std::string_view text, text_lines lines)
{
    if (text.size() > longest_text)
        return wrong(fmt::format("\"{}\" has at most {} bytes", name, longest_text));
    auto const is_misplaced = [&](char c) {
        bool const ends_line = lines == text_lines::several && c == '\n';
        return is_control(c) && !ends_line;
    };
    if (std::ranges::any_of(text, is_misplaced))
        return wrong(fmt::format("\"{}\" holds a control character", name));
    return {};
}

result<void> check_settings(tracker_settings const& set, std::vector<std::string> const& only)
{
    for (auto const& name : only)
        if (std::ranges::find(all_settings, name, &one_setting::name) == all_settings.end())
            return wrong(fmt::format("there is no setting \"{}\"", name));
    auto const is_within = [](std::optional<std::int64_t> const& n, std::int64_t most) {
        return !n || (*n >= 1 && *n <= most);
    };
    if (!is_within(set.batch, most_batch))
        return wrong(fmt::format("\"batch\" must be 1 to {}", most_batch));
    if (!is_within(set.lanes, most_lanes))
        return wrong(fmt::format("\"lanes\" must be 1 to {}", most_lanes));
    if (!is_within(set.connections, most_connections))
        return wrong(fmt::format("\"connections\" must be 1 to {}", most_connections));
    if (auto const& rate = set.requests_per_second;
        rate && *rate != 0 && !(std::isfinite(*rate) && *rate >= least_rate && *rate <= most_rate))
        return wrong(
            fmt::format("\"requests_per_second\" must be 0 (no limit), or {} to {}", least_rate, most_rate));
    if (set.comments_of.size() > most_products)
        return wrong(fmt::format("\"comments_of\" names at most {} products", most_products));
    for (auto const& product : set.comments_of)
        if (auto const good = check_text("comments_of", product); !good)
            return good;
    return {};
}

void take_settings(tracker_settings& into, tracker_settings const& from, std::vector<std::string> const& only)
{
    for (auto const& one : all_settings)
        if (only.empty() || std::ranges::find(only, one.name) != only.end())
            one.take(into, from);
}

} // namespace checkwatches::serve
