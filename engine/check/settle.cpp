#include "engine/check/settle.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <variant>

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
    bool same_words = false; // all of the bug's words, labels and type too, are as they were
};

// A new verdict is a change of the side; where only the tracker's words differ, that is a change of its
// words.
void compare(side const& s, bug_state const& bug, utc_time now, std::vector<change>& into)
{
    bool const verdict_differs = s.before != s.after;
    bool const first = !bug.seen_at;
    if (!verdict_differs && (first || s.remote_before == s.remote_after))
        return;
    change c{.at = now, .bug = bug.id};
    c.field = verdict_differs ? s.field : s.remote_field;
    c.before = verdict_differs ? s.before : known(s.remote_before);
    c.after = verdict_differs ? s.after : known(s.remote_after);
    c.remote_before = known(s.remote_before);
    c.remote_after = known(s.remote_after);
    if (!first && s.same_words)
        c.reason = "mapping";
    into.push_back(std::move(c));
}

// What differs between a bug as it was and what was seen of it now. A side whose words were not understood
// keeps its last good verdict.
std::vector<change>
differences(bug_state const& bug, sighting const& seen, verdict const& means, utc_time now)
{
    std::vector<change> out;
    bool const same_state = !means.state || means.state == bug.state;
    bool const same_weight = !means.weight || means.weight == bug.weight;
    if (!same_state || !same_weight || bug.words != seen.words) {
        compare(
            {.field = "status",
             .remote_field = "remote_status",
             .before = title_of(bug.state),
             .after = title_of(same_state ? bug.state : means.state),
             .remote_before = remote_status(bug.words),
             .remote_after = remote_status(seen.words),
             .same_words = bug.words == seen.words},
            bug,
            now,
            out);
        compare(
            {.field = "importance",
             .remote_field = "remote_importance",
             .before = title_of(bug.weight),
             .after = title_of(same_weight ? bug.weight : means.weight),
             .remote_before = remote_importance(bug.words),
             .remote_after = remote_importance(seen.words),
             .same_words = bug.words == seen.words},
            bug,
            now,
            out);
    }
    if (bug.duplicate_of != seen.duplicate_of)
        out.push_back(
            {.at = now,
             .bug = bug.id,
             .field = "duplicate_of",
             .before = known(bug.duplicate_of),
             .after = known(seen.duplicate_of)});
    return out;
}

// Books a check in the bug's history: it goes on with the run before, or ends it and begins one of its own.
void book_check(settled_bug& to, outcome how, std::string detail, utc_time now)
{
    auto& bug = to.after;
    if (bug.last_outcome == how && bug.error == detail) {
        ++bug.run_checks;
        to.run_goes_on = true;
    }
    else {
        if (bug.last_outcome) {
            to.ended = storage::check_run{
                .first = bug.run_began.value_or(now),
                .last = bug.checked_at.value_or(now),
                .how = *bug.last_outcome,
                .detail = std::move(bug.error),
                .times = bug.run_checks};
            ++bug.runs_ended;
        }
        bug.run_began = now;
        bug.run_checks = 1;
    }
    bug.last_outcome = how;
    bug.error = std::move(detail);
    bug.checked_at = now;
}

// The tracker tells all that the row holds of it already: nothing of that need be written again.
bool tells_the_same(bug_state const& bug, sighting const& seen)
{
    return bug.seen_at && bug.words == seen.words && bug.title == seen.title && bug.product == seen.product
           && bug.duplicate_of == seen.duplicate_of && bug.modified_at == seen.modified
           && bug.replaced == seen.replaced;
}

// Makes a bug's row say what its stored words mean by now.
std::vector<change> remap(bug_state& bug, interpreter const& words, utc_time now)
{
    if (!bug.seen_at)
        return {};
    auto const means = words.of(bug.words);
    auto changes = remapped(bug, means, now);
    if (!changes.empty()) {
        bug.state = means.state ? means.state : bug.state;
        bug.weight = means.weight ? means.weight : bug.weight;
        bug.changed_at = now;
    }
    return changes;
}

// Settles bugs in their place: `to.after` is the bug as it was.
class settler {
public:
    settler(schedule_policy const& policy, utc_time now) : policy_{policy}, now_{now} {}

    void see(settled_bug& to, sighting&& seen, verdict&& means, look_context const& of) const
    {
        auto& bug = to.after;
        to.changes = differences(bug, seen, means, now_);
        to.unmapped = std::move(means.unmapped);
        bool const is_news = !tells_the_same(bug, seen);
        to.facts_changed = is_news || !to.changes.empty();
        if (!bug.seen_at)
            bug.changed_at = std::min(seen.modified.value_or(now_), now_);
        else if (!to.changes.empty())
            bug.changed_at = now_;
        bug.state = means.state ? means.state : bug.state;
        bug.weight = means.weight ? means.weight : bug.weight;
        if (is_news)
            take_in(bug, std::move(seen));
        bug.read_at = now_;
        succeed(to, outcome::seen, of);
    }

    void see_unmodified(settled_bug& to, look_context const& of) const
    {
        succeed(to, outcome::unmodified, of);
    }

    void
    fail(settled_bug& to, outcome how, std::string detail, std::optional<std::chrono::seconds> retry_after)
        const
    {
        book_check(to, how, std::move(detail), now_);
        ++to.after.failures;
        to.after.next_check = appointment(to.after, how, retry_after);
    }

private:
    static void take_in(bug_state& bug, sighting&& seen)
    {
        bug.words = std::move(seen.words);
        bug.title = std::move(seen.title);
        bug.product = std::move(seen.product);
        bug.duplicate_of = std::move(seen.duplicate_of);
        bug.modified_at = seen.modified;
        bug.replaced = seen.replaced;
    }

    void succeed(settled_bug& to, outcome how, look_context const& of) const
    {
        auto& bug = to.after;
        book_check(to, how, {}, now_);
        bug.seen_at = now_;
        bug.server_time = of.server_time;
        bug.failures = 0;
        bug.next_check = appointment(bug, how, std::nullopt);
    }

    utc_time
    appointment(bug_state const& row, outcome how, std::optional<std::chrono::seconds> retry_after) const
    {
        return next_check(
            policy_,
            {.state = row.state,
             .changed_at = row.changed_at,
             .how = how,
             .failures = row.failures,
             .retry_after = retry_after,
             .bug = static_cast<std::int64_t>(row.id),
             .now = now_});
    }

    schedule_policy const& policy_;
    utc_time now_;
};

// Settles the bugs of one look.
struct look_settler {
    settler one;
    interpreter const& words;
    look_context const& of;
    utc_time now;

    void take(settled_bug& bug, std::variant<sighting, adapters::absence>&& what) const
    {
        if (auto* const seen = std::get_if<sighting>(&what)) {
            auto means = words.of(seen->words);
            one.see(bug, std::move(*seen), std::move(means), of);
            return;
        }
        auto& gone = std::get<adapters::absence>(what);
        bool const is_known = bug.after.seen_at.has_value();
        understand_anew(bug);
        if (gone.why == outcome::unmodified && is_known)
            one.see_unmodified(bug, of);
        else if (gone.why == outcome::unmodified) // since when? The adapter broke its promise
            one.fail(bug, outcome::not_answered, {}, {});
        else
            one.fail(bug, gone.why, std::move(gone.detail), {});
    }

    // A bug that the findings pass over; false: it was not asked.
    bool lose(settled_bug& bug, std::optional<error> const& trouble) const
    {
        // Without trouble the adapter broke its promise: say so rather than lose the id.
        auto const why = trouble ? to_outcome(trouble->kind) : outcome::not_answered;
        if (!why)
            return false;
        understand_anew(bug);
        if (trouble)
            one.fail(bug, *why, to_string(*trouble), trouble->retry_after);
        else
            one.fail(bug, *why, {}, {});
        return true;
    }

private:
    // However the check ended, what is stored is understood as it is understood now.
    void understand_anew(settled_bug& bug) const
    {
        bug.changes = remap(bug.after, words, now);
        bug.facts_changed = !bug.changes.empty();
    }
};

} // namespace

std::vector<change> remapped(bug_state const& bug, verdict const& means, utc_time now)
{
    bool const same_state = !means.state || means.state == bug.state;
    bool const same_weight = !means.weight || means.weight == bug.weight;
    if (!bug.seen_at || (same_state && same_weight))
        return {};
    return differences(bug, {.words = bug.words, .duplicate_of = bug.duplicate_of}, means, now);
}

settled_bug settle_seen(
    bug_state was,
    sighting seen,
    verdict means,
    schedule_policy const& policy,
    utc_time now,
    look_context const& of)
{
    settled_bug out{.after = std::move(was)};
    settler{policy, now}.see(out, std::move(seen), std::move(means), of);
    return out;
}

settled_bug
settle_unmodified(bug_state was, schedule_policy const& policy, utc_time now, look_context const& of)
{
    settled_bug out{.after = std::move(was), .facts_changed = false};
    settler{policy, now}.see_unmodified(out, of);
    return out;
}

settled_bug settle_failed(
    bug_state was,
    outcome how,
    std::string detail,
    std::optional<std::chrono::seconds> retry_after,
    schedule_policy const& policy,
    utc_time now)
{
    settled_bug out{.after = std::move(was), .facts_changed = false};
    settler{policy, now}.fail(out, how, std::move(detail), retry_after);
    return out;
}

std::vector<settled_bug> settle(
    std::vector<settled_bug> asked,
    adapters::findings found,
    interpreter const& words,
    schedule_policy const& policy,
    utc_time now,
    look_context const& of)
{
    look_settler const how{.one{policy, now}, .words = words, .of = of, .now = now};
    auto next = found.found.begin(); // both are in the order asked
    auto settled = asked.begin();
    for (auto& bug : asked) {
        auto const at = std::find_if(
            next, found.found.end(), [&](auto const& f) { return f.remote_id == bug.after.remote_id; });
        if (at != found.found.end()) {
            next = at + 1;
            how.take(bug, std::move(at->what));
        }
        else if (!how.lose(bug, found.trouble))
            continue;
        if (&*settled != &bug)
            *settled = std::move(bug);
        ++settled;
    }
    asked.erase(settled, asked.end());
    return asked;
}

} // namespace checkwatches::check
