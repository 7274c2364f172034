#include "engine/check/settle.hpp"

#include <algorithm>
#include <map>
#include <string_view>

namespace checkwatches::check {
namespace {

using storage::bug_state;
using storage::change;
using storage::settled_bug;

std::optional<std::string> known(std::string text)
{
    return text.empty() ? std::nullopt : std::optional{std::move(text)};
}

template <class Word>
std::optional<std::string> title_of(std::optional<Word> const& w)
{
    return w ? std::optional{std::string{title(*w)}} : std::nullopt;
}

// One side of a bug, status or importance: in normal words and in the tracker's.
struct side {
    std::string_view field;        // "status"
    std::string_view remote_field; // "remote_status"
    std::optional<std::string> before, after;
    std::string remote_before, remote_after;
};

// A new verdict is a change of the side; where only the tracker's words differ, that is a change of its
// words.
void compare(side const& s, bug_state const& row, utc_time now, std::vector<change>& into)
{
    bool const verdict_differs = s.before != s.after;
    bool const first = !row.seen_at;
    if (!verdict_differs && (first || s.remote_before == s.remote_after))
        return;
    change c{.at = now, .bug = row.id};
    c.field = verdict_differs ? s.field : s.remote_field;
    c.before = verdict_differs ? s.before : known(s.remote_before);
    c.after = verdict_differs ? s.after : known(s.remote_after);
    c.remote_before = known(s.remote_before);
    c.remote_after = known(s.remote_after);
    into.push_back(std::move(c));
}

std::vector<change> differences(bug_state const& before, bug_state const& after, utc_time now)
{
    std::vector<change> out;
    compare(
        {.field = "status",
         .remote_field = "remote_status",
         .before = title_of(before.state),
         .after = title_of(after.state),
         .remote_before = remote_status(before.words),
         .remote_after = remote_status(after.words)},
        before,
        now,
        out);
    compare(
        {.field = "importance",
         .remote_field = "remote_importance",
         .before = title_of(before.weight),
         .after = title_of(after.weight),
         .remote_before = remote_importance(before.words),
         .remote_after = remote_importance(after.words)},
        before,
        now,
        out);
    if (before.duplicate_of != after.duplicate_of)
        out.push_back(
            {.at = now,
             .bug = before.id,
             .field = "duplicate_of",
             .before = known(before.duplicate_of),
             .after = known(after.duplicate_of)});
    return out;
}

utc_time appointment_of(
    bug_state const& row,
    outcome how,
    std::optional<std::chrono::seconds> retry_after,
    schedule_policy const& policy,
    utc_time now)
{
    return next_check(
               policy,
               {.state = row.state,
                .changed_at = row.changed_at,
                .how = how,
                .failures = row.failures,
                .retry_after = retry_after,
                .bug = static_cast<std::int64_t>(row.id),
                .now = now})
        .at;
}

} // namespace

settled_bug settle_seen(
    bug_state const& before,
    sighting const& seen,
    verdict const& means,
    schedule_policy const& policy,
    utc_time now)
{
    settled_bug out{.after = before, .unmapped = means.unmapped};
    bug_state& row = out.after;
    row.state = means.state ? means.state : before.state;
    row.weight = means.weight ? means.weight : before.weight;
    row.words = seen.words;
    row.title = seen.title;
    row.duplicate_of = seen.duplicate_of;
    row.modified_at = seen.modified;
    row.replaced = seen.replaced;
    row.last_outcome = outcome::seen;
    row.error.clear();
    row.checked_at = now;
    row.seen_at = now;
    row.failures = 0;

    out.changes = differences(before, row, now);
    if (!before.seen_at)
        row.changed_at = std::min(seen.modified.value_or(now), now);
    else if (!out.changes.empty())
        row.changed_at = now;
    row.next_check = appointment_of(row, outcome::seen, std::nullopt, policy, now);
    return out;
}

settled_bug settle_failed(
    bug_state const& before,
    outcome how,
    std::string const& detail,
    std::optional<std::chrono::seconds> retry_after,
    schedule_policy const& policy,
    utc_time now)
{
    settled_bug out{.after = before};
    bug_state& row = out.after;
    row.last_outcome = how;
    row.error = detail;
    row.checked_at = now;
    row.failures = before.failures + 1;
    row.next_check = appointment_of(row, how, retry_after, policy, now);
    return out;
}

std::vector<settled_bug> settle(
    std::span<bug_state const> asked,
    adapters::findings const& found,
    adapters::adapter const& kind,
    schedule_policy const& policy,
    utc_time now)
{
    std::map<std::string_view, adapters::finding const*> by_id;
    for (auto const& f : found.found)
        by_id.try_emplace(f.remote_id, &f);

    std::vector<settled_bug> out;
    out.reserve(asked.size());
    for (auto const& bug : asked) {
        auto const at = by_id.find(bug.remote_id);
        if (at == by_id.end()) {
            if (!found.trouble) // the adapter broke its promise: say so rather than lose the id
                out.push_back(settle_failed(bug, outcome::not_answered, {}, {}, policy, now));
            else if (auto const how = to_outcome(found.trouble->kind))
                out.push_back(settle_failed(
                    bug, *how, to_string(*found.trouble), found.trouble->retry_after, policy, now));
            continue;
        }
        if (auto const* const seen = std::get_if<sighting>(&at->second->what))
            out.push_back(settle_seen(bug, *seen, kind.interpret(seen->words), policy, now));
        else {
            auto const& gone = std::get<adapters::absence>(at->second->what);
            out.push_back(settle_failed(bug, gone.why, gone.detail, {}, policy, now));
        }
    }
    return out;
}

} // namespace checkwatches::check
