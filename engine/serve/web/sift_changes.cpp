#include "engine/serve/web/sift_changes.hpp"

#include <algorithm>
#include <map>

namespace checkwatches::serve {
namespace {

constexpr std::int64_t chunk = 500;

bool is_of(change_kind kind, storage::change const& what)
{
    bool const is_act = !what.actor.empty();
    switch (kind) {
    case change_kind::all: return true;
    case change_kind::acts: return is_act;
    case change_kind::changes: return !is_act && !is_first_sight(what);
    case change_kind::statuses: return !is_act && !is_first_sight(what) && what.field == "status";
    }
    return false;
}

// Whether bugs are watched as the sieve says; each is looked up once.
class watched {
public:
    watched(storage::reader const& in, change_sieve const& by) : in_{in}, by_{by} {}

    bool lets_through(std::optional<storage::bug_id> bug)
    {
        if (!by_.label && !by_.owner)
            return true;
        if (!bug)
            return false;
        auto const [at, is_new] = known_.emplace(*bug, false);
        if (is_new)
            at->second = std::ranges::any_of(in_.watches(*bug), [&](storage::watch const& one) {
                return one.label == by_.label.value_or(one.label)
                       && one.owner == by_.owner.value_or(one.owner);
            });
        return at->second;
    }

private:
    storage::reader const& in_;
    change_sieve const& by_;
    std::map<storage::bug_id, bool> known_{};
};

} // namespace

std::optional<change_kind> parse_change_kind(std::string_view word)
{
    if (word == "all")
        return change_kind::all;
    if (word == "changes")
        return change_kind::changes;
    if (word == "statuses")
        return change_kind::statuses;
    return word == "acts" ? std::optional{change_kind::acts} : std::nullopt;
}

sifted_changes
sift(storage::reader const& in, storage::change_list which, change_sieve const& by, std::int64_t limit)
{
    sifted_changes out;
    watched watches{in, by};
    for (std::int64_t looked_at = 0; looked_at < most_sifted_changes;) {
        auto some = in.list_changes(which, chunk);
        auto const last = some.empty() ? 0 : some.back().what.id;
        for (auto& one : some) {
            ++looked_at;
            if (!is_of(by.kind, one.what) || !watches.lets_through(one.what.bug))
                continue;
            if (static_cast<std::int64_t>(out.changes.size()) == limit) {
                out.next = which.before;
                return out;
            }
            which.before = one.what.id;
            out.changes.push_back(std::move(one));
        }
        if (static_cast<std::int64_t>(some.size()) < chunk)
            return out;
        which.before = last;
    }
    out.next = which.before;
    out.is_cut = true;
    return out;
}

bool is_first_sight(storage::change const& what)
{
    bool const is_verdict = what.field == "status" || what.field == "importance";
    return is_verdict && what.actor.empty() && !what.before && !what.remote_before;
}

} // namespace checkwatches::serve
