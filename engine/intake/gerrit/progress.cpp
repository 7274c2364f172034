#include "engine/intake/gerrit/progress.hpp"

#include <algorithm>
#include <utility>

namespace checkwatches::intake::gerrit {
namespace {

// Since when the reading has all; nothing: since the beginning.
std::optional<utc_time> reaches(reading const& done, std::optional<std::chrono::seconds> horizon)
{
    std::optional<utc_time> out;
    if (horizon)
        out = done.asked_at - *horizon;
    if (done.is_cut && done.oldest)
        out = std::max(out.value_or(*done.oldest), *done.oldest);
    return out;
}

} // namespace

progress
judge(storage::recheck_source before, reading const& done, std::optional<std::chrono::seconds> horizon)
{
    progress out{.after = std::move(before)};
    auto& s = out.after;
    s.tried_at = done.asked_at;
    if (done.trouble) {
        s.failure = to_string(*done.trouble);
        ++s.failures;
        out.begins = storage::recheck_gap{
            .source = s.name, .began = s.read_at.value_or(done.asked_at), .why = s.failure};
        return out;
    }
    auto const from = reaches(done, horizon);
    if (!s.read_at)
        s.began_at = from;
    if (s.read_at && from && *from > *s.read_at)
        out.unread = storage::recheck_gap{
            .source = s.name,
            .began = *s.read_at,
            .ended = *from,
            .why = s.failure.empty() ? "it was not asked for too long" : s.failure};
    else
        out.ends = done.asked_at;
    s.read_at = done.asked_at;
    if (done.newest)
        s.newest = std::max(s.newest.value_or(*done.newest), *done.newest);
    s.failure.clear();
    s.failures = 0;
    return out;
}

} // namespace checkwatches::intake::gerrit
