#include "adapters/mantis/words.hpp"

#include "adapters/wire/text.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace checkwatches::adapters::mantis {
namespace {

using numbered = std::pair<std::int64_t, std::string_view>;

constexpr std::array<numbered, 7> stock_statuses{{
    {10, "new"},
    {20, "feedback"},
    {30, "acknowledged"},
    {40, "confirmed"},
    {50, "assigned"},
    {80, "resolved"},
    {90, "closed"},
}};
constexpr std::array<numbered, 9> stock_resolutions{{
    {10, "open"},
    {20, "fixed"},
    {30, "reopened"},
    {40, "unable to duplicate"},
    {50, "not fixable"},
    {60, "duplicate"},
    {70, "not a bug"},
    {80, "suspended"},
    {90, "wont fix"},
}};
constexpr std::array<numbered, 6> stock_priorities{{
    {10, "none"},
    {20, "low"},
    {30, "normal"},
    {40, "high"},
    {50, "urgent"},
    {60, "immediate"},
}};
constexpr std::array<numbered, 8> stock_severities{{
    {10, "feature"},
    {20, "trivial"},
    {30, "text"},
    {40, "tweak"},
    {50, "minor"},
    {60, "major"},
    {70, "crash"},
    {80, "block"},
}};

constexpr std::array<std::pair<std::string_view, status>, 5> open_states{{
    {"new", status::new_},
    {"feedback", status::incomplete},
    {"acknowledged", status::confirmed},
    {"confirmed", status::confirmed},
    {"assigned", status::in_progress},
}};

constexpr std::array<std::pair<std::string_view, status>, 12> resolutions{{
    {"fixed", status::fix_released},
    {"reopened", status::new_},
    {"unable to reproduce", status::invalid},
    {"unable to duplicate", status::invalid},
    {"not fixable", status::invalid},
    {"duplicate", status::invalid},
    {"no change required", status::invalid},
    {"not a bug", status::invalid},
    {"not an issue", status::invalid},
    {"suspended", status::invalid},
    {"won't fix", status::wont_fix},
    {"wont fix", status::wont_fix},
}};

constexpr std::array<std::pair<std::string_view, importance>, 6> priorities{{
    {"none", importance::undecided},
    {"low", importance::low},
    {"normal", importance::medium},
    {"high", importance::high},
    {"urgent", importance::critical},
    {"immediate", importance::critical},
}};

constexpr std::array<std::pair<std::string_view, importance>, 8> severities{{
    {"feature", importance::wishlist},
    {"trivial", importance::low},
    {"text", importance::low},
    {"tweak", importance::low},
    {"minor", importance::medium},
    {"major", importance::high},
    {"crash", importance::high},
    {"block", importance::high},
}};

std::string folded(std::string_view word)
{
    return wire::lower(wire::trimmed(word));
}

template <class Table>
auto look_up(Table const& table, std::string_view word)
{
    auto const found = std::ranges::find(table, word, [](auto const& entry) { return entry.first; });
    return found == table.end() ? std::nullopt : std::optional{found->second};
}

std::optional<status> state_of(std::string const& state, std::string const& resolution)
{
    bool const over = state == "resolved" || state == "closed";
    return over ? look_up(resolutions, resolution) : look_up(open_states, state);
}

std::optional<importance> weight_of(std::string const& priority, std::string const& severity)
{
    auto const by_severity = look_up(severities, severity);
    if (by_severity == importance::wishlist)
        return by_severity;
    if (priority.empty())
        return severity.empty() ? std::optional{importance::unknown} : by_severity;
    auto const by_priority = look_up(priorities, priority);
    bool const urgent = by_priority == importance::high || by_priority == importance::critical;
    bool const plain = severity == "minor" || severity == "major";
    if (!by_priority || urgent || plain || !by_severity)
        return by_priority;
    return by_severity;
}

} // namespace

verdict interpret(raw_words const& words)
{
    verdict out;
    auto const state = folded(words.status);
    out.state = state_of(state, folded(words.resolution));
    if (!out.state && !remote_status(words).empty())
        out.unmapped.push_back({.field = "status", .word = remote_status(words)});
    out.weight = weight_of(folded(words.priority), folded(words.severity));
    if (!out.weight)
        out.unmapped.push_back({.field = "importance", .word = remote_importance(words)});
    return out;
}

std::string_view stock_word(field of, std::int64_t number) noexcept
{
    auto const word_in = [&](std::span<numbered const> all) {
        auto const found = std::ranges::find(all, number, &numbered::first);
        return found == all.end() ? std::string_view{} : found->second;
    };
    switch (of) {
    case field::status: return word_in(stock_statuses);
    case field::resolution: return word_in(stock_resolutions);
    case field::priority: return word_in(stock_priorities);
    case field::severity: return word_in(stock_severities);
    }
    return {};
}

bool is_duplicate(std::string_view resolution)
{
    return folded(resolution) == "duplicate";
}

} // namespace checkwatches::adapters::mantis
