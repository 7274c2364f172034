#include "adapters/github/words.hpp"

#include "adapters/github/records.hpp"
#include "adapters/wire/text.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace checkwatches::adapters::github {
namespace {

using word_list = std::span<std::string_view const>;
using importance_word = std::pair<std::string_view, importance>;

constexpr std::string_view committed_prefix = "fixed-in-";
constexpr std::array<std::string_view, 3> committed{"pending-release", "fixed-upstream", "fix-committed"};
constexpr std::array<std::string_view, 4> in_progress{"in-progress", "wip", "work-in-progress", "has-pr"};
constexpr std::array<std::string_view, 17> incomplete{
    "incomplete",
    "needs-info",
    "need-info",
    "needinfo",
    "info-needed",
    "needs-information",
    "needs-more-info",
    "need-more-info",
    "needs-more-information",
    "more-info-needed",
    "more-information-needed",
    "awaiting-response",
    "waiting-for-response",
    "awaiting-feedback",
    "waiting-for-feedback",
    "needs-feedback",
    "question"};
constexpr std::array<std::string_view, 2> triaged{"triaged", "triage-accepted"};
constexpr std::array<std::string_view, 7> confirmed{
    "confirmed", "reproduced", "accepted", "verified", "bug-confirmed", "confirmed-bug", "reproducible"};

constexpr std::array<std::string_view, 13> invalid{
    "duplicate",
    "invalid",
    "not-a-bug",
    "notabug",
    "no-bug",
    "works-for-me",
    "worksforme",
    "works-as-intended",
    "cannot-reproduce",
    "cant-reproduce",
    "can-not-reproduce",
    "not-reproducible",
    "unreproducible"};
constexpr std::array<std::string_view, 5> expired{"expired", "stale", "inactive", "abandoned", "obsolete"};
constexpr std::array<std::string_view, 3> wont_fix{"wontfix", "wont-fix", "will-not-fix"};

constexpr std::array importances{
    importance_word{"p0", importance::critical},
    importance_word{"critical", importance::critical},
    importance_word{"critical-urgent", importance::critical}, // Kubernetes, as are the other two-part words
    importance_word{"blocker", importance::critical},
    importance_word{"urgent", importance::critical},
    importance_word{"highest", importance::critical},
    importance_word{"sev0", importance::critical},
    importance_word{"sev-0", importance::critical},
    importance_word{"sev1", importance::critical},
    importance_word{"sev-1", importance::critical},
    importance_word{"p1", importance::high},
    importance_word{"high", importance::high},
    importance_word{"major", importance::high},
    importance_word{"important-soon", importance::high},
    importance_word{"p2", importance::medium},
    importance_word{"medium", importance::medium},
    importance_word{"moderate", importance::medium},
    importance_word{"normal", importance::medium},
    importance_word{"important-longterm", importance::medium},
    importance_word{"p3", importance::low},
    importance_word{"p4", importance::low},
    importance_word{"low", importance::low},
    importance_word{"lowest", importance::low},
    importance_word{"minor", importance::low},
    importance_word{"trivial", importance::low},
    importance_word{"backlog", importance::low},
};
// Behind one of the prefixes they say that nothing is decided; alone they may be about anything.
constexpr std::array<std::string_view, 5> undecided{
    "none", "unknown", "undecided", "needs-triage", "awaiting-more-evidence"};
constexpr std::array<std::string_view, 5> wishes{
    "enhancement", "feature", "feature-request", "new-feature", "wishlist"};

constexpr std::array<std::string_view, 4> status_prefixes{"status-", "state-", "resolution-", "triage-"};
constexpr std::array<std::string_view, 2> type_prefixes{"type-", "kind-"};
constexpr std::array<std::string_view, 5> importance_prefixes{
    "priority-", "prio-", "severity-", "sev-", "importance-"};
constexpr std::array<std::string_view, 3> importance_suffixes{"-priority", "-severity", "-importance"};

bool has(word_list words, std::string_view word)
{
    return std::ranges::find(words, word) != words.end();
}

// The label without the first of these prefixes that it has.
std::string_view behind(word_list prefixes, std::string_view label)
{
    for (auto const prefix : prefixes)
        if (label.starts_with(prefix) && label.size() > prefix.size())
            return label.substr(prefix.size());
    return label;
}

std::string_view before(word_list suffixes, std::string_view label)
{
    for (auto const suffix : suffixes)
        if (label.ends_with(suffix) && label.size() > suffix.size())
            return label.substr(0, label.size() - suffix.size());
    return label;
}

// The labels of one bug, in their plain form and without what stands before a status.
class label_set {
public:
    explicit label_set(std::vector<std::string> const& labels)
    {
        for (auto const& label : labels)
            plain_.push_back(plain_label(label));
    }

    bool any(word_list words) const
    {
        return std::ranges::any_of(plain_, [&](std::string const& label) {
            return has(words, label) || has(words, behind(status_prefixes, label));
        });
    }
    bool any_starts(std::string_view prefix) const
    {
        return std::ranges::any_of(plain_, [&](std::string const& label) {
            auto const rest = behind(status_prefixes, label);
            return rest.size() > prefix.size() && rest.starts_with(prefix);
        });
    }
    std::vector<std::string> const& plain() const noexcept { return plain_; }

private:
    std::vector<std::string> plain_;
};

status open_state(label_set const& labels)
{
    if (labels.any_starts(committed_prefix) || labels.any(committed))
        return status::fix_committed;
    if (labels.any(in_progress))
        return status::in_progress;
    if (labels.any(incomplete))
        return status::incomplete;
    // "triage/accepted" is a word of its own, and no "accepted".
    if (labels.any(triaged))
        return status::triaged;
    return labels.any(confirmed) ? status::confirmed : status::new_;
}

// Of a closed issue whose reason leaves it open.
status closed_state(label_set const& labels, status otherwise)
{
    if (labels.any(invalid))
        return status::invalid;
    if (labels.any(expired))
        return status::expired;
    return labels.any(wont_fix) ? status::wont_fix : otherwise;
}

std::optional<status>
issue_state(std::string const& state, std::string const& reason, label_set const& labels)
{
    if (state == "open" && (reason.empty() || reason == "reopened"))
        return open_state(labels);
    if (state != "closed")
        return std::nullopt;
    if (reason == "completed")
        return status::fix_released;
    if (reason.empty() || reason == "reopened")
        return closed_state(labels, status::fix_released);
    if (reason == "not_planned")
        return closed_state(labels, status::wont_fix);
    return reason == "duplicate" ? std::optional{status::invalid} : std::nullopt;
}

std::optional<status> pull_state(std::string const& state)
{
    if (state == "merged")
        return status::fix_released;
    if (state == "closed")
        return status::wont_fix;
    return state == "open" ? std::optional{status::in_progress} : std::nullopt;
}

std::optional<importance> weight_of(std::string_view plain)
{
    auto const rest = before(importance_suffixes, behind(importance_prefixes, plain));
    for (auto const word : {plain, rest}) {
        auto const found = std::ranges::find(importances, word, &importance_word::first);
        if (found != importances.end())
            return found->second;
    }
    return rest != plain && has(undecided, rest) ? std::optional{importance::undecided} : std::nullopt;
}

bool names_importance(std::string_view plain)
{
    return behind(importance_prefixes, plain) != plain;
}

bool is_wish(std::string_view plain)
{
    return has(wishes, plain) || has(wishes, behind(type_prefixes, plain));
}

void weigh(raw_words const& words, label_set const& labels, verdict& out)
{
    std::optional<importance> most;
    std::string unknown;
    bool wish = is_wish(plain_label(words.type));
    for (std::size_t i = 0; i != labels.plain().size(); ++i) {
        auto const& plain = labels.plain()[i];
        wish = wish || is_wish(behind(importance_prefixes, plain));
        auto const weight = weight_of(plain);
        if (weight && (!most || *most < *weight))
            most = weight;
        if (!weight && names_importance(plain) && !is_wish(behind(importance_prefixes, plain)))
            unknown = words.labels[i];
    }
    bool const decided = most && *most != importance::undecided;
    if (decided)
        out.weight = most;
    else if (!unknown.empty())
        out.unmapped.push_back({.field = "importance", .word = std::move(unknown)});
    else
        out.weight = wish ? importance::wishlist : importance::undecided;
}

// Length of the UTF-8 sequence that starts with this byte.
std::size_t sequence(char c)
{
    auto const byte = static_cast<unsigned char>(c);
    if (byte < 0xC0)
        return 1;
    if (byte < 0xE0)
        return 2;
    return byte < 0xF0 ? 3 : 4;
}

// Emoji, arrows, symbols, and what joins or varies them; the apostrophe ’.
bool is_ornament(std::string_view one)
{
    constexpr std::string_view first_symbol = "\xE2\x86\x90"; // U+2190 to U+2BFF
    constexpr std::string_view last_symbol = "\xE2\xAF\xBF";
    if (one.size() == 4)
        return one.starts_with("\xF0\x9F");
    bool const joins = one == "\xE2\x80\x99" || one == "\xE2\x80\x8D" || one == "\xEF\xB8\x8F";
    return joins || (one.size() == 3 && one >= first_symbol && one <= last_symbol);
}

} // namespace

std::string plain_label(std::string_view label)
{
    std::string out;
    bool parted = false;
    while (!label.empty()) {
        auto const one = label.substr(0, sequence(label.front()));
        label.remove_prefix(one.size());
        if (one == "'" || is_ornament(one))
            continue;
        if (std::string_view{" \t_-/:"}.find(one) != std::string_view::npos) {
            parted = true;
            continue;
        }
        if (parted && !out.empty())
            out += '-';
        parted = false;
        out += wire::lower(one);
    }
    return out;
}

verdict interpret(raw_words const& words)
{
    verdict out;
    label_set const labels{words.labels};
    auto const state = wire::lower(wire::trimmed(words.status));
    auto const reason = wire::lower(wire::trimmed(words.resolution));
    out.state = words.type == pull_request ? pull_state(state) : issue_state(state, reason, labels);
    if (auto pair = remote_status(words); !out.state && !pair.empty())
        out.unmapped.push_back({.field = "status", .word = std::move(pair)});
    weigh(words, labels, out);
    return out;
}

} // namespace checkwatches::adapters::github
