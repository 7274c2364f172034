#include "engine/feed/digest/reading.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace checkwatches::feed {
namespace {

constexpr std::size_t most_members = 5'000; // of one topic
constexpr std::int64_t page = 500;

void fill(digest_bug& into, storage::bug_state const& from)
{
    into.state = from.state;
    into.weight = from.weight;
    into.last_outcome = from.last_outcome;
    into.error = from.error;
    into.checked_at = from.checked_at;
    into.seen_at = from.seen_at;
    into.run_began = from.run_began;
    into.next_check = from.next_check;
    into.failures = from.failures;
}

digest_bug bug_of(storage::shown_bug const& shown, address_of const& url_of)
{
    digest_bug out{
        .what = {
            .bug = shown.bug.id,
            .tracker = shown.tracker,
            .remote_id = shown.bug.remote_id,
            .title = shown.bug.title,
            .url = url_of(shown.kind, shown.base_url, shown.bug.remote_id)}};
    fill(out, shown.bug);
    return out;
}

// All bugs that are watched so, each with those watches.
void add_watched(
    std::map<storage::bug_id, digest_bug>& into,
    storage::reader const& in,
    storage::watch_list which,
    address_of const& url_of)
{
    for (;;) {
        auto const part = in.list_watches(which, page);
        for (auto const& one : part) {
            auto const at = into.try_emplace(one.on.bug.id, digest_bug{}).first;
            if (at->second.watches.empty())
                at->second = bug_of(one.on, url_of);
            at->second.watches.push_back(one.what);
        }
        if (part.size() < static_cast<std::size_t>(page) || into.size() >= most_members)
            return;
        auto const& last = part.back();
        which.after = {.bug = last.on.bug.id, .label = last.what.label, .source = last.what.source};
    }
}

std::vector<storage::watch_list> lists_of(digest_settings const& of, std::string const& topic)
{
    auto const blank = topic.find(' ');
    auto const kind = topic.substr(0, blank);
    auto const key = topic.substr(blank + 1);
    if (kind == word(digest_key::label))
        return {{.label = key}};
    if (kind == word(digest_key::owner))
        return {{.owner = key}};
    std::vector<storage::watch_list> out;
    if (auto const release = of.releases.find(key); release != of.releases.end())
        for (auto const& label : release->second)
            out.push_back({.label = label});
    return out;
}

bool is_wanted(digest_settings const& of, digest_bug const& bug)
{
    event e{.state = bug.state, .weight = bug.weight, .watches = bug.watches};
    e.check.emplace().tracker = bug.what.tracker;
    return of.wanted.wants(e);
}

} // namespace

digest_members read_members(
    storage::reader const& in,
    digest_settings const& of,
    std::set<std::string> const& topics,
    address_of const& url_of)
{
    digest_members out;
    for (auto const& topic : topics) {
        std::map<storage::bug_id, digest_bug> all;
        for (auto const& which : lists_of(of, topic))
            add_watched(all, in, which, url_of);
        auto& members = out[topic];
        for (auto& [id, bug] : all)
            if (is_wanted(of, bug))
                members.push_back(std::move(bug));
    }
    return out;
}

std::vector<digest_bug> read_failing(
    storage::reader const& in,
    std::vector<storage::digest_trouble> const& known,
    storage::bug_id& after,
    std::int64_t most,
    address_of const& url_of)
{
    std::map<storage::bug_id, digest_bug> all;
    std::map<storage::bug_id, storage::named_bug> names;
    std::vector<storage::bug_id> ids;
    for (auto const& one : known) {
        names.emplace(one.what.bug, one.what);
        ids.push_back(one.what.bug);
    }
    for (auto const& bug : in.bugs(ids)) {
        auto& into = all[bug.id];
        into.what = names.at(bug.id);
        fill(into, bug);
    }
    auto const failing = in.list_bugs({.failing = true, .after = after}, most);
    for (auto const& shown : failing)
        all.insert_or_assign(shown.bug.id, bug_of(shown, url_of));
    bool const is_all = failing.size() < static_cast<std::size_t>(most);
    after = is_all ? storage::bug_id{} : failing.back().bug.id;

    std::vector<digest_bug> out;
    for (auto& [id, bug] : all) {
        bug.watches = in.watches(id);
        out.push_back(std::move(bug));
    }
    return out;
}

digest_surroundings read_surroundings(
    storage::reader const& in, std::string const& digest, utc_time now, std::set<storage::bug_id> const& bugs)
{
    digest_surroundings out{.now = now, .mutes = in.mutes(digest)};
    out.acknowledged = in.acknowledgements({bugs.begin(), bugs.end()});
    std::set<storage::tracker_id> trackers;
    for (auto const bug : bugs)
        trackers.insert(storage::tracker_of(bug));
    std::set<storage::tracker_id> paused;
    for (auto const one : trackers)
        if (in.state_of(one).paused)
            paused.insert(one);
    if (paused.empty())
        return out;
    for (auto const& one : in.trackers())
        if (paused.contains(one.id))
            out.paused.insert(one.name);
    return out;
}

bool has_all(storage::reader const& in, std::string const& sink)
{
    auto const all = in.sinks();
    auto const mine = std::ranges::find(all, sink, &storage::sink_record::name);
    return mine != all.end() && mine->changes >= in.last_change();
}

} // namespace checkwatches::feed
