#include "engine/serve/web/sift_changes.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

namespace checkwatches::serve {
namespace {

constexpr std::int64_t chunk = 500;
constexpr std::int64_t least_chunk = 50;

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

// What the sieve says of each entry; the watches of each bug are looked up once.
class sieving {
public:
    sieving(storage::reader const& in, change_sieve const& by) : in_{in}, by_{by} {}

    bool lets_through(storage::change const& one)
    {
        bool const is_by_one = by_.actors.empty()
                               || std::ranges::find(by_.actors, one.actor) != by_.actors.end();
        return is_by_one && is_of(by_.kind, one) && (!by_.since || one.at > *by_.since)
               && (!by_.until || one.at < *by_.until) && is_watched(one.bug);
    }

private:
    bool is_watched(std::optional<storage::bug_id> bug)
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

    storage::reader const& in_;
    change_sieve const& by_;
    std::map<storage::bug_id, bool> known_{};
};

} // namespace

std::string_view word(change_kind kind) noexcept
{
    switch (kind) {
    case change_kind::all: break;
    case change_kind::changes: return "changes";
    case change_kind::statuses: return "statuses";
    case change_kind::acts: return "acts";
    }
    return "all";
}

std::optional<change_kind> parse_change_kind(std::string_view text)
{
    for (auto const kind : {change_kind::all, change_kind::changes, change_kind::statuses, change_kind::acts})
        if (text == word(kind))
            return kind;
    return std::nullopt;
}

sifted_changes
sift(storage::reader const& in, storage::change_list which, change_sieve const& by, std::int64_t limit)
{
    sifted_changes out;
    sieving sieve{in, by};
    for (std::int64_t looked_at = 0; looked_at < most_sifted_changes;) {
        auto some = in.list_changes(which, chunk);
        auto const last = some.empty() ? 0 : some.back().what.id;
        for (auto& one : some) {
            ++looked_at;
            if (!sieve.lets_through(one.what))
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

followed_changes
follow(storage::reader const& in, storage::log_part which, change_sieve const& by, std::int64_t limit)
{
    followed_changes out{.reached = std::max(which.after, which.up_to)};
    sieving sieve{in, by};
    bool const back = which.newest;
    for (std::int64_t looked_at = 0;;) {
        auto const size = std::clamp<std::int64_t>(
            limit + 1 - std::ssize(out.changes), least_chunk, chunk); // one more says whether there is more
        auto some = in.log(which, size);
        if (back)
            std::ranges::reverse(some);
        for (auto& one : some) {
            ++looked_at;
            auto const id = one.what.id;
            auto& passed = back ? which.up_to : which.after;
            if (sieve.lets_through(one.what)) {
                if (static_cast<std::int64_t>(out.changes.size()) == limit) {
                    out.is_cut = true;
                    break;
                }
                out.changes.push_back(std::move(one));
            }
            passed = id - (back ? 1 : 0);
        }
        out.is_cut = out.is_cut || (looked_at >= most_sifted_changes && std::ssize(some) == size);
        if (out.is_cut || std::ssize(some) < size)
            break;
    }
    if (back)
        std::ranges::reverse(out.changes);
    else if (out.is_cut)
        out.reached = which.after;
    return out;
}

bool is_first_sight(storage::change const& what)
{
    bool const is_verdict = what.field == "status" || what.field == "importance";
    return is_verdict && what.actor.empty() && !what.before && !what.remote_before;
}

} // namespace checkwatches::serve
