#include "engine/feed/digest/book.hpp"

#include "engine/core/sha256.hpp"
#include "engine/feed/digest/letter_draft.hpp"
#include "engine/feed/digest/transitions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace checkwatches::feed {
namespace {

constexpr std::size_t most_items = 500; // of a topic; what is beyond is counted
// What comes late is gathered for so long: it is not one message for each that was missed.
constexpr std::chrono::minutes late{5};

bool has(std::vector<std::string> const& wanted, std::string_view word)
{
    return wanted.empty() || std::ranges::find(wanted, word) != wanted.end();
}

std::string counted(std::size_t n, std::string_view what)
{
    return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
}

std::string says(storage::digest_item const& item)
{
    if (item.field == "moved_to")
        return "moved to " + item.after;
    if (item.field == "status")
        return fmt::format("{} → {}", item.before, item.after);
    return fmt::format("{} {} → {}", item.field, item.before.empty() ? "none" : item.before, item.after);
}

std::string says(digest_bug const& bug)
{
    if (!bug.error.empty())
        return fmt::format("has not answered: {}", bug.error);
    return bug.seen_at ? fmt::format("has not been asked since {}", format_time(*bug.seen_at))
                       : "has never been asked";
}

// Those of the bug's watches that make it the topic's.
bool belongs(digest_settings const& s, storage::watch const& w, std::string const& topic)
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

bool has_nothing_newer(storage::acknowledgement const& a)
{
    return a.newest <= a.change;
}

} // namespace

std::set<std::string> topics_of(digest_settings const& s, std::vector<storage::watch> const& watches)
{
    std::set<std::string> out;
    for (auto const& w : watches) {
        if (!has(s.wanted.labels, w.label) || !has(s.wanted.owners, w.owner))
            continue;
        if (s.by == digest_key::label && !w.label.empty())
            out.insert("label " + w.label);
        if (s.by == digest_key::owner && !w.owner.empty())
            out.insert("owner " + w.owner);
        if (s.by != digest_key::release)
            continue;
        for (auto const& [release, labels] : s.releases)
            if (std::ranges::find(labels, w.label) != labels.end())
                out.insert("release " + release);
    }
    return out;
}

digest_book::digest_book(digest_settings settings, letter_style style, storage::digest_state state)
    : settings_{std::move(settings)},
      style_{std::move(style)},
      state_{std::move(state)}
{}

bool is_in_maintenance(
    digest_settings const& s, std::vector<storage::digest_mute> const& mutes, utc_time when)
{
    auto const holds = [&](auto const& window) { return window.holds(when); };
    auto const is_in = [&](storage::digest_mute const& m) { return when >= m.from && when < m.until; };
    return std::ranges::any_of(s.maintenance, holds) || std::ranges::any_of(mutes, is_in);
}

bool digest_book::is_silent(utc_time when, digest_surroundings const& around) const
{
    return when < state_.created_at || is_in_maintenance(settings_, around.mutes, when);
}

bool digest_book::is_quiet(event const& e, digest_surroundings const& around) const
{
    return !is_told(e.change->what, settings_.wanted.fields) || is_silent(e.change->what.at, around)
           || around.paused.contains(e.tracker());
}

std::set<std::string> digest_book::topics_told(event const& e, digest_surroundings const& around) const
{
    if (!e.change || e.id() <= state_.last_change || is_quiet(e, around))
        return {};
    auto const covers = [&](storage::acknowledgement const& a) { return e.id() <= a.change; };
    auto out = topics_of(settings_, e.watches);
    std::erase_if(out, [&](std::string const& topic) {
        return is_acknowledged(settings_, topic, *e.change->what.bug, e.watches, around, covers);
    });
    return out;
}

std::set<std::string>
digest_book::opened_by(std::vector<event> const& events, digest_surroundings const& around) const
{
    std::set<std::string> out;
    for (auto const& e : events)
        out.merge(topics_told(e, around));
    for (auto const& open : state_.topics)
        out.erase(open.name);
    return out;
}

void digest_book::take(
    std::vector<event> const& events, digest_members const& of, digest_surroundings const& around)
{
    std::set<std::string> opened;
    for (auto const& e : events) {
        for (auto const& topic : topics_told(e, around)) {
            bool const is_open = std::ranges::find(state_.topics, topic, &storage::digest_topic::name)
                                 != state_.topics.end();
            if (!is_open)
                opened.insert(topic);
            add(topic, e, of, around);
        }
        if (e.change && e.id() > state_.last_change) {
            state_.last_change = e.id();
            changed_ = true;
        }
    }
    bool const may_tell = settings_.first && !is_silent(around.now, around);
    for (auto& topic : state_.topics)
        if (may_tell && opened.contains(topic.name) && topic.opened_at + settings_.settle > around.now)
            tell_first(topic);
}

void digest_book::add(
    std::string const& topic, event const& e, digest_members const& of, digest_surroundings const& around)
{
    auto const& c = e.change->what;
    auto at = std::ranges::find(state_.topics, topic, &storage::digest_topic::name);
    if (at == state_.topics.end()) {
        storage::digest_topic fresh{.name = topic, .opened_at = c.at};
        fresh.until = c.at + settings_.settle;
        if (fresh.until <= around.now)
            fresh.until = around.now + late;
        auto const waiting = unanswered(fresh, of, around);
        fresh.awaited = std::ranges::count_if(
            waiting, [&](digest_bug const& bug) { return bug.what.bug != *c.bug; });
        at = state_.topics.insert(state_.topics.end(), std::move(fresh));
    }
    mark(topic);
    auto const same = std::ranges::find_if(
        at->items, [&](storage::digest_item const& i) { return i.what.bug == *c.bug && i.field == c.field; });
    auto const after = c.after.value_or("");
    if (same == at->items.end()) {
        if (at->items.size() == most_items) {
            ++at->unlisted;
            return;
        }
        at->items.push_back(
            {.what =
                 {.bug = *c.bug,
                  .tracker = e.tracker(),
                  .remote_id = e.change->remote_id,
                  .title = e.title,
                  .url = e.url},
             .field = c.field,
             .before = c.before.value_or(""),
             .after = after,
             .change = c.id,
             .at = c.at});
        return;
    }
    if (same->told)
        same->before = same->after;
    same->told = false;
    same->after = after;
    same->change = c.id;
    same->at = c.at;
    // There and back again, before anybody was told.
    if (same->before == same->after)
        at->items.erase(same);
}

void digest_book::tell_first(storage::digest_topic& topic)
{
    if (topic.items.empty())
        return;
    // The others of this check of the bug are told with it.
    auto const bug = topic.items.front().what.bug;
    letter_draft draft;
    auto& part = draft.sections.emplace_back();
    for (auto& item : topic.items) {
        if (item.what.bug != bug || item.at != topic.opened_at)
            continue;
        item.told = true;
        part.add({.what = item.what, .says = says(item)});
    }
    if (part.lines.empty())
        return;
    auto const& first = part.lines.front();
    draft.subject = fmt::format(
        "{} #{} {} ({})",
        first.what.tracker,
        first.what.remote_id,
        first.says,
        counted(part.lines.size(), "change"));
    if (topic.awaited != 0)
        draft.opening.push_back(fmt::format(
            "{} more will be asked until {}. What they bring is told together then, or as soon as all have "
            "answered.",
            counted(static_cast<std::size_t>(topic.awaited), "bug"),
            format_time(topic.until)));
    write(topic.name, "first", topic.opened_at, draft);
}

// Who was to answer since the topic was opened, and has not.
std::vector<digest_bug> digest_book::unanswered(
    storage::digest_topic const& topic, digest_members const& of, digest_surroundings const& around) const
{
    std::vector<digest_bug> out;
    auto const members = of.find(topic.name);
    if (members == of.end())
        return out;
    for (auto const& bug : members->second) {
        bool const was_due = bug.next_check <= topic.until
                             || (bug.checked_at && *bug.checked_at >= topic.opened_at);
        bool const answered = bug.seen_at && *bug.seen_at >= topic.opened_at;
        bool const may_rest =
            bug.next_check == storage::never || around.paused.contains(bug.what.tracker)
            || is_acknowledged(settings_, topic.name, bug.what.bug, bug.watches, around, has_nothing_newer);
        if (was_due && !answered && !may_rest)
            out.push_back(bug);
    }
    return out;
}

bool digest_book::is_settled(
    storage::digest_topic const& topic,
    std::vector<digest_bug> const& silent,
    digest_surroundings const& around) const
{
    return around.now >= topic.until || (around.caught_up && silent.empty());
}

void digest_book::settle(digest_members const& of, digest_surroundings const& around)
{
    if (is_silent(around.now, around))
        return;
    std::vector<std::string> settled;
    for (auto const& topic : state_.topics) {
        auto const silent = unanswered(topic, of, around);
        if (!is_settled(topic, silent, around))
            continue;
        tell_settled(topic, silent, of, around);
        settled.push_back(topic.name);
    }
    for (auto const& name : settled) {
        std::erase_if(state_.topics, [&](auto const& t) { return t.name == name; });
        mark(name);
    }
}

// Somebody has seen to it since it was taken in.
bool digest_book::was_seen_to(
    storage::digest_item const& item,
    std::string const& topic,
    digest_members const& of,
    digest_surroundings const& around) const
{
    auto const members = of.find(topic);
    if (members == of.end())
        return false;
    auto const covers = [&](storage::acknowledgement const& a) { return item.change <= a.change; };
    return std::ranges::any_of(members->second, [&](digest_bug const& bug) {
        return bug.what.bug == item.what.bug
               && is_acknowledged(settings_, topic, bug.what.bug, bug.watches, around, covers);
    });
}

void digest_book::tell_settled(
    storage::digest_topic const& topic,
    std::vector<digest_bug> const& silent,
    digest_members const& of,
    digest_surroundings const& around)
{
    letter_draft draft;
    letter_section changes{.more = static_cast<std::size_t>(topic.unlisted)};
    std::size_t told = 0;
    for (auto const& item : topic.items) {
        if (item.told)
            ++told;
        else if (!was_seen_to(item, topic.name, of, around))
            changes.add({.what = item.what, .says = says(item)});
    }
    auto const fresh = changes.lines.size() + changes.more;
    // Where nobody was waited for, the first letter has said it all; where nothing was told, nobody waits for
    // an end.
    if (fresh == 0 && (told == 0 || topic.awaited == 0))
        return;

    letter_section missing{.heading = "Not answered"};
    for (auto const& bug : silent)
        missing.add({.what = bug.what, .says = says(bug)});
    auto const quiet = missing.lines.size() + missing.more;
    draft.subject = fmt::format("settled, {}", fresh == 0 ? "nothing more" : counted(fresh, "change"));
    if (quiet != 0)
        draft.subject += fmt::format(", {} not answered", quiet);
    draft.opening.push_back(
        quiet == 0 ? fmt::format("All that were due since {} have answered.", format_time(topic.opened_at))
                   : fmt::format(
                         "{} that {} due since {} {} not answered.",
                         counted(quiet, "bug"),
                         quiet == 1 ? "was" : "were",
                         format_time(topic.opened_at),
                         quiet == 1 ? "has" : "have"));
    if (told != 0)
        draft.opening.push_back(fmt::format(
            "{} told before.", told == 1 ? "1 change was" : fmt::format("{} changes were", told)));
    if (fresh != 0)
        draft.sections.push_back(std::move(changes));
    if (quiet != 0)
        draft.sections.push_back(std::move(missing));
    write(topic.name, "settled", around.now, draft);
}

void digest_book::write(std::string const& topic, std::string kind, utc_time at, letter_draft const& draft)
{
    auto const number = ++state_.last_letter;
    auto const id = fmt::format(
        "{}.{}@{}",
        sha256_of(fmt::format("{}/{}/{}/{}", style_.store, settings_.name, topic, number)).substr(0, 32),
        number,
        style_.domain);
    auto thread = std::ranges::find(state_.threads, topic, &storage::digest_thread::topic);
    storage::digest_letter letter{
        .number = number, .topic = topic, .kind = std::move(kind), .at = at, .message_id = id};
    if (thread == state_.threads.end())
        thread = state_.threads.insert(state_.threads.end(), {.topic = topic, .first = id, .last = id});
    else {
        letter.references.push_back(thread->first);
        if (thread->last != thread->first)
            letter.references.push_back(thread->last);
        thread->last = id;
    }
    auto texts = write_down(draft, settings_, style_, topic);
    letter.subject = std::move(texts.subject);
    letter.text = std::move(texts.text);
    letter.html = std::move(texts.html);
    step_.letters.push_back(std::move(letter));
    std::erase_if(step_.threads, [&](auto const& t) { return t.topic == topic; });
    step_.threads.push_back(*thread);
    changed_ = true;
}

void digest_book::mark(std::string const& topic)
{
    touched_.insert(topic);
    changed_ = true;
}

storage::digest_step digest_book::take_step()
{
    for (auto const& name : touched_) {
        auto const at = std::ranges::find(state_.topics, name, &storage::digest_topic::name);
        if (at == state_.topics.end())
            step_.closed.push_back(name);
        else
            step_.opened.push_back(*at);
    }
    touched_.clear();
    changed_ = false;
    step_.name = settings_.name;
    step_.created_at = state_.created_at;
    step_.last_change = state_.last_change;
    step_.last_letter = state_.last_letter;
    return std::exchange(step_, {});
}

} // namespace checkwatches::feed
