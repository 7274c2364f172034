#include "engine/feed/digest/book.hpp"
#include "engine/feed/digest/book_parts.hpp"
#include "engine/feed/digest/letter_draft.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace checkwatches::feed {
namespace {

std::string says(digest_bug const& bug)
{
    if (!bug.error.empty())
        return fmt::format("has not answered: {}", bug.error);
    return bug.seen_at ? fmt::format("has not been asked since {}", format_time(*bug.seen_at))
                       : "has never been asked";
}

bool has_nothing_newer(storage::acknowledgement const& a)
{
    return a.newest <= a.change;
}

} // namespace

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

} // namespace checkwatches::feed
