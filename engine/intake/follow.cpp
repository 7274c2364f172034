#include "engine/intake/follow.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <set>
#include <utility>

namespace checkwatches::intake {
namespace {

constexpr std::chrono::hours refused_for{24};
constexpr std::chrono::minutes untold_for{15};
// More wait for the next round: each may lead to a tracker that has to be asked what it is.
constexpr std::size_t most_at_once = 500;

std::vector<wanted_watch> watches_at(std::string const& url, std::vector<storage::watch> const& watches)
{
    std::vector<wanted_watch> out;
    for (auto const& watch : watches)
        out.push_back({.url = url, .what = watch});
    return out;
}

// How many duplicates lead to a bug that is watched for nothing else; 0 where somebody watches it for itself.
std::size_t hops_of(std::vector<storage::watch> const& watches)
{
    constexpr std::string_view source = "duplicate";
    std::size_t least = longest_chain;
    for (auto const& watch : watches) {
        std::size_t hops = watch.source == source ? 1 : 0;
        if (watch.source.starts_with("duplicate ")) {
            auto const* const end = watch.source.data() + watch.source.size();
            auto const read = std::from_chars(watch.source.data() + source.size() + 1, end, hops);
            if (read.ptr != end || read.ec != std::errc{}) // somebody's own word
                hops = 0;
        }
        least = std::min(least, hops);
    }
    return least;
}

bool holds_all(std::vector<storage::watch> const& there, std::vector<storage::watch> const& wanted)
{
    return std::ranges::all_of(wanted, [&](storage::watch const& want) {
        return std::ranges::any_of(there, [&](storage::watch const& one) {
            return one.label == want.label && one.source == want.source;
        });
    });
}

struct refusal {
    std::string url{};
    bool of_duplicate = false;
    std::string why{};
};

struct followed {
    std::size_t added = 0;
    std::size_t moved = 0;
    bool waits = false;
    std::vector<refusal> refusals{};
};

bool shares_origin(storage::leading_bug const& moved, web_url const& base)
{
    auto const old = parse_url(moved.base_url);
    return old && old->origin() == base.origin();
}

} // namespace

awaitable<result<follow_report>> follower::run(
    std::vector<credential> const& credentials,
    std::chrono::seconds capabilities_last,
    duplicate_policy duplicates)
{
    auto all = co_await pending(duplicates);
    if (!all)
        co_return all.error();
    std::set<std::string> kinds;
    for (auto const& m : *all)
        kinds.insert(m.kind);
    follow_report done;
    for (auto const& kind : kinds) {
        moves own;
        std::ranges::copy_if(*all, std::back_inserter(own), [&](move const& m) { return m.kind == kind; });
        auto fresh = co_await meet_strangers(own, kind, credentials, done.refusals);
        if (!fresh)
            co_return fresh.error();
        auto part = co_await follow(std::move(own), kind, std::move(*fresh), capabilities_last);
        if (!part)
            co_return part.error();
        done.added = done.added || part->added;
        done.waits = done.waits || part->waits;
        std::ranges::move(part->refusals, std::back_inserter(done.refusals));
    }
    co_return done;
}

awaitable<result<follower::moves>> follower::pending(duplicate_policy duplicates)
{
    auto const now = parts_.time.now();
    std::erase_if(put_off_, [&](auto const& entry) { return entry.second <= now; });
    auto out = co_await pending_moves();
    if (!out || duplicates == duplicate_policy::own)
        co_return out;
    auto more = co_await pending_duplicates();
    if (!more)
        co_return more.error();
    std::ranges::move(*more, std::back_inserter(*out));
    co_return out;
}

awaitable<result<follower::moves>> follower::pending_moves()
{
    std::set<std::string> later;
    for (auto const& [url, until] : put_off_)
        later.insert(url);
    auto read = [later = std::move(later)](storage::reader const& in) {
        moves out;
        for (auto& what : in.moved_bugs()) {
            if (out.size() == most_at_once)
                break;
            auto watches = later.contains(what.url) ? std::vector<storage::watch>{} : in.watches(what.bug);
            if (watches.empty()) // by now
                continue;
            move one{.what = std::move(what), .watches = std::move(watches)};
            one.kind = one.what.kind;
            one.url = one.what.url;
            out.push_back(std::move(one));
        }
        return out;
    };
    co_return co_await parts_.from.run(std::move(read));
}

awaitable<result<follower::moves>> follower::pending_duplicates()
{
    auto const list = [](storage::reader const& in) { return in.duplicate_bugs(); };
    auto all = co_await parts_.from.run(list);
    if (!all)
        co_return all.error();
    moves open;
    for (auto& what : *all) {
        if (open.size() == most_at_once)
            break;
        auto const followed = followed_.find(what.bug);
        if (followed != followed_.end() && followed->second == std::pair{what.watches, what.url})
            continue;
        auto const master = master_of(parts_.kinds, what.kind, what.base_url, what.url);
        if (!master) {
            followed_.insert_or_assign(what.bug, std::pair{what.watches, what.url});
            continue;
        }
        if (put_off_.contains(master->text()))
            continue;
        move one{.what = std::move(what), .url = master->text(), .is_duplicate = true};
        one.kind = parse_url(one.what.url) ? std::string{} : one.what.kind;
        open.push_back(std::move(one));
    }
    auto read = [open = std::move(open), &kinds = parts_.kinds](storage::reader const& in) mutable {
        for (auto& one : open) {
            one.watches = in.watches(one.what.bug);
            auto const hops = hops_of(one.watches);
            for (auto& watch : one.watches)
                watch.source = hops == 0 ? "duplicate" : fmt::format("duplicate {}", hops + 1);
            auto const master = parse_url(one.url);
            auto const there = master ? find_bug(in, kinds, *master) : master.error();
            bool const is_done = there && *there
                                 && (**there == one.what.bug || holds_all(in.watches(**there), one.watches));
            if (is_done || hops >= longest_chain)
                one.watches.clear();
        }
        return std::move(open);
    };
    auto looked = co_await parts_.from.run(std::move(read));
    if (!looked)
        co_return looked.error();
    std::erase_if(*looked, [&](move const& one) {
        if (one.watches.empty())
            followed_.insert_or_assign(one.what.bug, std::pair{one.what.watches, one.what.url});
        return one.watches.empty();
    });
    co_return looked;
}

awaitable<result<newcomers>> follower::meet_strangers(
    moves& all,
    std::string const& kind,
    std::vector<credential> const& credentials,
    std::vector<std::string>& refusals)
{
    std::vector<wanted_watch> wanted;
    for (auto const& m : all)
        wanted.push_back({.url = m.url});
    auto read = [&kinds = parts_.kinds, kind, wanted](storage::reader const& in) {
        return unknown_trackers(in, kinds, kind, wanted);
    };
    auto fresh = co_await parts_.from.run(std::move(read));
    if (!fresh)
        co_return fresh.error();

    // The newcomer that a move leads to; the end where it is none.
    auto const newcomer_of = [&](move const& m) {
        auto const url = parse_url(m.url);
        auto const named = url ? candidates(parts_.kinds, *url, kind) : url.error();
        return !named ? fresh->end() : std::ranges::find_if(*fresh, [&](auto const& one) {
            return one.second.tried.front().bug.base == named->front().bug.base;
        });
    };
    std::erase_if(all, [&](move const& m) {
        auto const one = newcomer_of(m);
        if (one == fresh->end())
            return false;
        if (shares_origin(m.what, one->second.tried.front().bug.base)) {
            // A forge has one API for all its projects: the address that was given for one serves the other.
            one->second.api_url = m.what.api_url;
            return false;
        }
        refuse(
            m.url,
            m.is_duplicate,
            "no tracker is known at that host; `checkwatches add` of this address follows",
            refusals);
        return true;
    });
    std::erase_if(*fresh, [&](auto const& one) {
        return std::ranges::none_of(
            all, [&](move const& m) { return shares_origin(m.what, one.second.tried.front().bug.base); });
    });
    co_await prove_all(*fresh, parts_.over, credentials);
    std::erase_if(all, [&](move const& m) {
        auto const one = newcomer_of(m);
        bool const is_untold = one != fresh->end() && !one->second.proven && one->second.refusal
                               && may_pass(one->second.refusal->kind);
        if (is_untold)
            put_off_.insert_or_assign(m.url, parts_.time.now() + untold_for);
        return is_untold;
    });
    co_return std::move(*fresh);
}

awaitable<result<follow_report>>
follower::follow(moves all, std::string const& kind, newcomers fresh, std::chrono::seconds capabilities_last)
{
    auto write = [all = std::move(all),
                  kind,
                  fresh = std::move(fresh),
                  capabilities_last,
                  &kinds = parts_.kinds,
                  path = parts_.database,
                  now = parts_.time.now()](storage::reader const& in) {
        followed told;
        if (all.empty())
            return told;
        auto to = storage::store::open(path);
        if (!to)
            throw storage::database_error{to.error()};
        intake into{in, **to, kinds, kind, capabilities_last};
        for (auto const& m : all) {
            auto const results = into.add(watches_at(m.url, m.watches), fresh);
            auto const bad = std::ranges::find_if(results, [](auto const& r) { return r.has_error(); });
            if (bad != results.end()) {
                told.refusals.push_back({m.url, m.is_duplicate, bad->error().message});
                continue;
            }
            auto const there = results.front()->bug;
            told.added += results.front()->new_bug ? 1 : 0;
            auto const rows = in.bugs({there});
            if (m.is_duplicate)
                continue;
            if (there == m.what.bug || rows.empty()) {
                told.refusals.push_back({m.url, false, "it leads back to the bug itself"});
            }
            else if (rows.front().seen_at) {
                (*to)->follow_move(m.what.bug, there, m.url, now);
                ++told.moved;
            }
            else if (rows.front().checked_at) {
                told.refusals.push_back(
                    {m.url, false, "the new place does not answer for it: " + rows.front().error});
            }
            else {
                told.waits = true;
            }
        }
        return told;
    };
    auto const done = co_await parts_.from.run(std::move(write));
    if (!done)
        co_return done.error();
    follow_report out{.added = done->added != 0, .waits = done->waits};
    for (auto const& [url, of_duplicate, why] : done->refusals)
        refuse(url, of_duplicate, why, out.refusals);
    if (done->moved != 0)
        parts_.log.write(
            log_level::notice, "watches followed their bugs", {{"kind", kind}, {"bugs", done->moved}});
    co_return out;
}

void follower::refuse(
    std::string const& url, bool of_duplicate, std::string const& why, std::vector<std::string>& into)
{
    put_off_.insert_or_assign(url, parts_.time.now() + refused_for);
    auto const parsed = parse_url(url);
    auto const shown = parsed ? redacted(*parsed) : std::string{"an address that is none"};
    auto const what = of_duplicate ? "the master of a duplicate cannot be watched"
                                   : "a bug moved where it cannot be watched";
    parts_.log.write(log_level::warning, what, {{"url", shown}, {"why", why}});
    if (!of_duplicate)
        into.push_back(shown + ": " + why);
}

} // namespace checkwatches::intake
