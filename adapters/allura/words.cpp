#include "adapters/allura/words.hpp"

#include "adapters/wire/text.hpp"

#include <algorithm>
#include <array>

namespace checkwatches::adapters::allura {
namespace {

constexpr std::array<std::pair<std::string_view, status>, 8> own_words{{
    {"open", status::new_},
    {"unread", status::new_},
    {"accepted", status::confirmed},
    {"pending", status::incomplete},
    {"in-progress", status::in_progress},
    {"closed", status::fix_released},
    {"wont-fix", status::wont_fix},
    {"won't-fix", status::wont_fix},
}};

// The former tracker's resolutions: of what is open, pending and closed.
struct former_word {
    std::string_view resolution;
    status open;
    status pending;
    status closed;
};
constexpr std::array<former_word, 13> former_words{{
    {"none", status::new_, status::incomplete, status::fix_released},
    {"accepted", status::confirmed, status::confirmed, status::fix_committed},
    {"fixed", status::fix_committed, status::fix_committed, status::fix_released},
    {"duplicate", status::confirmed, status::confirmed, status::invalid},
    {"later", status::confirmed, status::confirmed, status::wont_fix},
    {"remind", status::confirmed, status::confirmed, status::wont_fix},
    {"postponed", status::confirmed, status::wont_fix, status::wont_fix},
    {"invalid", status::invalid, status::invalid, status::invalid},
    {"out-of-date", status::invalid, status::invalid, status::invalid},
    {"works-for-me", status::invalid, status::invalid, status::invalid},
    {"rejected", status::wont_fix, status::wont_fix, status::wont_fix},
    {"wont-fix", status::wont_fix, status::wont_fix, status::wont_fix},
    {"won't-fix", status::wont_fix, status::wont_fix, status::wont_fix},
}};

std::string folded(std::string_view word)
{
    auto out = wire::lower(wire::trimmed(word));
    std::ranges::replace_if(out, [](char c) { return c == ' ' || c == '_'; }, '-');
    return out;
}

std::optional<status> meaning_of(std::string_view status_word)
{
    auto const word = folded(status_word);
    auto const own = std::ranges::find(own_words, word, [](auto const& entry) { return entry.first; });
    if (own != own_words.end())
        return own->second;
    auto const dash = word.find('-');
    if (dash == std::string::npos)
        return std::nullopt;
    auto const state = std::string_view{word}.substr(0, dash);
    auto const former = std::ranges::find(
        former_words, std::string_view{word}.substr(dash + 1), &former_word::resolution);
    if (former == former_words.end())
        return std::nullopt;
    if (state == "open")
        return former->open;
    if (state == "pending")
        return former->pending;
    return state == "closed" ? std::optional{former->closed} : std::nullopt;
}

std::optional<importance> weight_of(std::string_view priority)
{
    if (priority.size() != 1 || priority[0] < '1' || priority[0] > '9')
        return std::nullopt;
    if (priority[0] == '9')
        return importance::critical;
    if (priority[0] >= '7')
        return importance::high;
    return priority[0] >= '4' ? importance::medium : importance::low;
}

} // namespace

verdict interpret(raw_words const& words)
{
    verdict out{.state = meaning_of(words.status)};
    if (!out.state && !remote_status(words).empty())
        out.unmapped.push_back({.field = "status", .word = remote_status(words)});

    if (words.type == feature_request)
        out.weight = importance::wishlist;
    else if (words.priority.empty())
        out.weight = importance::unknown;
    else
        out.weight = weight_of(wire::trimmed(words.priority));
    if (!out.weight)
        out.unmapped.push_back({.field = "importance", .word = remote_importance(words)});
    return out;
}

} // namespace checkwatches::adapters::allura
