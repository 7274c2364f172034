#include "engine/app/tracker_options.hpp"

#include "engine/core/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace checkwatches::app {
namespace {

using storage::tracker_settings;

error wrong(std::string message)
{
    return error{.kind = error_kind::usage, .message = std::move(message)};
}

// A number that is the whole of a text; nothing for anything else.
template <class Number>
std::optional<Number> number_in(std::string_view text)
{
    Number number{};
    auto const read = std::from_chars(text.data(), text.data() + text.size(), number);
    bool const is_whole = read.ptr == text.data() + text.size();
    return read.ec == std::errc{} && is_whole ? std::optional{number} : std::nullopt;
}

// One setting: its key, what it may be, and how it is read and written. `set` is false for what it may not
// be.
struct setting {
    std::string_view key;
    std::string_view may_be;
    bool (*set)(tracker_settings& in, std::string_view value);
    void (*clear)(tracker_settings& in);
    std::optional<std::string> (*get)(tracker_settings const& in);
};

template <auto Member, std::int64_t Most>
bool set_count(tracker_settings& in, std::string_view value)
{
    auto const number = number_in<std::int64_t>(value);
    in.*Member = number;
    return number && *number >= 1 && *number <= Most;
}

template <auto Member>
std::optional<std::string> get(tracker_settings const& in)
{
    return in.*Member ? std::optional{fmt::format("{}", *(in.*Member))} : std::nullopt;
}

template <auto Member>
void clear(tracker_settings& in)
{
    (in.*Member).reset();
}

bool set_rate(tracker_settings& in, std::string_view value)
{
    auto const number = number_in<double>(value);
    in.requests_per_second = number;
    return number && std::isfinite(*number) && *number >= 0 && *number <= 1e6;
}

template <auto Member>
bool set_flag(tracker_settings& in, std::string_view value)
{
    in.*Member = value == "true";
    return value == "true" || value == "false";
}

// Products have commas in their names, and hardly semicolons.
bool set_products(tracker_settings& in, std::string_view value)
{
    in.comments_of.clear();
    while (!value.empty()) {
        auto const name = value.substr(0, value.find(';'));
        value.remove_prefix(std::min(value.size(), name.size() + 1));
        if (auto const product = trimmed(name); !product.empty())
            in.comments_of.emplace_back(product);
    }
    return !in.comments_of.empty();
}

void clear_products(tracker_settings& in)
{
    in.comments_of.clear();
}

std::optional<std::string> get_products(tracker_settings const& in)
{
    if (in.comments_of.empty())
        return std::nullopt;
    return fmt::format("{}", fmt::join(in.comments_of, ";"));
}

constexpr std::array all_settings{
    setting{
        "batch",
        "a whole number from 1 to 10000: bugs in one request",
        set_count<&tracker_settings::batch, 10'000>,
        clear<&tracker_settings::batch>,
        get<&tracker_settings::batch>},
    setting{
        "lanes",
        "a whole number from 1 to 64: batches under way at a time",
        set_count<&tracker_settings::lanes, 64>,
        clear<&tracker_settings::lanes>,
        get<&tracker_settings::lanes>},
    setting{
        "connections",
        "a whole number from 1 to 1000: open at a time to its host",
        set_count<&tracker_settings::connections, 1'000>,
        clear<&tracker_settings::connections>,
        get<&tracker_settings::connections>},
    setting{
        "requests_per_second",
        "a number from 0 to 1000000: to its host; 0: no limit of our own",
        set_rate,
        clear<&tracker_settings::requests_per_second>,
        get<&tracker_settings::requests_per_second>},
    setting{
        "changed_since",
        "true or false: whether it is asked what changed instead of for everything",
        set_flag<&tracker_settings::changed_since>,
        clear<&tracker_settings::changed_since>,
        get<&tracker_settings::changed_since>},
    setting{
        "comments",
        "true or false: whether what is written about its bugs is imported",
        set_flag<&tracker_settings::comments>,
        clear<&tracker_settings::comments>,
        get<&tracker_settings::comments>},
    setting{
        "comments_of",
        "names of products with semicolons between them: comments are imported for these only",
        set_products,
        clear_products,
        get_products},
};

std::string all_keys()
{
    std::string out;
    for (auto const& known : all_settings)
        out += fmt::format("{}{}", out.empty() ? "" : ", ", known.key);
    return out;
}

} // namespace

result<changed_setting> parse_setting(std::string_view text)
{
    auto const equals = text.find('=');
    if (equals == 0 || equals == std::string_view::npos)
        return wrong(fmt::format(
            "\"{}\" is no setting: KEY=VALUE is expected, or KEY= for the configuration's; the keys are {}",
            text,
            all_keys()));
    return changed_setting{
        .key = std::string{text.substr(0, equals)}, .value = std::string{text.substr(equals + 1)}};
}

result<tracker_settings> with_setting(tracker_settings before, changed_setting const& change)
{
    auto const* const known = std::ranges::find(all_settings, change.key, &setting::key);
    if (known == all_settings.end())
        return wrong(fmt::format("there is no setting \"{}\"; the keys are {}", change.key, all_keys()));
    if (change.value.empty())
        known->clear(before);
    else if (!known->set(before, change.value))
        return wrong(
            fmt::format("{} cannot be \"{}\"; it must be {}", change.key, change.value, known->may_be));
    return before;
}

std::vector<std::pair<std::string, std::string>> settings_in_words(tracker_settings const& settings)
{
    std::vector<std::pair<std::string, std::string>> out;
    for (auto const& known : all_settings)
        if (auto value = known.get(settings))
            out.emplace_back(known.key, std::move(*value));
    return out;
}

} // namespace checkwatches::app
