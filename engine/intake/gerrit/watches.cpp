#include "engine/intake/gerrit/watches.hpp"

#include "engine/core/clock.hpp"
#include "storage/recheck_reader.hpp"
#include "storage/rechecks.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace checkwatches::intake::gerrit {
namespace {

constexpr std::size_t most_bugs = 20'000; // that a source is watched for
constexpr std::size_t most_labels = 20;   // of one bug

using watched = std::pair<storage::bug_id, std::string>; // a bug and a label

// Since when a bug must have been rechecked to be watched.
utc_time threshold(storage::reader const& in, source const& of, utc_time now)
{
    auto since = now - of.forget;
    clock::duration unknown{};
    for (auto const& gap : in.rechecks().gaps(since))
        if (gap.source == of.name && !gap.is_filled)
            unknown += gap.ended.value_or(now) - std::max(gap.began, since);
    return since - unknown;
}

std::vector<wanted_watch> wanted_of(storage::reader const& in, source const& of, utc_time now)
{
    std::vector<wanted_watch> out;
    std::map<std::string, std::set<std::string>> labels; // by bug
    for (auto const& one : in.rechecks().projects(of.name, threshold(in, of, now))) {
        if (!labels.contains(one.bug) && labels.size() == most_bugs)
            break;
        auto const& label = of.label.empty() ? one.project : of.label;
        auto& mine = labels[one.bug];
        if (mine.size() == most_labels || !mine.insert(label).second)
            continue;
        out.push_back(
            {.url = bug_url(of.bugs, one.bug),
             .what = {.label = label, .source = record_of(of).watch_source()}});
    }
    return out;
}

// The watches that a source has now.
std::set<watched> watches_of(storage::reader const& in, std::string const& source)
{
    std::set<watched> out;
    for (auto const& one : in.watches_by(source))
        out.emplace(one.bug, one.what.label);
    return out;
}

void drop(std::set<watched> const& gone, std::string const& source, storage::store& to, watches_report& told)
{
    to.in_transaction([&] {
        for (auto const& [bug, label] : gone) {
            if (!to.remove_watch(bug, label, source))
                continue;
            ++told.dropped;
            told.touched.push_back(bug);
        }
    });
}

} // namespace

awaitable<result<watches_report>> renew_watches(
    take_in_parts with,
    source of,
    utc_time now,
    std::vector<credential> credentials,
    std::chrono::seconds capabilities_last)
{
    struct plan {
        std::vector<wanted_watch> wanted{};
        newcomers fresh{};
    };
    auto look = [&kinds = with.kinds, of, now](storage::reader const& in) {
        plan out{.wanted = wanted_of(in, of, now)};
        out.fresh = unknown_trackers(in, kinds, {}, out.wanted);
        return out;
    };
    auto planned = co_await with.from.run(std::move(look));
    if (!planned)
        co_return planned.error();
    co_await prove_all(planned->fresh, with.over, credentials);
    auto write = [&kinds = with.kinds,
                  path = with.database,
                  source = record_of(of).watch_source(),
                  plan = std::move(*planned),
                  capabilities_last](storage::reader const& in) {
        auto to = storage::store::open(path);
        if (!to)
            throw storage::database_error{to.error()};
        intake into{in, **to, kinds, {}, capabilities_last};
        watches_report told;
        auto gone = watches_of(in, source);
        auto const results = into.add(plan.wanted, plan.fresh);
        for (std::size_t i = 0; i != results.size(); ++i) {
            auto const& one = results[i];
            if (!one) {
                told.refusals.push_back(one.error().message);
                continue;
            }
            gone.erase({one->bug, plan.wanted[i].what.label});
            told.added += one->new_watch ? 1 : 0;
            if (one->new_watch && !one->new_bug)
                told.touched.push_back(one->bug);
        }
        drop(gone, source, **to, told);
        return told;
    };
    co_return co_await with.from.run(std::move(write));
}

awaitable<result<watches_report>> forget_source(take_in_parts with, storage::recheck_source of)
{
    auto write = [path = with.database, of](storage::reader const& in) {
        auto to = storage::store::open(path);
        if (!to)
            throw storage::database_error{to.error()};
        watches_report told;
        drop(watches_of(in, of.watch_source()), of.watch_source(), **to, told);
        (*to)->rechecks().drop(of.name);
        return told;
    };
    co_return co_await with.from.run(std::move(write));
}

} // namespace checkwatches::intake::gerrit
