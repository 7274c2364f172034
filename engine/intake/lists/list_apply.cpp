#include "engine/intake/lists/list_apply.hpp"

#include "engine/core/signature.hpp"
#include "engine/intake/lists/watch_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

namespace checkwatches::intake {
namespace {

using storage::entry_state;
using storage::list_entry;
using storage::list_state;
using storage::placed_watch;

// So many entries are a transaction: others want to write, too.
constexpr std::size_t at_once = 500;
constexpr std::size_t few = 10; // watches, which may always go
constexpr std::size_t longest_reason = 500;

// A bug, and what it is watched for.
using place = std::pair<storage::bug_id, std::string>;

struct difference {
    std::vector<placed_watch> gone{};
    std::vector<placed_watch> amended{};
    std::size_t before = 0;

    bool is_harsh() const noexcept { return gone.size() > few && gone.size() * 2 > before; }
};

difference difference_of(std::vector<placed_watch> const& have, std::vector<list_entry> const& entries)
{
    std::map<place, list_entry const*> wanted;
    for (auto const& e : entries)
        if (e.watched)
            wanted.try_emplace({*e.watched, e.label}, &e);
    difference out{.before = have.size()};
    for (auto const& w : have) {
        auto const found = wanted.find({w.bug, w.what.label});
        if (found == wanted.end()) {
            out.gone.push_back(w);
            continue;
        }
        auto const& e = *found->second;
        if (e.owner == w.what.owner && e.is == w.what.is && e.note == w.what.note)
            continue;
        auto amended = w;
        amended.what.owner = e.owner;
        amended.what.is = e.is;
        amended.what.note = e.note;
        out.amended.push_back(std::move(amended));
    }
    return out;
}

void take_away(list_work const& with, std::vector<placed_watch> const& gone, list_news& news)
{
    for (auto const& w : gone)
        if (with.write.remove_watch(w.bug, w.what.label, w.what.source))
            news.moved.push_back(w.bug);
}

std::string held_words(std::size_t gone, std::size_t before, std::chrono::seconds hold)
{
    return fmt::format(
        "held for {} s: it takes away {} of its {} watches (`checkwatches watchlist put --force` does that "
        "at "
        "once)",
        hold.count(),
        gone,
        before);
}

void watch_all(
    list_work const& with, std::string const& source, std::vector<list_entry>& entries, list_news& news)
{
    // What a tracker is was asked before it was registered: nothing here has to know how long that holds.
    intake into{with.read, with.write, with.kinds, {}, {}};
    for (std::size_t begin = 0; begin < entries.size(); begin += at_once) {
        auto const end = std::min(begin + at_once, entries.size());
        with.write.in_transaction([&] {
            std::set<storage::bug_id> made;
            for (auto i = begin; i != end; ++i)
                if (entries[i].state != entry_state::bad)
                    watch_entry(into, source, entries[i], made, news);
        });
    }
}

std::string why_not_applied(list_state state)
{
    return state == list_state::frozen ? "the list is frozen" : "the list is off";
}

} // namespace

void list_news::take(list_news&& other)
{
    added = added || other.added;
    std::ranges::move(other.moved, std::back_inserter(moved));
    if (other.held_until)
        hold_until(*other.held_until);
}

void list_news::hold_until(utc_time when)
{
    held_until = std::min(held_until.value_or(when), when);
}

std::string source_of(std::string const& list)
{
    return "list:" + list;
}

bool is_held(storage::watch_list_record const& list) noexcept
{
    return list.state == list_state::good && !list.trouble.empty();
}

void watch_entry(
    intake& into,
    std::string const& source,
    list_entry& entry,
    std::set<storage::bug_id>& made,
    list_news& news)
{
    storage::watch const what{
        .label = entry.label, .source = source, .owner = entry.owner, .is = entry.is, .note = entry.note};
    auto const added = entry.url.empty()
                           ? into.add_where_known(entry.tracker, entry.bug, what, made)
                           : into.add_where_known(wanted_watch{.url = entry.url, .what = what}, made);
    if (!added) {
        entry.state = entry_state::bad;
        entry.reason = std::string{cut_text(added.error().message, longest_reason)};
        return;
    }
    if (!*added) {
        entry.state = entry_state::waiting;
        entry.reason = entry.url.empty() ? fmt::format("no tracker is registered as \"{}\"", entry.tracker)
                                         : "its tracker is not known yet, and is to be asked what it is";
        return;
    }
    auto const& done = **added;
    entry.state = entry_state::watched;
    entry.reason.clear();
    entry.watched = done.bug;
    news.added = news.added || done.new_bug;
    if (done.new_watch && !done.new_bug)
        news.moved.push_back(done.bug);
}

list_news apply_list(
    list_work const& with, storage::watch_list_record list, std::vector<list_entry> entries, bool force)
{
    list_news news;
    auto const source = source_of(list.name);
    auto const have = with.read.watches_by(source);
    list.read_at = with.now;
    list.trouble.clear();
    if (list.state == list_state::good) {
        watch_all(with, source, entries, news);
    }
    else {
        for (auto& e : entries)
            if (e.state != entry_state::bad)
                e.reason = why_not_applied(list.state);
    }
    if (list.state == list_state::frozen) {
        // It stands beside what was applied before, and takes nothing away.
        with.write.put_watch_list(list, entries);
        return news;
    }
    auto const change = difference_of(have, entries);
    bool const hold = list.state == list_state::good && change.is_harsh() && !force;
    if (hold) {
        list.trouble = held_words(change.gone.size(), change.before, with.hold);
        news.hold_until(with.now + with.hold);
    }
    else {
        list.applied_at = with.now;
    }
    with.write.in_transaction([&] {
        for (auto const& w : change.amended)
            with.write.amend_watch(w.bug, w.what);
        if (!hold)
            take_away(with, change.gone, news);
        with.write.put_watch_list(list, entries);
    });
    return news;
}

list_news release_held(list_work const& with, storage::watch_list_record list, bool force)
{
    list_news news;
    if (!force && with.now < list.read_at + with.hold) {
        news.hold_until(list.read_at + with.hold);
        return news;
    }
    auto const entries = with.read.list_entries(list.name, false, 0, std::int64_t{most_entries});
    auto const change = difference_of(with.read.watches_by(source_of(list.name)), entries);
    list.trouble.clear();
    list.applied_at = with.now;
    with.write.in_transaction([&] {
        take_away(with, change.gone, news);
        with.write.put_watch_list(list);
    });
    return news;
}

void keep_bad(list_work const& with, storage::watch_list_record const& list)
{
    with.write.put_watch_list(list);
}

list_news drop_list(list_work const& with, storage::watch_list_record list, bool many_go, bool force)
{
    list_news news;
    auto const have = with.read.watches_by(source_of(list.name));
    // One that is gone has no hash; and was read last when that was seen.
    bool const is_new = !is_held(list) || !list.hash.empty();
    bool const is_held_back = !force && (many_go || have.size() > few);
    if (is_held_back && is_new) {
        list.hash.clear();
        list.state = list_state::good;
        list.line = 0;
        list.column = 0;
        list.read_at = with.now;
        list.trouble = fmt::format(
            "its file is gone; its {} watches go after {} s", have.size(), with.hold.count());
        with.write.put_watch_list(list);
        news.hold_until(with.now + with.hold);
        return news;
    }
    if (is_held_back && with.now < list.read_at + with.hold) {
        news.hold_until(list.read_at + with.hold);
        return news;
    }
    with.write.in_transaction([&] {
        take_away(with, have, news);
        with.write.drop_watch_list(list.name);
    });
    return news;
}

} // namespace checkwatches::intake
