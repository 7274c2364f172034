#include "engine/intake/follow.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

namespace checkwatches::intake {
namespace {

constexpr std::chrono::hours refused_for{24};
// More wait for the next round: each may lead to a tracker that has to be asked what it is.
constexpr std::size_t most_at_once = 500;

std::vector<wanted_watch> watches_at(std::string const& url, std::vector<storage::watch> const& watches)
{
    std::vector<wanted_watch> out;
    for (auto const& watch : watches)
        out.push_back({.url = url, .what = watch});
    return out;
}

struct followed {
    std::size_t added = 0;
    std::size_t moved = 0;
    bool waits = false;
    std::vector<std::pair<std::string, std::string>> refusals{}; // URL and why
};

} // namespace

awaitable<result<follow_report>>
follower::run(std::vector<credential> const& credentials, std::chrono::seconds capabilities_last)
{
    auto all = co_await pending();
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
        auto fresh = co_await strangers(own, kind, credentials);
        if (!fresh)
            co_return fresh.error();
        auto const part = co_await follow(std::move(own), kind, std::move(*fresh), capabilities_last);
        if (!part)
            co_return part.error();
        done.added = done.added || part->added;
        done.waits = done.waits || part->waits;
    }
    co_return done;
}

awaitable<result<follower::moves>> follower::pending()
{
    auto const now = parts_.time.now();
    std::erase_if(refused_, [&](auto const& entry) { return entry.second <= now; });
    std::set<std::string> refused;
    for (auto const& [url, until] : refused_)
        refused.insert(url);
    auto read = [refused = std::move(refused)](storage::reader const& in) {
        moves out;
        for (auto& what : in.moved_bugs()) {
            if (out.size() == most_at_once)
                break;
            if (refused.contains(what.url))
                continue;
            auto watches = in.watches(what.bug);
            out.push_back({.what = std::move(what), .watches = std::move(watches)});
        }
        return out;
    };
    co_return co_await parts_.from.run(std::move(read));
}

awaitable<result<newcomers>>
follower::strangers(moves const& all, std::string const& kind, std::vector<credential> const& credentials)
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
    // A forge has one API for all its projects: the address that was given for one serves the other.
    for (auto& [key, one] : *fresh)
        for (auto const& m : all) {
            auto const base = parse_url(m.what.base_url);
            if (m.what.api_url && base && base->origin() == one.tried.front().bug.base.origin())
                one.api_url = m.what.api_url;
        }
    co_await prove_all(*fresh, parts_.over, credentials);
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
        auto to = storage::store::open(path);
        if (!to)
            throw storage::database_error{to.error()};
        followed told;
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
            if (there == m.what.bug || rows.empty())
                continue;
            if (!rows.front().seen_at) {
                told.waits = true;
                continue;
            }
            (*to)->follow_move(m.what.bug, there, m.what.url, now);
            ++told.moved;
        }
        return told;
    };
    auto const done = co_await parts_.from.run(std::move(write));
    if (!done)
        co_return done.error();
    auto const& told = *done;
    for (auto const& [url, why] : told.refusals)
        refuse(url, why);
    if (told.moved != 0)
        parts_.log.write(
            log_level::notice, "watches followed their bugs", {{"kind", kind}, {"bugs", told.moved}});
    co_return follow_report{.added = told.added != 0, .waits = told.waits};
}

void follower::refuse(std::string const& url, std::string const& why)
{
    refused_.insert_or_assign(url, parts_.time.now() + refused_for);
    parts_.log.write(
        log_level::warning, "a bug moved where it cannot be watched", {{"url", url}, {"why", why}});
}

} // namespace checkwatches::intake
