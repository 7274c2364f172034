#include "engine/intake/gerrit/keeper.hpp"

#include "engine/core/join.hpp"
#include "engine/intake/gerrit/read_pages.hpp"
#include "engine/intake/gerrit/signature_folder.hpp"
#include "engine/intake/lists/plain_file.hpp"
#include "engine/remote/bound_remote.hpp"
#include "storage/recheck_reader.hpp"
#include "storage/rechecks.hpp"

#include <algorithm>
#include <random>
#include <utility>

namespace checkwatches::intake::gerrit {
namespace {

constexpr std::size_t retries = 5; // of one reading, over all its requests
constexpr std::chrono::minutes put_off{5};
constexpr std::chrono::hours prune_every{1};
constexpr std::int64_t rows_at_once = 5'000;

double random01()
{
    thread_local std::minstd_rand generator{std::random_device{}()};
    return std::uniform_real_distribution<double>{0, 1}(generator);
}

bool is_configured(std::vector<source> const& all, std::string const& name)
{
    return std::ranges::find(all, name, &source::name) != all.end();
}

} // namespace

awaitable<result<keeper_report>> keeper::run(keeper_settings settings)
{
    keeper_report told;
    auto const known = co_await configure(settings, told);
    if (!known)
        co_return known.error();
    // Beside each other: one that is slow delays no other.
    std::vector<result<void>> ends(settings.sources.size());
    std::vector<awaitable<void>> all;
    for (std::size_t i = 0; i != ends.size(); ++i) {
        auto const& of = settings.sources[i];
        auto const found = std::ranges::find(*known, of.name, &storage::recheck_source::name);
        if (found != known->end())
            all.push_back(look_after(*found, of, settings, told, ends[i]));
    }
    co_await join(std::move(all));
    for (auto const& end : ends)
        if (!end)
            co_return end.error();
    auto const pruned = co_await prune(settings);
    if (!pruned)
        co_return pruned.error();
    co_return told;
}

awaitable<void> keeper::look_after(
    storage::recheck_source known,
    source of,
    keeper_settings const& settings,
    keeper_report& told,
    result<void>& end)
{
    end = co_await read_folder(known, of.names_signatures);
    if (!end)
        co_return;
    auto const now = parts_.time.now();
    auto next = std::max(due_at(known), put_off_[of.name]);
    if (next <= now) {
        next = now + of.every;
        end = co_await read_source(std::move(known), std::move(of), settings, told);
    }
    told.next = std::min(told.next.value_or(next), next);
}

take_in_parts keeper::taking_in() const
{
    return {.database = parts_.database, .from = parts_.from, .over = parts_.over, .kinds = parts_.kinds};
}

// The sources as they are kept, the configuration written to them.
awaitable<result<std::vector<storage::recheck_source>>>
keeper::configure(keeper_settings const& settings, keeper_report& told)
{
    auto const list = [](storage::reader const& in) { return in.rechecks().sources(); };
    auto known = co_await parts_.from.run(list);
    if (!known)
        co_return known;
    for (auto const& one : *known) {
        if (is_configured(settings.sources, one.name))
            continue;
        auto gone = co_await forget_source(taking_in(), one);
        if (!gone)
            co_return gone.error();
        std::ranges::move(gone->touched, std::back_inserter(told.touched));
        stamps_.erase(one.name);
        parts_.log.write(
            log_level::notice,
            "a Gerrit is not read any more",
            {{"source", one.name}, {"watches", gone->dropped}});
    }
    if (settings.sources.empty())
        co_return std::vector<storage::recheck_source>{};
    bool const is_same = std::ranges::all_of(settings.sources, [&](source const& of) {
        auto const want = record_of(of);
        return std::ranges::any_of(*known, [&](storage::recheck_source const& one) {
            return one.name == want.name && one.url == want.url && one.bugs == want.bugs
                   && one.every == want.every && one.folder == want.folder;
        });
    });
    if (is_same)
        co_return known;
    auto write = [sources = settings.sources](storage::store& to) {
        for (auto const& of : sources)
            to.rechecks().configure(record_of(of));
    };
    auto const written = co_await parts_.writer.run(std::move(write));
    if (!written)
        co_return written.error();
    co_return co_await parts_.from.run(list);
}

awaitable<result<void>> keeper::read_folder(storage::recheck_source of, bool must_be_there)
{
    if (of.folder.empty())
        co_return result<void>{};
    struct seen {
        std::string stamp{};
        std::optional<signature_folder> as_it_is{};
    };
    auto const before = stamps_.find(of.name);
    auto look = [folder = of.folder,
                 must_be_there,
                 closed = files_of_database(parts_.database),
                 last = before == stamps_.end() ? std::optional<std::string>{}
                                                : before->second](storage::reader const&) {
        seen out{.stamp = folder + " " + stamp_of(folder)};
        if (out.stamp != last)
            out.as_it_is = read_signatures(folder, must_be_there, closed);
        return out;
    };
    auto found = co_await parts_.from.run(std::move(look));
    if (!found)
        co_return found.error();
    if (!found->as_it_is)
        co_return result<void>{};
    auto& as_it_is = *found->as_it_is;
    of.folder_at = parts_.time.now();
    of.folder_trouble = as_it_is.trouble;
    auto const bad = std::ranges::count_if(as_it_is.all, [](auto const& one) { return !one.is_good(); });
    parts_.log.write(
        bad == 0 && of.folder_trouble.empty() ? log_level::info : log_level::warning,
        "signatures were read",
        {{"source", of.name},
         {"folder", of.folder},
         {"files", as_it_is.all.size()},
         {"bad", bad},
         {"trouble", of.folder_trouble}});
    auto write = [of, all = std::move(as_it_is.all)](storage::store& to) {
        to.rechecks().put_signatures(of, all);
    };
    auto const written = co_await parts_.writer.run(std::move(write));
    if (!written)
        co_return written.error();
    stamps_.insert_or_assign(of.name, found->stamp);
    co_return result<void>{};
}

awaitable<result<std::size_t>> keeper::keep_page(storage::recheck_reading brought)
{
    auto const fresh = std::make_shared<std::int64_t>(0);
    auto write = [brought = std::move(brought), fresh](storage::store& to) {
        *fresh = to.rechecks().add(brought);
    };
    auto const written = co_await parts_.writer.run(std::move(write));
    if (!written)
        co_return written.error();
    co_return static_cast<std::size_t>(*fresh);
}

awaitable<result<void>> keeper::read_source(
    storage::recheck_source known, source of, keeper_settings const& settings, keeper_report& told)
{
    auto to = bind_to(of.url.text(), std::nullopt, settings.credentials);
    if (!to)
        co_return to.error();
    retry_budget left{retries};
    retrying again{.policy = settings.retry, .left = left, .time = parts_.time, .random01 = random01};
    bound_remote at{parts_.over, std::move(*to), std::move(again)};
    auto const keep = [this](storage::recheck_reading brought) { return keep_page(std::move(brought)); };
    auto const newest = known.newest;
    gerrit::keep_page const keeping{keep};
    auto done = co_await read_pages(at, of, newest, parts_.time.now(), keeping);
    if (done.trouble && done.trouble->kind == error_kind::storage)
        co_return *done.trouble;
    if (done.trouble && done.trouble->kind == error_kind::deferred) {
        // A limit of our own: nothing failed, and what is missing is asked for soon.
        put_off_.insert_or_assign(of.name, parts_.time.now() + put_off);
        parts_.log.write(
            log_level::info,
            "a Gerrit is asked later",
            {{"source", of.name}, {"why", done.trouble->message}});
        co_return result<void>{};
    }
    tell(of, done, told);
    bool const is_good = !done.trouble;
    auto const noted = co_await note(std::move(known), std::move(done), of);
    if (!noted)
        co_return noted.error();
    if (is_good)
        co_return co_await renew(of, settings, told);
    co_return result<void>{};
}

awaitable<result<void>> keeper::note(storage::recheck_source known, reading done, source const& of)
{
    auto verdict = judge(std::move(known), done, horizon_of(of.query));
    auto write = [verdict = std::move(verdict)](storage::store& to) {
        auto& into = to.rechecks();
        if (verdict.begins)
            into.begin_gap(*verdict.begins);
        if (verdict.unread)
            into.add_gap(*verdict.unread);
        if (verdict.ends)
            into.end_gap(verdict.after.name, *verdict.ends, true);
        into.put_progress(verdict.after);
    };
    co_return co_await parts_.writer.run(std::move(write));
}

awaitable<result<void>> keeper::renew(source const& of, keeper_settings const& settings, keeper_report& told)
{
    auto done = co_await renew_watches(
        taking_in(), of, parts_.time.now(), settings.credentials, settings.capabilities_last);
    if (!done)
        co_return done.error();
    for (auto const& refusal : done->refusals)
        parts_.log.write(
            log_level::warning, "a rechecked bug cannot be watched", {{"source", of.name}, {"why", refusal}});
    if (done->added != 0 || done->dropped != 0)
        parts_.log.write(
            log_level::info,
            "watches of rechecked bugs",
            {{"source", of.name}, {"added", done->added}, {"dropped", done->dropped}});
    told.added = told.added || done->added != 0;
    std::ranges::move(done->touched, std::back_inserter(told.touched));
    co_return result<void>{};
}

awaitable<result<void>> keeper::prune(keeper_settings const& settings)
{
    auto const now = parts_.time.now();
    if (now - pruned_at_ < prune_every || settings.sources.empty())
        co_return result<void>{};
    pruned_at_ = now;
    auto write = [before = now - settings.keep](storage::store& to) {
        to.rechecks().prune(before, rows_at_once);
    };
    co_return co_await parts_.writer.run(std::move(write));
}

void keeper::tell(source const& of, reading const& done, keeper_report& told)
{
    if (done.trouble) {
        auto const why = to_string(*done.trouble);
        told.failures.push_back(of.name + ": " + why);
        parts_.log.write(log_level::warning, "a Gerrit cannot be read", {{"source", of.name}, {"why", why}});
        return;
    }
    parts_.log.write(
        done.is_cut || done.unreadable != 0 ? log_level::warning : log_level::info,
        "a Gerrit was read",
        {{"source", of.name},
         {"pages", done.pages},
         {"changes", done.rows},
         {"rechecks", done.fresh},
         {"unreadable", done.unreadable},
         {"cut", done.is_cut ? "yes" : "no"}});
}

} // namespace checkwatches::intake::gerrit
