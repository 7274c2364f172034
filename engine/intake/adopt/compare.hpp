#pragma once

#include "engine/core/sighting.hpp"
#include "engine/intake/adopt/adopted.hpp"

#include <array>
#include <chrono>
#include <functional>
#include <optional>
#include <string_view>

namespace checkwatches::intake {

// How what another program knows of a bug stands to what we know.
enum class comparison {
    agree,
    differ,
    stale_there,    // they have not looked since we saw it change, or not for long
    they_fail,      // they have an error, and we an answer
    we_fail,        // … and the reverse; or we have not asked yet
    neither,        // nobody knows
    not_comparable, // their words, or ours, say nothing that both understand
    only_they,      // watch it
    only_we,
};

inline constexpr std::array all_comparisons{
    comparison::agree,
    comparison::differ,
    comparison::stale_there,
    comparison::they_fail,
    comparison::we_fail,
    comparison::neither,
    comparison::not_comparable,
    comparison::only_they,
    comparison::only_we,
};

// "stale_there".
std::string_view word(comparison c) noexcept;

// It is a difference: not agree, neither or not_comparable.
bool is_difference(comparison c) noexcept;

struct compared {
    comparison how{};
    verdict theirs{};    // what their words mean
    bool status = false; // what differs
    bool importance = false;
};

// What a tracker of this kind would have been understood to say.
using interpretation = std::function<verdict(raw_words const&)>;

// Compares by normal words; words that are the same need none. `kind` is of the bug's tracker: of it depends
// how others write its statuses as one text (Launchpad: "fixed", "open normal wontfix", "closed: fixed").
// A view is stale where its check is older than `fresh_for`. Pure.
compared compare(
    other_view const& theirs,
    storage::bug_state const& ours,
    std::string_view kind,
    interpretation const& means,
    utc_time now,
    std::chrono::seconds fresh_for);

} // namespace checkwatches::intake
