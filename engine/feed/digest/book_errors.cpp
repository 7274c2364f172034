#include "engine/feed/digest/book.hpp"
#include "engine/feed/digest/letter_draft.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace checkwatches::feed {
namespace {

constexpr std::int64_t for_good_after = 3; // failures in a row, of a kind that can pass

// The answer of a tracker that works: it will be the same next time.
bool is_final(outcome how)
{
    constexpr std::array final{outcome::not_found, outcome::forbidden, outcome::gone, outcome::invalid_id};
    return std::ranges::find(final, how) != final.end();
}

// The tracker asks for patience: no error of the bug, unless it goes on and on.
bool is_plea(outcome how)
{
    return how == outcome::rate_limited || how == outcome::maintenance;
}

bool fails_for_good(digest_bug const& bug)
{
    auto const how = *bug.last_outcome;
    return !is_plea(how) && (is_final(how) || bug.failures >= for_good_after);
}

event as_event(digest_bug const& bug)
{
    event e{.state = bug.state, .weight = bug.weight, .watches = bug.watches};
    e.check.emplace().tracker = bug.what.tracker;
    return e;
}

std::string part_of_subject(std::size_t n, std::string_view one, std::string_view many)
{
    return n == 0 ? "" : fmt::format("{} {}", n, n == 1 ? one : many);
}

} // namespace

void digest_book::look_at(std::vector<digest_bug> const& bugs, digest_surroundings const& around)
{
    std::map<std::string, error_news> news;
    forget_unwatched(bugs);
    for (auto const& bug : bugs)
        look_at(bug, around, news);
    for (auto const& [topic, of] : news)
        tell_errors(topic, of, around);
}

// What nobody watches any more is no trouble.
void digest_book::forget_unwatched(std::vector<digest_bug> const& bugs)
{
    std::set<storage::bug_id> there;
    for (auto const& bug : bugs)
        if (bug.last_outcome && bug.next_check != storage::never
            && !topics_of(settings_, bug.watches).empty())
            there.insert(bug.what.bug);
    std::erase_if(state_.troubles, [&](storage::digest_trouble const& t) {
        bool const gone = !there.contains(t.what.bug);
        if (gone) {
            step_.untroubled.push_back(t.what.bug);
            changed_ = true;
        }
        return gone;
    });
}

void digest_book::look_at(
    digest_bug const& bug, digest_surroundings const& around, std::map<std::string, error_news>& news)
{
    auto const topics = topics_of(settings_, bug.watches);
    if (!bug.last_outcome || !bug.checked_at || bug.next_check == storage::never || topics.empty()
        || *bug.last_outcome == outcome::moved || around.paused.contains(bug.what.tracker))
        return;
    auto const known = std::ranges::find_if(
        state_.troubles, [&](storage::digest_trouble const& t) { return t.what.bug == bug.what.bug; });
    bool const is_known = known != state_.troubles.end();
    if (is_success(*bug.last_outcome)) {
        if (!is_known)
            return;
        if (known->told && !is_silent(*bug.checked_at, around))
            news[known->topic].over.push_back(*known);
        step_.untroubled.push_back(bug.what.bug);
        state_.troubles.erase(known);
        changed_ = true;
        return;
    }
    auto const covers = [](storage::acknowledgement const& a) { return a.newest <= a.change; };
    bool const is_seen_to = std::ranges::any_of(around.acknowledged, [&](storage::acknowledgement const& a) {
        return a.bug == bug.what.bug && covers(a)
               && std::ranges::any_of(bug.watches, [&](auto const& w) { return w.label == a.label; });
    });
    if (is_seen_to || !settings_.wanted.wants(as_event(bug)))
        return;

    auto const began = is_known ? known->began : bug.run_began.value_or(*bug.checked_at);
    bool const is_permanent = *bug.checked_at - began >= settings_.permanent_after;
    if (!is_permanent && !fails_for_good(bug))
        return;
    if (is_known && (known->is_permanent || !is_permanent))
        return;

    storage::digest_trouble now{
        .what = bug.what,
        .topic = is_known ? known->topic : *topics.begin(),
        .began = began,
        .how = *bug.last_outcome,
        .error = bug.error,
        .told = is_known ? known->told : !is_silent(began, around),
        .is_permanent = is_permanent};
    if (!is_known && is_tracker_failure(now.how))
        now.topic = "tracker " + bug.what.tracker;
    // It became permanent at its last check, or some time before, when all were silent.
    bool const is_late = is_silent(began + settings_.permanent_after, around);
    if (is_permanent && !is_late && !is_silent(*bug.checked_at, around)) {
        now.told = true;
        news[now.topic].permanent.push_back(now);
    }
    else if (!is_permanent && now.told)
        news[now.topic].began.push_back(now);
    if (is_known)
        *known = now;
    else
        state_.troubles.push_back(now);
    std::erase_if(step_.troubled, [&](auto const& t) { return t.what.bug == now.what.bug; });
    step_.troubled.push_back(std::move(now));
    changed_ = true;
}

void digest_book::tell_errors(
    std::string const& topic, error_news const& news, digest_surroundings const& around)
{
    letter_draft draft;
    auto const add = [&](std::string heading, std::vector<storage::digest_trouble> const& of, auto says) {
        if (of.empty())
            return;
        auto& part = draft.sections.emplace_back();
        part.heading = std::move(heading);
        for (auto const& one : of)
            part.add({.what = one.what, .says = says(one)});
    };
    auto const failing = [](storage::digest_trouble const& t) {
        return fmt::format("{} (since {})", t.error.empty() ? word(t.how) : t.error, format_time(t.began));
    };
    auto const over = [](storage::digest_trouble const& t) {
        return fmt::format("can be read again; it was: {}", t.error.empty() ? word(t.how) : t.error);
    };
    add("Cannot be read any more; this is told once", news.began, failing);
    add("Has not been readable for so long that it may stay so", news.permanent, failing);
    add("Can be read again", news.over, over);

    for (auto const& part :
         {part_of_subject(news.began.size(), "bug cannot be read", "bugs cannot be read"),
          part_of_subject(news.permanent.size(), "error seems permanent", "errors seem permanent"),
          part_of_subject(news.over.size(), "error is over", "errors are over")})
        if (!part.empty())
            draft.subject += (draft.subject.empty() ? "" : ", ") + part;
    write(topic, "errors", around.now, draft);
}

} // namespace checkwatches::feed
