#include "adapters/savannah/words.hpp"

#include "adapters/wire/text.hpp"

#include <algorithm>
#include <array>

namespace checkwatches::adapters::savannah {
namespace {

struct state_word {
    std::string_view resolution;
    status open;
    std::optional<status> closed;
};
constexpr std::array<state_word, 18> states{{
    {"", status::new_, std::nullopt}, // a site without the field: closed, and nobody says why
    {"none", status::new_, status::fix_released},
    {"fixed", status::fix_committed, status::fix_released},
    {"done", status::fix_committed, status::fix_released},
    {"confirmed", status::confirmed, std::nullopt},
    {"in progress", status::in_progress, std::nullopt},
    {"ready for test", status::fix_committed, std::nullopt},
    {"patch submitted", status::fix_committed, std::nullopt},
    {"need info", status::incomplete, std::nullopt},
    {"postponed", status::confirmed, status::wont_fix},
    {"wont fix", status::wont_fix, status::wont_fix},
    {"won't fix", status::wont_fix, status::wont_fix},
    {"wont do", status::wont_fix, status::wont_fix},
    {"won't do", status::wont_fix, status::wont_fix},
    {"invalid", status::invalid, status::invalid},
    {"works for me", status::invalid, status::invalid},
    {"duplicate", status::invalid, status::invalid},
    {"not a bug", status::invalid, status::invalid},
}};

constexpr std::array<std::pair<std::string_view, importance>, 6> severities{{
    {"1 - wish", importance::wishlist},
    {"2 - minor", importance::low},
    {"3 - normal", importance::medium},
    {"4 - important", importance::high},
    {"5 - blocker", importance::critical},
    {"6 - security", importance::critical},
}};
constexpr std::array<std::pair<std::string_view, importance>, 5> priorities{{
    {"1 - later", importance::low},
    {"3 - low", importance::low},
    {"5 - normal", importance::medium},
    {"7 - high", importance::high},
    {"9 - immediate", importance::critical},
}};

std::string folded(std::string_view word)
{
    return wire::lower(wire::trimmed(word));
}

bool is_none(std::string_view word)
{
    auto const known = folded(word);
    return known.empty() || known == "none";
}

std::optional<status> state_of(raw_words const& words)
{
    auto const found = std::ranges::find(states, folded(words.resolution), &state_word::resolution);
    auto const state = folded(words.status);
    if (found == states.end())
        return std::nullopt;
    if (state == "open")
        return found->open;
    return state == "closed" ? found->closed : std::nullopt;
}

template <class Table>
std::optional<importance> look_up(Table const& table, std::string_view word)
{
    auto const found = std::ranges::find(table, folded(word), [](auto const& entry) { return entry.first; });
    return found == table.end() ? std::nullopt : std::optional{found->second};
}

std::optional<importance> weight_of(raw_words const& words)
{
    if (is_none(words.severity) && is_none(words.priority))
        return importance::unknown;
    auto const by_severity = is_none(words.severity) ? std::optional{importance::medium}
                                                     : look_up(severities, words.severity);
    if (by_severity != importance::medium || is_none(words.priority))
        return by_severity;
    return look_up(priorities, words.priority);
}

} // namespace

verdict interpret(raw_words const& words)
{
    verdict out{.state = state_of(words), .weight = weight_of(words)};
    if (!out.state && !remote_status(words).empty())
        out.unmapped.push_back({.field = "status", .word = remote_status(words)});
    if (!out.weight)
        out.unmapped.push_back({.field = "importance", .word = remote_importance(words)});
    return out;
}

} // namespace checkwatches::adapters::savannah
