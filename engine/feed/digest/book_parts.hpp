#pragma once

#include "engine/feed/digest/book.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

// What the parts of the book have in common.
namespace checkwatches::feed {

inline std::string counted(std::size_t n, std::string_view what)
{
    return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
}

// What became of the bug.
inline std::string says(storage::digest_item const& item)
{
    if (item.field == "moved_to")
        return "moved to " + item.after;
    if (item.field == "status")
        return fmt::format("{} → {}", item.before, item.after);
    return fmt::format("{} {} → {}", item.field, item.before.empty() ? "none" : item.before, item.after);
}

// Those of the bug's watches that make it the topic's.
inline bool belongs(digest_settings const& s, storage::watch const& w, std::string const& topic)
{
    return topics_of(s, {w}).contains(topic);
}

// Everything that makes the bug the topic's was seen to.
template <class Covers>
bool is_acknowledged(
    digest_settings const& s,
    std::string const& topic,
    storage::bug_id bug,
    std::vector<storage::watch> const& watches,
    digest_surroundings const& around,
    Covers covers)
{
    bool any = false;
    for (auto const& w : watches) {
        if (!belongs(s, w, topic))
            continue;
        any = true;
        if (std::ranges::none_of(around.acknowledged, [&](auto const& a) {
                return a.bug == bug && a.label == w.label && covers(a);
            }))
            return false;
    }
    return any;
}

} // namespace checkwatches::feed
