#include "engine/intake/adopt/compare.hpp"

#include "adapters/wire/text.hpp"

#include <algorithm>
#include <utility>

namespace checkwatches::intake {
namespace {

using wire::same_word;

std::pair<std::string_view, std::string_view> split_at(std::string_view text, std::string_view separator)
{
    auto const at = text.find(separator);
    if (at == std::string_view::npos)
        return {text, {}};
    return {wire::trimmed(text.substr(0, at)), wire::trimmed(text.substr(at + separator.size()))};
}

// "open normal wontfix upstream": state, severity and tags, as Launchpad writes a bug of Debian's.
raw_words debian_words(std::string_view text)
{
    raw_words out;
    for (std::size_t n = 0; !text.empty(); ++n) {
        auto const [word, rest] = split_at(text, " ");
        if (n == 0)
            out.status = word;
        else if (n == 1)
            out.severity = word;
        else if (!word.empty())
            out.labels.emplace_back(word);
        text = rest;
    }
    return out;
}

// What a status that somebody wrote as one text may have been at its tracker, the likeliest first.
std::vector<raw_words> readings_of(std::string_view text, std::string_view kind)
{
    std::vector<raw_words> out;
    auto const add = [&](std::string_view status, std::string_view resolution) {
        out.push_back({.status = std::string{status}, .resolution = std::string{resolution}});
    };
    if (kind == "debbugs")
        out.push_back(debian_words(text));
    if (kind == "trac" || kind == "bugzilla") {
        auto const [status, resolution] = split_at(text, " ");
        if (!resolution.empty())
            add(status, resolution);
        add(text, {});
        if (kind == "trac") // of a closed ticket Launchpad keeps its resolution alone
            add("closed", text);
        return out;
    }
    for (std::string_view const separator : {": ", ":"})
        if (auto const [status, resolution] = split_at(text, separator); !resolution.empty())
            add(status, resolution);
    add(text, {});
    auto const [status, rest] = split_at(text, " ");
    if (!rest.empty()) {
        add(status, rest);
        add(status, {}); // of GitHub's and GitLab's bugs labels stand behind it
    }
    return out;
}

std::optional<status> state_in(other_view const& theirs, std::string_view kind, interpretation const& means)
{
    if (theirs.is_normal)
        if (auto const normal = parse_status(theirs.status))
            return normal;
    for (auto const& words : readings_of(theirs.status, kind))
        if (auto const state = means(words).state; state && *state != status::unknown)
            return state;
    return std::nullopt;
}

std::optional<importance> weight_in(other_view const& theirs, interpretation const& means)
{
    if (theirs.is_normal)
        if (auto const normal = parse_importance(theirs.importance))
            return normal;
    auto const [first, second] = split_at(theirs.importance, " ");
    std::vector<raw_words> readings;
    if (!second.empty())
        readings.push_back({.priority = std::string{first}, .severity = std::string{second}});
    readings.push_back({.priority = theirs.importance});
    readings.push_back({.severity = theirs.importance});
    for (auto const& words : readings)
        if (auto const weight = means(words).weight; weight && *weight != importance::unknown)
            return weight;
    return std::nullopt;
}

enum class likeness { same, other, unknown };

template <class Word>
likeness like(
    std::string const& their_text,
    std::string const& our_text,
    std::optional<Word> const& theirs,
    std::optional<Word> const& ours)
{
    if (their_text.empty())
        return likeness::unknown;
    if (same_word(their_text, our_text))
        return likeness::same;
    if (!theirs || !ours || *theirs == Word::unknown || *ours == Word::unknown)
        return likeness::unknown;
    return *theirs == *ours ? likeness::same : likeness::other;
}

} // namespace

std::string_view word(comparison c) noexcept
{
    switch (c) {
    case comparison::agree: return "agree";
    case comparison::differ: return "differ";
    case comparison::stale_there: return "stale_there";
    case comparison::they_fail: return "they_fail";
    case comparison::we_fail: return "we_fail";
    case comparison::neither: return "neither";
    case comparison::not_comparable: return "not_comparable";
    case comparison::only_they: return "only_they";
    case comparison::only_we: break;
    }
    return "only_we";
}

bool is_difference(comparison c) noexcept
{
    return c != comparison::agree && c != comparison::neither && c != comparison::not_comparable;
}

compared compare(
    other_view const& theirs,
    storage::bug_state const& ours,
    std::string_view kind,
    interpretation const& means,
    utc_time now,
    std::chrono::seconds fresh_for)
{
    compared out;
    bool const we_know = ours.seen_at && ours.last_outcome && is_success(*ours.last_outcome);
    if (theirs.is_private) {
        out.how = comparison::not_comparable;
        return out;
    }
    if (!theirs.failure.empty()) {
        out.how = we_know ? comparison::they_fail : comparison::neither;
        return out;
    }
    out.theirs.state = state_in(theirs, kind, means);
    out.theirs.weight = weight_in(theirs, means);
    bool const they_know = !theirs.status.empty() || !theirs.importance.empty();
    if (!we_know || !they_know) {
        if (we_know == they_know)
            out.how = comparison::neither;
        else
            out.how = we_know ? comparison::not_comparable : comparison::we_fail;
        return out;
    }
    auto const by_status = like(theirs.status, remote_status(ours.words), out.theirs.state, ours.state);
    auto const by_importance = like(
        theirs.importance, remote_importance(ours.words), out.theirs.weight, ours.weight);
    out.status = by_status == likeness::other;
    out.importance = by_importance == likeness::other;
    bool const is_old = theirs.checked_at && now - *theirs.checked_at > fresh_for;
    if (out.status || out.importance) {
        bool const changed_since = theirs.checked_at && ours.changed_at
                                   && *theirs.checked_at < *ours.changed_at;
        out.how = changed_since || is_old ? comparison::stale_there : comparison::differ;
    }
    else if (is_old) {
        out.how = comparison::stale_there;
    }
    else {
        auto const decides = theirs.status.empty() ? by_importance : by_status;
        out.how = decides == likeness::same ? comparison::agree : comparison::not_comparable;
    }
    return out;
}

} // namespace checkwatches::intake
