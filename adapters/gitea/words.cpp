#include "adapters/gitea/words.hpp"

#include "adapters/wire/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace checkwatches::adapters::gitea {
namespace {

template <class Meaning, std::size_t N>
using table = std::array<std::pair<std::string_view, Meaning>, N>;

constexpr table<status, 14> closed_words{{
    {"duplicate", status::invalid},
    {"invalid", status::invalid},
    {"not-a-bug", status::invalid},
    {"works-for-me", status::invalid},
    {"cannot-reproduce", status::invalid},
    {"wontfix", status::wont_fix},
    {"wont-fix", status::wont_fix},
    {"won't-fix", status::wont_fix},
    {"abandoned", status::expired},
    {"expired", status::expired},
    {"stale", status::expired},
    {"fixed", status::fix_released},
    {"done", status::fix_released},
    {"completed", status::fix_released},
}};

constexpr table<status, 19> open_words{{
    {"pending-release", status::fix_committed},
    {"fixed-upstream", status::fix_committed},
    {"fix-committed", status::fix_committed},
    {"in-progress", status::in_progress},
    {"wip", status::in_progress},
    {"has-pr", status::in_progress},
    {"need-more-info", status::incomplete},
    {"needs-info", status::incomplete},
    {"needinfo", status::incomplete},
    {"awaiting-response", status::incomplete},
    {"question", status::incomplete},
    {"more-information-needed", status::incomplete},
    {"triaged", status::triaged},
    {"triage/accepted", status::triaged},
    {"confirmed", status::confirmed},
    {"reproduced", status::confirmed},
    {"accepted", status::confirmed},
    {"verified", status::confirmed},
    {"bug-confirmed", status::confirmed},
}};

// The most urgent first.
constexpr table<importance, 20> importance_words{{
    {"p0", importance::critical},      {"sev0", importance::critical},
    {"sev1", importance::critical},    {"critical", importance::critical},
    {"blocker", importance::critical}, {"urgent", importance::critical},
    {"highest", importance::critical}, {"p1", importance::high},
    {"high", importance::high},        {"major", importance::high},
    {"p2", importance::medium},        {"medium", importance::medium},
    {"moderate", importance::medium},  {"normal", importance::medium},
    {"p3", importance::low},           {"p4", importance::low},
    {"low", importance::low},          {"lowest", importance::low},
    {"minor", importance::low},        {"trivial", importance::low},
}};

constexpr std::array<std::string_view, 10> plain_importances{
    "p0", "p1", "p2", "p3", "p4", "sev0", "sev1", "critical", "blocker", "urgent"};
constexpr std::array<std::string_view, 5> importance_scopes{
    "priority", "prio", "severity", "importance", "urgency"};
constexpr std::array<std::string_view, 5> state_scopes{"status", "state", "reviewed", "resolution", "triage"};
// A word of these says what was found out about an issue, whether we know it or not.
constexpr std::array<std::string_view, 2> reason_scopes{"reviewed", "resolution"};
constexpr std::array<std::string_view, 2> kind_scopes{"kind", "type"};
constexpr std::array<std::string_view, 4> wishes{"enhancement", "feature", "feature-request", "wishlist"};

template <std::size_t N>
bool is_one_of(std::string_view word, std::array<std::string_view, N> const& of)
{
    return std::ranges::find(of, word) != of.end();
}

struct scoped_word {
    std::string scope{};
    std::string word{};
};

std::string folded(std::string_view text)
{
    std::string out;
    for (char const c : wire::lower(wire::trimmed(text))) {
        bool const gap = c == ' ' || c == '_' || c == '-' || c == '\t';
        if (!gap)
            out += c;
        else if (!out.empty() && out.back() != '-')
            out += '-';
    }
    return out;
}

scoped_word taken_apart(std::string_view label)
{
    auto const mark = label.find_last_of("/:");
    if (mark == std::string_view::npos)
        return {.word = folded(label)};
    auto scope = label.substr(0, mark);
    while (scope.ends_with(':'))
        scope.remove_suffix(1);
    return {.scope = folded(scope), .word = folded(label.substr(mark + 1))};
}

// The word of a label about importance; empty where it is about something else.
std::string importance_word(std::string_view label)
{
    auto const [scope, word] = taken_apart(label);
    if (is_one_of(scope, importance_scopes))
        return word;
    if (!scope.empty())
        return {};
    if (is_one_of(word, plain_importances))
        return word;
    std::string_view const text = word;
    for (auto const name : importance_scopes) {
        auto const n = name.size() + 1;
        if (text.size() > n && text.starts_with(name) && text[n - 1] == '-')
            return std::string{text.substr(n)};
        if (text.size() > n && text.ends_with(name) && text[text.size() - n] == '-')
            return std::string{text.substr(0, text.size() - n)};
    }
    return {};
}

template <class Table>
auto look_up(Table const& in, std::string_view word)
{
    return std::ranges::find(in, word, [](auto const& entry) { return entry.first; });
}

// The word by which a label may tell a state; empty where its scope is another one.
std::string state_word(std::string_view label)
{
    auto const [scope, word] = taken_apart(label);
    if (scope == "triage" && word == "accepted")
        return "triage/accepted";
    return scope.empty() || is_one_of(scope, state_scopes) ? word : std::string{};
}

// The first meaning of the table that one of the labels has.
template <std::size_t N>
std::optional<status> told_by(std::vector<std::string> const& labels, table<status, N> const& in)
{
    auto best = in.end();
    for (auto const& label : labels)
        best = std::min(best, look_up(in, state_word(label)));
    return best == in.end() ? std::nullopt : std::optional{best->second};
}

// A label with a reason that is in no table; empty where there is none.
std::string unknown_reason(std::vector<std::string> const& labels)
{
    for (auto const& label : labels) {
        auto const [scope, word] = taken_apart(label);
        if (is_one_of(scope, reason_scopes) && look_up(closed_words, word) == closed_words.end()
            && look_up(open_words, word) == open_words.end())
            return label;
    }
    return {};
}

std::optional<status> state_of(raw_words const& words)
{
    auto const state = wire::lower(words.status);
    bool const is_open = state == "open";
    if (!is_open && state != "closed")
        return std::nullopt;
    if (words.type == pull_request) {
        if (is_open)
            return status::in_progress;
        return words.resolution == merged ? status::fix_released : status::wont_fix;
    }
    auto const told = is_open ? told_by(words.labels, open_words) : told_by(words.labels, closed_words);
    if (told || !unknown_reason(words.labels).empty())
        return told;
    return is_open ? status::new_ : status::fix_released;
}

bool is_wish(std::string_view label)
{
    auto const [scope, word] = taken_apart(label);
    return (scope.empty() || is_one_of(scope, kind_scopes)) && is_one_of(word, wishes);
}

} // namespace

std::string importance_label(std::vector<std::string> const& labels)
{
    std::string out;
    auto best = importance_words.end();
    for (auto const& label : labels) {
        auto const word = importance_word(label);
        auto const found = look_up(importance_words, word);
        if (!word.empty() && (out.empty() || found < best)) {
            out = label;
            best = found;
        }
    }
    return out;
}

verdict interpret(raw_words const& words)
{
    verdict out{.state = state_of(words)};
    if (!out.state && !remote_status(words).empty()) {
        auto const reason = unknown_reason(words.labels);
        out.unmapped.push_back(
            {.field = "status", .word = remote_status(words) + (reason.empty() ? "" : " ") + reason});
    }

    if (!words.priority.empty()) {
        auto const found = look_up(importance_words, importance_word(words.priority));
        if (found != importance_words.end())
            out.weight = found->second;
        else
            out.unmapped.push_back({.field = "importance", .word = remote_importance(words)});
        return out;
    }
    out.weight = std::ranges::any_of(words.labels, is_wish) ? importance::wishlist : importance::undecided;
    return out;
}

} // namespace checkwatches::adapters::gitea
