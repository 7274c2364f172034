#include "engine/feed/digest/book.hpp"

#include "engine/core/sha256.hpp"
#include "engine/feed/digest/book_parts.hpp"
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
