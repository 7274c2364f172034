#include "engine/feed/event_pages.hpp"

#include <algorithm>
#include <map>

namespace checkwatches::feed {
namespace {

std::optional<storage::bug_id> bug_of(event const& e)
{
    return e.change ? e.change->what.bug : e.check->what.bug;
}

// What is known of the bugs that the events are of; each bug is read once.
void describe(storage::reader const& in, std::vector<event>& events)
{
    std::map<storage::bug_id, std::vector<event*>> by_bug;
    for (auto& e : events)
        if (auto const bug = bug_of(e))
            by_bug[*bug].push_back(&e);
    std::vector<storage::bug_id> ids;
    ids.reserve(by_bug.size());
    for (auto const& [bug, of] : by_bug)
        ids.push_back(bug);
    for (auto const& bug : in.bugs(ids)) {
        auto watches = in.watches(bug.id);
        if (watches.empty()) // they followed it to where it moved
            watches = in.watches_where_it_went(bug.id);
        for (auto* const e : by_bug[bug.id]) {
            e->title = bug.title;
            e->state = bug.state;
            e->weight = bug.weight;
            e->watches = watches;
        }
    }
}

template <class Shown>
std::string url_of_shown(Shown const& shown, address_of const& url_of)
{
    return shown.base_url.empty() ? std::string{} : url_of(shown.kind, shown.base_url, shown.remote_id);
}

} // namespace

std::vector<event> read_events(
    storage::reader const& in,
    event_kind what,
    std::int64_t after,
    std::int64_t most,
    address_of const& url_of)
{
    auto const store = in.store_id();
    std::vector<event> out;
    if (what == event_kind::change)
        for (auto& shown : in.changes(after, most)) {
            auto& e = out.emplace_back();
            e.url = url_of_shown(shown, url_of);
            e.change = std::move(shown);
        }
    else
        for (auto& shown : in.check_events(after, most)) {
            auto& e = out.emplace_back();
            e.url = url_of_shown(shown, url_of);
            e.check = std::move(shown);
        }
    for (auto& e : out)
        e.uuid = uuid_of(store, what, e.id());
    describe(in, out);
    return out;
}

std::optional<event>
read_event(storage::reader const& in, event_kind what, std::int64_t id, address_of const& url_of)
{
    auto found = read_events(in, what, id - 1, 1, url_of);
    if (found.empty() || found.front().id() != id)
        return std::nullopt;
    return std::move(found.front());
}

} // namespace checkwatches::feed
