#include "adapters/pagure/words.hpp"

#include "adapters/wire/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace checkwatches::adapters::pagure {
namespace {

constexpr std::array<std::pair<std::string_view, status>, 18> statuses{{
    {"open", status::new_},
    {"blocked", status::confirmed},
    {"closed", status::fix_released},
    {"fixed", status::fix_released},
    {"fixed with explanation", status::fix_released},
    {"invalid", status::invalid},
    {"not a bug", status::invalid},
    {"works for me", status::invalid},
    {"duplicate", status::invalid},
    {"insufficient data", status::expired},
    {"won't fix", status::wont_fix},
    {"wont fix", status::wont_fix},
    {"wontfix", status::wont_fix},
    {"can't fix", status::wont_fix},
    {"cantfix", status::wont_fix},
    {"will not/can not fix", status::wont_fix},
    {"deferred", status::wont_fix},
    {"in progress", status::in_progress},
}};

constexpr std::array<std::pair<std::string_view, importance>, 10> importances{{
    {"urgent", importance::critical},
    {"critical", importance::critical},
    {"immediate", importance::critical},
    {"blocker", importance::critical},
    {"high", importance::high},
    {"normal", importance::medium},
    {"medium", importance::medium},
    {"low", importance::low},
    {"wishlist", importance::wishlist},
    {"needs triage", importance::undecided},
}};

constexpr std::array<std::string_view, 4> wishes{"rfe", "wishlist", "enhancement", "feature"};

template <class Table>
auto look_up(Table const& in, std::string_view word)
{
    auto const folded = wire::lower(wire::trimmed(word));
    auto const found = std::ranges::find(in, folded, [](auto const& entry) { return entry.first; });
    return found == in.end() ? std::nullopt : std::optional{found->second};
}

bool is_wish(std::string const& tag)
{
    return std::ranges::find(wishes, wire::lower(wire::trimmed(tag))) != wishes.end();
}

} // namespace

verdict interpret(raw_words const& words)
{
    verdict out;
    out.state = look_up(statuses, words.resolution.empty() ? words.status : words.resolution);
    if (!out.state && !remote_status(words).empty())
        out.unmapped.push_back({.field = "status", .word = remote_status(words)});
    if (words.priority.empty()) {
        bool const wish = std::ranges::any_of(words.labels, is_wish);
        out.weight = wish ? importance::wishlist : importance::undecided;
        return out;
    }
    out.weight = look_up(importances, words.priority);
    if (!out.weight)
        out.unmapped.push_back({.field = "importance", .word = remote_importance(words)});
    return out;
}

} // namespace checkwatches::adapters::pagure
