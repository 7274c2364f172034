#include "adapters/rt/words.hpp"

#include "adapters/wire/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace checkwatches::adapters::rt {
namespace {

using status_word = std::pair<std::string_view, status>;
using importance_word = std::pair<std::string_view, importance>;

constexpr std::array statuses{
    status_word{"new", status::new_},
    status_word{"open", status::confirmed},
    status_word{"stalled", status::confirmed},
    status_word{"approved", status::triaged},
    status_word{"patched", status::fix_committed},
    status_word{"pending release", status::fix_committed},
    status_word{"resolved", status::fix_released},
    status_word{"rejected", status::invalid},
    status_word{"deleted", status::invalid},
};

constexpr std::array severities{
    importance_word{"critical", importance::critical},
    importance_word{"important", importance::high},
    importance_word{"high", importance::high},
    importance_word{"normal", importance::medium},
    importance_word{"medium", importance::medium},
    importance_word{"low", importance::low},
    importance_word{"unimportant", importance::low},
    importance_word{"wishlist", importance::wishlist},
};

// The numbers from the one before up to this one.
struct step {
    int up_to;
    importance weight;
};
constexpr std::array scale{
    step{0, importance::undecided},
    step{49, importance::low},
    step{74, importance::medium},
    step{89, importance::high},
    step{100, importance::critical},
};

template <class Table>
auto look_up(Table const& table, std::string_view word)
{
    auto const found = std::ranges::find_if(
        table, [&](auto const& entry) { return wire::same_word(entry.first, word); });
    return found == table.end() ? std::nullopt : std::optional{found->second};
}

std::optional<importance> weight_of(std::string_view word)
{
    if (!wire::is_number(word))
        return look_up(severities, word);
    int number = 0;
    auto const read = std::from_chars(word.data(), word.data() + word.size(), number);
    if (read.ec != std::errc{})
        return std::nullopt;
    auto const found = std::ranges::find_if(scale, [&](step const& s) { return number <= s.up_to; });
    return found == scale.end() ? std::nullopt : std::optional{found->weight};
}

} // namespace

verdict interpret(raw_words const& words)
{
    verdict out;
    auto const state = wire::trimmed(words.status);
    out.state = look_up(statuses, state);
    if (!out.state && !state.empty())
        out.unmapped.push_back({.field = "status", .word = remote_status(words)});

    auto const severity = wire::trimmed(words.severity);
    auto const weight = severity.empty() ? wire::trimmed(words.priority) : severity;
    out.weight = weight.empty() ? importance::unknown : weight_of(weight);
    if (!out.weight)
        out.unmapped.push_back({.field = "importance", .word = remote_importance(words)});
    return out;
}

} // namespace checkwatches::adapters::rt
