#include "engine/feed/event.hpp"

#include "engine/core/importance.hpp"
#include "engine/core/sha256.hpp"
#include "engine/core/status.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace checkwatches::feed {
namespace {

bool has(std::vector<std::string> const& wanted, std::string_view word)
{
    return wanted.empty() || std::ranges::find(wanted, word) != wanted.end();
}

template <class Member>
bool one_has(std::vector<std::string> const& wanted, std::vector<storage::watch> const& all, Member member)
{
    return wanted.empty() || std::ranges::any_of(all, [&](auto const& w) { return has(wanted, w.*member); });
}

// The bug's word for `field` as the event leaves it.
std::string word_of(event const& e, std::string_view field, std::string_view now)
{
    if (e.change && e.change->what.field == field)
        return e.change->what.after.value_or("");
    return std::string{now};
}

} // namespace

std::string uuid_of(std::string_view store_id, event_kind what, std::int64_t id)
{
    auto const hash = sha256_of(
        fmt::format("{}/{}/{}", store_id, what == event_kind::change ? "change" : "check", id));
    constexpr std::string_view variants = "89ab";
    auto const variant = variants[static_cast<unsigned char>(hash[16]) % variants.size()];
    return fmt::format(
        "{}-{}-4{}-{}{}-{}",
        hash.substr(0, 8),
        hash.substr(8, 4),
        hash.substr(13, 3),
        variant,
        hash.substr(17, 3),
        hash.substr(20, 12));
}

bool filter::wants(event const& e) const
{
    if (e.change) {
        if (!acts && !e.change->what.actor.empty())
            return false;
        if (!has(fields, e.change->what.field))
            return false;
    }
    return has(trackers, e.tracker()) && one_has(labels, e.watches, &storage::watch::label)
           && one_has(owners, e.watches, &storage::watch::owner)
           && has(statuses, word_of(e, "status", e.state ? title(*e.state) : ""))
           && has(importances, word_of(e, "importance", e.weight ? title(*e.weight) : ""));
}

} // namespace checkwatches::feed
