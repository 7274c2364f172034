#include "adapters/roundup/words.hpp"

#include "adapters/wire/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace checkwatches::adapters::roundup {
namespace {

using status_word = std::pair<std::string_view, status>;
using importance_word = std::pair<std::string_view, importance>;

// Statuses that a resolution changes nothing about. Folded: lower case, blanks for "-" and "_".
constexpr std::array statuses{
    status_word{"new", status::new_},
    status_word{"unread", status::new_},
    status_word{"deferred", status::confirmed},
    status_word{"chatting", status::incomplete},
    status_word{"need eg", status::incomplete},
    status_word{"in progress", status::in_progress},
    status_word{"testing", status::in_progress},
    status_word{"done cbb", status::fix_committed},
    status_word{"resolved", status::fix_released},
};

// What they mean without a resolution, and with one.
constexpr std::array states{
    status_word{"open", status::new_},
    status_word{"languishing", status::confirmed},
    status_word{"pending", status::incomplete},
    status_word{"closed", status::fix_released},
};

struct resolution_word {
    std::string_view word;
    status open;
    status pending;
    status closed;
};
constexpr std::array resolutions{
    resolution_word{"none", status::new_, status::incomplete, status::wont_fix},
    resolution_word{"accepted", status::confirmed, status::confirmed, status::fix_committed},
    resolution_word{"duplicate", status::confirmed, status::confirmed, status::invalid},
    resolution_word{"fixed", status::fix_committed, status::fix_committed, status::fix_released},
    resolution_word{"invalid", status::invalid, status::invalid, status::invalid},
    resolution_word{"not a bug", status::invalid, status::invalid, status::invalid},
    resolution_word{"later", status::confirmed, status::confirmed, status::confirmed},
    resolution_word{"out of date", status::invalid, status::invalid, status::invalid},
    resolution_word{"postponed", status::confirmed, status::wont_fix, status::wont_fix},
    resolution_word{"rejected", status::wont_fix, status::wont_fix, status::wont_fix},
    resolution_word{"remind", status::confirmed, status::confirmed, status::confirmed},
    resolution_word{"wontfix", status::wont_fix, status::wont_fix, status::wont_fix},
    resolution_word{"wont fix", status::wont_fix, status::wont_fix, status::wont_fix},
    resolution_word{"works for me", status::invalid, status::invalid, status::invalid},
};

constexpr std::array importances{
    importance_word{"release blocker", importance::critical},
    importance_word{"critical", importance::critical},
    importance_word{"urgent", importance::high},
    importance_word{"high", importance::high},
    importance_word{"bug", importance::medium},
    importance_word{"normal", importance::medium},
    importance_word{"medium", importance::medium},
    importance_word{"low", importance::low},
    importance_word{"feature", importance::wishlist},
    importance_word{"wish", importance::wishlist},
};

std::string folded(std::string_view word)
{
    auto out = wire::lower(wire::trimmed(word));
    std::ranges::replace(out, '_', ' ');
    std::ranges::replace(out, '-', ' ');
    std::erase(out, '\'');
    return out;
}

template <class Table>
auto look_up(Table const& table, std::string_view word)
{
    auto const found = std::ranges::find(table, word, [](auto const& entry) { return entry.first; });
    return found == table.end() ? std::nullopt : std::optional{found->second};
}

std::optional<status> status_of(std::string_view state, std::string_view resolution)
{
    if (auto const known = look_up(statuses, state))
        return known;
    auto const plain = look_up(states, state);
    if (!plain || resolution.empty())
        return plain;
    auto const found = std::ranges::find(resolutions, resolution, &resolution_word::word);
    if (found == resolutions.end())
        return std::nullopt;
    if (state == "closed")
        return found->closed;
    if (state == "pending")
        return found->pending;
    return resolution == "none" ? plain : found->open;
}

} // namespace

verdict interpret(raw_words const& words)
{
    verdict out;
    auto const state = folded(words.status);
    auto const resolution = folded(words.resolution);
    out.state = status_of(state, resolution);
    if (!out.state && !remote_status(words).empty())
        out.unmapped.push_back({.field = "status", .word = remote_status(words)});

    auto const priority = folded(words.priority);
    auto const weight = priority.empty() ? folded(words.severity) : priority;
    out.weight = weight.empty() || weight == hidden ? importance::unknown : look_up(importances, weight);
    if (!out.weight)
        out.unmapped.push_back({.field = "importance", .word = remote_importance(words)});
    return out;
}

} // namespace checkwatches::adapters::roundup
