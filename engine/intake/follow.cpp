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
        std::size_t hops = 0;
        if (watch.source.starts_with(source)) {
            auto const number = std::string_view{watch.source}.substr(source.size());
            hops = 1;
            if (number.size() > 1)
                std::from_chars(number.data() + 1, number.data() + number.size(), hops);
        }
        least = std::min(least, hops);
    }
    return least;
}

// Makes `old` what is `now`; false where it was so.
template <class T>
bool changes(T& old, T const& now)
{
    bool const differs = old != now;
    old = now;
    return differs;
}

struct followed {
    std::size_t added = 0;
    std::size_t moved = 0;
    bool waits = false;
    std::vector<std::pair<std::string, std::string>> refusals{}; // URL and why
};

// Of these, another attempt may learn more.
bool may_pass(error_kind kind)
{
    return kind == error_kind::deferred || kind == error_kind::connect_failed || kind == error_kind::timeout
           || kind == error_kind::rate_limited || kind == error_kind::maintenance;
}

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
        kinds.insert(m.what.kind);
    follow_report done;
    for (auto const& kind : kinds) {
        moves own;
        std::ranges::copy_if(
            *all, std::back_inserter(own), [&](move const& m) { return m.what.kind == kind; });
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
    std::erase_if(put_off_, [&](auto const& entry) {
        bool const is_due = entry.second <= now;
        if (is_due)
            std::erase_if(followed_, [&](auto const& one) { return one.second.second == entry.first; });
        return is_due;
    });
    std::set<std::string> later;
    for (auto const& [url, until] : put_off_)
        later.insert(url);
    auto read = [this, duplicates, later = std::move(later)](storage::reader const& in) {
        moves out;
        for (auto& what : in.moved_bugs()) {
            if (out.size() == most_at_once)
                break;
            if (later.contains(what.url))
                continue;
            auto watches = in.watches(what.bug);
            out.push_back({.what = std::move(what), .watches = std::move(watches)});
        }
        if (duplicates == duplicate_policy::master)
            add_duplicates(out, in, later);
        return out;
    };
    co_return co_await parts_.from.run(std::move(read));
}

// On the reader's thread, while nobody else touches what is followed.
void follower::add_duplicates(moves& to, storage::reader const& in, std::set<std::string> const& later)
{
    for (auto& what : in.duplicate_bugs()) {
        if (to.size() == most_at_once)
            return;
        auto const master = master_of(parts_.kinds, what.kind, what.base_url, what.url);
        if (!master || later.contains(master->text()))
            continue;
        what.url = master->text();
        auto watches = in.watches(what.bug);
        auto const hops = hops_of(watches);
        std::pair const as_it_is{watches.size(), what.url};
        if (hops >= longest_chain || !changes(followed_[what.bug], as_it_is))
            continue;
        if (auto const there = find_bug(in, parts_.kinds, *master); there && *there == what.bug)
            continue; // itself
        for (auto& watch : watches)
            watch.source = hops == 0 ? "duplicate" : fmt::format("duplicate {}", hops + 1);
        to.push_back({.what = std::move(what), .watches = std::move(watches), .is_duplicate = true});
    }
}

awaitable<result<newcomers>> follower::meet_strangers(
    moves& all,
    std::string const& kind,
    std::vector<credential> const& credentials,
    std::vector<std::string>& refusals)
{
    std::vector<wanted_watch> wanted;
    for (auto const& m : all)
        wanted.push_back({.url = m.what.url});
    auto read = [&kinds = parts_.kinds, kind, wanted](storage::reader const& in) {
        return unknown_trackers(in, kinds, kind, wanted);
    };
    auto fresh = co_await parts_.from.run(std::move(read));
    if (!fresh)
        co_return fresh.error();

    // The newcomer that a move leads to; the end where it is none.
    auto const newcomer_of = [&](move const& m) {
        auto const url = parse_url(m.what.url);
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
        refusals.push_back(refuse(
            m.what.url, "no tracker is known at that host; `checkwatches add` of this address follows"));
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
            put_off_.insert_or_assign(m.what.url, parts_.time.now() + untold_for);
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
            auto const results = into.add(watches_at(m.what.url, m.watches), fresh);
            auto const bad = std::ranges::find_if(results, [](auto const& r) { return r.has_error(); });
            if (bad != results.end()) {
                told.refusals.emplace_back(m.what.url, bad->error().message);
                continue;
            }
            auto const there = results.front()->bug;
            told.added += results.front()->new_bug ? 1 : 0;
            auto const rows = in.bugs({there});
            if (m.is_duplicate)
                continue;
            if (there == m.what.bug || rows.empty()) {
                told.refusals.emplace_back(m.what.url, "it leads back to the bug itself");
            }
            else if (rows.front().seen_at) {
                (*to)->follow_move(m.what.bug, there, m.what.url, now);
                ++told.moved;
            }
            else if (rows.front().checked_at) {
                told.refusals.emplace_back(
                    m.what.url, "the new place does not answer for it: " + rows.front().error);
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
    for (auto const& [url, why] : done->refusals)
        out.refusals.push_back(refuse(url, why));
    if (done->moved != 0)
        parts_.log.write(
            log_level::notice, "watches followed their bugs", {{"kind", kind}, {"bugs", done->moved}});
    co_return out;
}

std::string follower::refuse(std::string const& url, std::string const& why)
{
    put_off_.insert_or_assign(url, parts_.time.now() + refused_for);
    auto const parsed = parse_url(url);
    auto const shown = parsed ? redacted(*parsed) : std::string{"an address that is none"};
    parts_.log.write(
        log_level::warning, "a bug moved where it cannot be watched", {{"url", shown}, {"why", why}});
    return shown + ": " + why;
}

} // namespace checkwatches::intake
