#include "bench/mock/words.hpp"

#include "bench/mock/kinds.hpp"

#include <algorithm>
#include <array>

namespace checkwatches::mock {

namespace {

using word_list = std::string_view const[];

constexpr status_word stock_statuses[]{
    {"UNCONFIRMED", true, false},
    {"CONFIRMED", true, false},
    {"IN_PROGRESS", true, false},
    {"RESOLVED", false, true},
    {"VERIFIED", false, true},
};
constexpr word_list stock_resolutions{"FIXED", "INVALID", "WONTFIX", "WORKSFORME"};
constexpr word_list stock_priorities{"Highest", "High", "Normal", "Low", "Lowest", "---"};
constexpr word_list stock_severities{
    "blocker", "critical", "major", "normal", "minor", "trivial", "enhancement"};

constexpr status_word classic_statuses[]{
    {"UNCONFIRMED", true, false},
    {"NEW", true, false},
    {"ASSIGNED", true, false},
    {"REOPENED", true, false},
    {"RESOLVED", false, true},
    {"VERIFIED", false, true},
    {"CLOSED", false, true},
};
constexpr word_list classic_resolutions{
    "FIXED", "INVALID", "WONTFIX", "LATER", "REMIND", "WORKSFORME", "MOVED"};
constexpr word_list classic_priorities{"P1", "P2", "P3", "P4", "P5"};

constexpr status_word kde_statuses[]{
    {"REPORTED", true, false},
    {"CONFIRMED", true, false},
    {"ASSIGNED", true, false},
    {"REOPENED", true, false},
    {"RESOLVED", false, true},
    {"NEEDSINFO", true, false},
    {"CLOSED", false, true},
};
constexpr word_list kde_resolutions{
    "FIXED", "WORKSFORME", "UPSTREAM", "NOT A BUG", "UNMAINTAINED", "INTENTIONAL", "DOWNSTREAM"};
constexpr word_list kde_priorities{"VHI", "HI", "NOR", "LO", "VLO"};
constexpr word_list kde_severities{
    "critical", "grave", "major", "crash", "normal", "minor", "wishlist", "task"};

constexpr status_word redhat_statuses[]{
    {"NEW", true, false},
    {"ASSIGNED", true, false},
    {"POST", true, false},
    {"MODIFIED", true, false},
    {"ON_QA", true, false},
    {"VERIFIED", true, false},
    {"RELEASE_PENDING", true, false},
    {"CLOSED", false, true},
};
constexpr word_list redhat_resolutions{
    "CURRENTRELEASE",
    "ERRATA",
    "NEXTRELEASE",
    "RAWHIDE",
    "WONTFIX",
    "NOTABUG",
    "EOL",
    "DEFERRED",
    "INSUFFICIENT_DATA",
    "WORKSFORME",
    "UPSTREAM",
    "CANTFIX"};
constexpr word_list redhat_priorities{"unspecified", "low", "medium", "high", "urgent"};

constexpr status_word mozilla_statuses[]{
    {"UNCONFIRMED", true, false},
    {"NEW", true, false},
    {"ASSIGNED", true, false},
    {"REOPENED", true, false},
    {"RESOLVED", false, true},
    {"VERIFIED", false, true},
};
constexpr word_list mozilla_resolutions{
    "FIXED", "INVALID", "WONTFIX", "WORKSFORME", "INACTIVE", "INCOMPLETE", "MOVED"};
constexpr word_list mozilla_priorities{"P1", "P2", "P3", "P4", "P5", "--"};
constexpr word_list mozilla_severities{"S1", "S2", "S3", "S4", "--", "N/A"};

constexpr status_word trac_statuses[]{
    {"new", true, false},
    {"assigned", true, false},
    {"accepted", true, false},
    {"reopened", true, false},
    {"closed", false, true},
};
constexpr word_list trac_resolutions{"fixed", "invalid", "wontfix", "worksforme"};
constexpr word_list trac_priorities{"blocker", "critical", "major", "minor", "trivial"};
constexpr word_list trac_severities{"sev-blocker", "sev-critical", "sev-major", "sev-minor"};

constexpr status_word launchpad_statuses[]{
    {"New", true, false},
    {"Incomplete", true, false},
    {"Opinion", false, false},
    {"Invalid", false, false},
    {"Won't Fix", false, false},
    {"Expired", false, false},
    {"Confirmed", true, false},
    {"Triaged", true, false},
    {"In Progress", true, false},
    {"Fix Committed", true, false},
    {"Fix Released", false, false},
};
constexpr word_list launchpad_importances{
    "Undecided", "Wishlist", "Low", "Medium", "High", "Critical", "Unknown"};

constexpr vocabulary stock{
    stock_statuses, stock_resolutions, "DUPLICATE", stock_priorities, stock_severities};
constexpr vocabulary classic{
    classic_statuses, classic_resolutions, "DUPLICATE", classic_priorities, stock_severities};
constexpr vocabulary kde{kde_statuses, kde_resolutions, "DUPLICATE", kde_priorities, kde_severities};
constexpr vocabulary redhat{
    redhat_statuses, redhat_resolutions, "DUPLICATE", redhat_priorities, redhat_priorities};
constexpr vocabulary mozilla{
    mozilla_statuses, mozilla_resolutions, "DUPLICATE", mozilla_priorities, mozilla_severities};
constexpr vocabulary trac{trac_statuses, trac_resolutions, "duplicate", trac_priorities, trac_severities};
constexpr vocabulary launchpad{launchpad_statuses, {}, {}, launchpad_importances, {}};

} // namespace

vocabulary bugzilla_words(tracker_options const& options) noexcept
{
    std::string_view const name = options.bugzilla.words;
    if (name == "classic")
        return classic;
    if (name == "kde")
        return kde;
    if (name == "redhat")
        return redhat;
    if (name == "mozilla")
        return mozilla;
    return stock;
}

vocabulary launchpad_words(tracker_options const&) noexcept
{
    return launchpad;
}

vocabulary trac_words(tracker_options const& options) noexcept
{
    auto words = trac;
    if (!options.trac.severities)
        words.severities = {};
    return words;
}

vocabulary words_of(tracker_options const& options) noexcept
{
    return find_kind(options.kind)->words(options);
}

bool is_open(vocabulary const& words, std::string_view status) noexcept
{
    auto const at = std::ranges::find(words.statuses, status, &status_word::word);
    return at == words.statuses.end() || at->open;
}

std::size_t rank(std::span<status_word const> words, std::string_view word) noexcept
{
    return static_cast<std::size_t>(std::ranges::find(words, word, &status_word::word) - words.begin());
}

std::size_t rank(std::span<std::string_view const> words, std::string_view word) noexcept
{
    return static_cast<std::size_t>(std::ranges::find(words, word) - words.begin());
}

} // namespace checkwatches::mock
