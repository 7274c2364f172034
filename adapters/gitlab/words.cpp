#include "adapters/gitlab/words.hpp"

#include "adapters/wire/text.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>

namespace checkwatches::adapters::gitlab {
namespace {

template <class Value>
using entry = std::pair<std::string_view, Value>;
template <class Value, std::size_t N>
using table = std::array<entry<Value>, N>;

// Why an issue was closed: words of labels and of work items' statuses.
constexpr auto reasons = std::to_array<entry<status>>({
    {"duplicate", status::invalid},        {"duplicated", status::invalid},
    {"closed-duplicate", status::invalid}, {"invalid", status::invalid},
    {"not-a-bug", status::invalid},        {"notabug", status::invalid},
    {"not-an-issue", status::invalid},     {"works-for-me", status::invalid},
    {"worksforme", status::invalid},       {"cannot-reproduce", status::invalid},
    {"can't-reproduce", status::invalid},  {"not-reproducible", status::invalid},
    {"unreproducible", status::invalid},   {"spam", status::invalid},
    {"wontfix", status::wont_fix},         {"won't-fix", status::wont_fix},
    {"wont-fix", status::wont_fix},        {"won't-do", status::wont_fix},
    {"wont-do", status::wont_fix},         {"not-planned", status::wont_fix},
    {"rejected", status::wont_fix},        {"declined", status::wont_fix},
    {"canceled", status::wont_fix},        {"cancelled", status::wont_fix},
    {"out-of-scope", status::wont_fix},    {"upstream-issue", status::wont_fix},
    {"expired", status::expired},          {"stale", status::expired},
    {"obsolete", status::expired},         {"abandoned", status::expired},
    {"auto-closed", status::expired},      {"done", status::fix_released},
    {"fixed", status::fix_released},       {"complete", status::fix_released},
    {"completed", status::fix_released},   {"released", status::fix_released},
    {"resolved", status::fix_released},
});

// How far an open issue is.
constexpr auto stages = std::to_array<entry<status>>({
    {"needs-info", status::incomplete},
    {"needinfo", status::incomplete},
    {"needs-information", status::incomplete},
    {"2.-needs-information", status::incomplete}, // GNOME's
    {"need-info", status::incomplete},
    {"more-information-needed", status::incomplete},
    {"awaiting-feedback", status::incomplete},
    {"awaiting-response", status::incomplete},
    {"waiting-for-feedback", status::incomplete},
    {"waiting-for-response", status::incomplete},
    {"waiting-on-reporter", status::incomplete},
    {"incomplete", status::incomplete},
    {"question", status::incomplete},
    {"verification", status::fix_committed},
    {"awaiting-security-release", status::fix_committed},
    {"fix-committed", status::fix_committed},
    {"fixed-upstream", status::fix_committed},
    {"pending-release", status::fix_committed},
    {"staging-canary", status::fix_committed},
    {"staging", status::fix_committed},
    {"canary", status::fix_committed},
    {"post-deploy-db-staging", status::fix_committed},
    {"post-deploy-db-production", status::fix_committed},
    {"production", status::fix_committed},
    {"feature-flagged", status::fix_committed},
    {"complete", status::fix_committed},
    {"completed", status::fix_committed},
    {"done", status::fix_committed},
    {"in-dev", status::in_progress},
    {"in-development", status::in_progress},
    {"in-review", status::in_progress},
    {"in-progress", status::in_progress},
    {"inprogress", status::in_progress},
    {"doing", status::in_progress},
    {"wip", status::in_progress},
    {"started", status::in_progress},
    {"review", status::in_progress},
    {"testing", status::in_progress},
    {"blocked", status::triaged},
    {"ready-for-development", status::triaged},
    {"ready-for-dev", status::triaged},
    {"ready", status::triaged},
    {"scheduling", status::triaged},
    {"planning-breakdown", status::triaged},
    {"refinement", status::triaged},
    {"ready-for-design", status::triaged},
    {"ready-for-review", status::in_progress},
    {"design", status::triaged},
    {"solution-validation", status::triaged},
    {"problem-validation", status::triaged},
    {"validation-backlog", status::triaged},
    {"planned", status::triaged},
    {"triaged", status::triaged},
    {"accepted", status::triaged},
    {"confirmed", status::confirmed},
    {"reproduced", status::confirmed},
    {"verified", status::confirmed},
    {"deferred", status::deferred},
    {"postponed", status::deferred},
    {"start", status::new_},
    {"new", status::new_},
    {"needs-triage", status::new_},
    {"to-do", status::new_},
});

// Plain labels of open issues that are too common a word to speak of a state.
constexpr auto scoped_only = std::to_array<std::string_view>(
    {"verification",
     "staging",
     "canary",
     "production",
     "complete",
     "completed",
     "done",
     "review",
     "testing",
     "ready",
     "scheduling",
     "refinement",
     "design",
     "start",
     "new",
     "blocked",
     "planned"});

constexpr auto state_scopes = std::to_array<std::string_view>({"workflow", "status", "state", "resolution"});
constexpr auto weight_scopes = std::to_array<std::string_view>({"priority", "severity", "importance"});

constexpr auto scoped_weights = std::to_array<entry<importance>>({
    {"0", importance::critical},       {"1", importance::critical},
    {"p0", importance::critical},      {"p1", importance::critical},
    {"s1", importance::critical},      {"critical", importance::critical},
    {"blocker", importance::critical}, {"urgent", importance::critical},
    {"highest", importance::critical}, {"immediate", importance::critical},
    {"2", importance::high},           {"p2", importance::high},
    {"s2", importance::high},          {"high", importance::high},
    {"major", importance::high},       {"3", importance::medium},
    {"p3", importance::medium},        {"s3", importance::medium},
    {"medium", importance::medium},    {"normal", importance::medium},
    {"moderate", importance::medium},  {"4", importance::low},
    {"p4", importance::low},           {"s4", importance::low},
    {"low", importance::low},          {"minor", importance::low},
    {"lowest", importance::low},
});

// Plain labels: without numbers and words that may be about something else.
constexpr auto not_weights = std::to_array<std::string_view>(
    {"0", "1", "2", "3", "4", "immediate", "normal", "medium"});

constexpr auto wishes = std::to_array<std::string_view>(
    {"feature",
     "feature-request",
     "enhancement",
     "wishlist",
     "suggestion",
     "1.-feature",
     "1.-enhancement",
     "idea"});
constexpr auto type_scopes = std::to_array<std::string_view>({"type", "kind"});

std::string folded(std::string_view word)
{
    auto out = wire::lower(wire::trimmed(word));
    std::ranges::replace(out, ' ', '-');
    std::ranges::replace(out, '_', '-');
    return out;
}

struct label {
    std::string_view written;
    std::string scope; // without what stands before its last "::"; empty: there is none
    std::string value;
};

label to_label(std::string_view text)
{
    constexpr std::string_view mark = "::";
    auto const at = text.rfind(mark);
    if (at == std::string_view::npos)
        return {.written = text, .scope = {}, .value = folded(text)};
    auto scope = text.substr(0, at);
    if (auto const inner = scope.rfind(mark); inner != std::string_view::npos)
        scope.remove_prefix(inner + mark.size());
    return {.written = text, .scope = folded(scope), .value = folded(text.substr(at + mark.size()))};
}

bool is_one_of(std::span<std::string_view const> words, std::string_view word)
{
    return std::ranges::find(words, word) != words.end();
}

template <class Value, std::size_t N>
auto place_in(table<Value, N> const& in, std::string_view word)
{
    return std::ranges::find(in, word, [](auto const& entry) { return entry.first; });
}

template <class Value, std::size_t N>
std::optional<Value> look_up(table<Value, N> const& in, std::string_view word)
{
    auto const found = place_in(in, word);
    return found == in.end() ? std::nullopt : std::optional<Value>{found->second};
}

// The entry of the words that stands first in the table.
template <class Value, std::size_t N>
std::optional<Value> first_of(table<Value, N> const& in, std::span<std::string const> words)
{
    auto best = in.end();
    for (auto const& word : words)
        best = std::min(best, place_in(in, word));
    return best == in.end() ? std::nullopt : std::optional<Value>{best->second};
}

class reader {
public:
    explicit reader(raw_words const& words) : words_{words}, state_{folded(words.status)}
    {
        labels_.reserve(words.labels.size());
        for (auto const& text : words.labels)
            labels_.push_back(to_label(text));
    }

    verdict run()
    {
        out_.state = read_state();
        out_.weight = read_weight();
        return std::move(out_);
    }

private:
    bool is_closed() const { return state_ == "closed"; }

    std::optional<status> unknown_state(std::string_view word)
    {
        out_.unmapped.push_back({.field = "status", .word = std::string{word}});
        return std::nullopt;
    }
    std::optional<importance> unknown_weight(std::string_view word)
    {
        out_.unmapped.push_back({.field = "importance", .word = std::string{word}});
        return std::nullopt;
    }

    std::optional<status> meaning(std::span<std::string const> words) const
    {
        return is_closed() ? first_of(reasons, words) : first_of(stages, words);
    }
    static bool is_known(std::string_view word) { return look_up(reasons, word) || look_up(stages, word); }

    std::optional<status> read_state()
    {
        bool const is_open = state_ == "opened" || state_ == "reopened" || state_ == "open";
        if (state_.empty())
            return std::nullopt;
        if (!is_open && !is_closed())
            return unknown_state(remote_status(words_));
        auto const resolution = folded(words_.resolution);
        if (is_closed() && resolution == "duplicate")
            return status::invalid;

        std::vector<std::string> scoped;
        std::vector<std::string> plain;
        for (auto const& one : labels_) {
            bool const names_state = is_one_of(state_scopes, one.scope);
            if (names_state && !is_known(one.value))
                return unknown_state(one.written);
            if (names_state)
                scoped.push_back(one.value);
            else if (one.scope.empty() && (is_closed() || !is_one_of(scoped_only, one.value)))
                plain.push_back(one.value);
        }
        if (auto const said = meaning(scoped))
            return said;
        bool const by_itself = resolution.empty() || resolution == (is_closed() ? "done" : "to-do");
        if (!by_itself) {
            if (!is_known(resolution))
                return unknown_state(remote_status(words_));
            if (auto const said = meaning({&resolution, 1}))
                return said;
        }
        if (auto const said = meaning(plain))
            return said;
        return is_closed() ? status::fix_released : status::new_;
    }

    bool is_wish() const
    {
        return is_one_of(wishes, folded(words_.type)) || std::ranges::any_of(labels_, [](label const& one) {
                   return (one.scope.empty() || is_one_of(type_scopes, one.scope))
                          && is_one_of(wishes, one.value);
               });
    }

    std::optional<importance> read_weight()
    {
        for (auto const scope : weight_scopes)
            for (auto const& one : labels_)
                if (one.scope == scope) {
                    auto const weight = look_up(scoped_weights, one.value);
                    return weight ? weight : unknown_weight(one.written);
                }
        if (is_wish())
            return importance::wishlist;
        if (auto const severity = folded(words_.severity); !severity.empty()) {
            auto const weight = look_up(scoped_weights, severity);
            return weight ? weight : unknown_weight(words_.severity);
        }
        std::vector<std::string> plain;
        for (auto const& one : labels_)
            if (one.scope.empty() && !is_one_of(not_weights, one.value))
                plain.push_back(one.value);
        return first_of(scoped_weights, plain).value_or(importance::unknown);
    }

    raw_words const& words_;
    std::string state_;
    std::vector<label> labels_;
    verdict out_;
};

} // namespace

verdict interpret(raw_words const& words)
{
    reader r{words};
    return r.run();
}

} // namespace checkwatches::adapters::gitlab
