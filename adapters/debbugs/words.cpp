#include "adapters/debbugs/words.hpp"

#include "adapters/wire/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace checkwatches::adapters::debbugs {
namespace {

using tag_meaning = std::pair<std::string_view, status>;

// Of open bugs; the last one that a bug has counts.
constexpr std::array open_tags{
    tag_meaning{"moreinfo", status::incomplete},
    tag_meaning{"unreproducible", status::incomplete},
    tag_meaning{"help", status::confirmed},
    tag_meaning{"confirmed", status::confirmed},
    tag_meaning{"upstream", status::confirmed},
    tag_meaning{"fixed-upstream", status::confirmed},
    tag_meaning{"pending", status::fix_committed},
    tag_meaning{"fixed", status::fix_committed},
    tag_meaning{"fixed-in-experimental", status::fix_committed},
    tag_meaning{"wontfix", status::wont_fix},
};
constexpr std::array done_tags{
    tag_meaning{"notabug", status::invalid},
    tag_meaning{"wontfix", status::wont_fix},
};

constexpr std::array<std::pair<std::string_view, importance>, 8> severities{{
    {"critical", importance::critical},
    {"grave", importance::high},
    {"serious", importance::high},
    {"important", importance::medium},
    {"normal", importance::medium},
    {"minor", importance::low},
    {"wishlist", importance::wishlist},
    {"fixed", importance::unknown}, // a state of old, in the place of a severity
}};

bool has_tag(raw_words const& words, std::string_view tag)
{
    return std::ranges::any_of(
        words.labels, [&](std::string const& label) { return wire::same_word(wire::trimmed(label), tag); });
}

template <std::size_t N>
status by_tags(raw_words const& words, std::array<tag_meaning, N> const& meanings, status otherwise)
{
    for (auto const& [tag, meaning] : meanings)
        if (has_tag(words, tag))
            otherwise = meaning;
    return otherwise;
}

std::optional<status> state_of(raw_words const& words)
{
    auto const word = wire::trimmed(words.status);
    if (wire::same_word(word, "done"))
        return by_tags(words, done_tags, status::fix_released);
    if (wire::same_word(word, "forwarded"))
        return status::confirmed;
    if (!wire::same_word(word, "open"))
        return std::nullopt;
    auto const state = by_tags(words, open_tags, status::new_);
    bool const fixed = wire::same_word(wire::trimmed(words.severity), "fixed");
    return fixed && state != status::wont_fix ? status::fix_committed : state;
}

} // namespace

verdict interpret(raw_words const& words)
{
    verdict out;
    out.state = state_of(words);
    if (auto word = remote_status(words); !out.state && !word.empty())
        out.unmapped.push_back({.field = "status", .word = std::move(word)});

    auto const severity = wire::trimmed(words.severity);
    auto const known = std::ranges::find_if(
        severities, [&](auto const& entry) { return wire::same_word(entry.first, severity); });
    if (severity.empty())
        out.weight = importance::unknown;
    else if (known != severities.end())
        out.weight = known->second;
    else
        out.unmapped.push_back({.field = "importance", .word = std::string{severity}});
    return out;
}

} // namespace checkwatches::adapters::debbugs
