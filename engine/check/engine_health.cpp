#include "engine/check/engine_impl.hpp"
#include "engine/check/moves.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace checkwatches::check {
namespace {

// A run that waits for its host's one attempt looks again after this.
constexpr std::chrono::seconds wait_for_probe{10};
// A nap that took so much longer than asked for: the machine was suspended, or stood still.
constexpr std::chrono::minutes shortest_gap{2};
// Smaller corrections of the clock are nobody's business.
constexpr std::chrono::seconds smallest_step{10};
constexpr std::chrono::hours upkeep_every{1};
constexpr std::int64_t rows_at_a_time = 1000;

std::string scope_of(desk const& d)
{
    return fmt::format("tracker {}", static_cast<std::int64_t>(d.tracker.id));
}

} // namespace

// Breakers go on where they were; incidents of a life before this one are over.
awaitable<result<void>> engine::impl::restore_health()
{
    using known = std::pair<std::vector<storage::breaker_record>, std::vector<storage::incident>>;
    auto const question = [](storage::reader const& in) { return known{in.breakers(), in.incidents(100)}; };
    auto const read = co_await parts_.reader.run(question);
    if (!read)
        co_return read.error();
    std::map<std::string, storage::breaker_record> by_scope;
    for (auto const& record : read->first)
        by_scope.emplace(record.scope, record);
    auto const put = [&](breaker& b, bool& kept, std::string const& scope) {
        auto const at = by_scope.find(scope);
        if (at == by_scope.end())
            return;
        b = breaker::restore(at->second, settings_.breaking, on_.now());
        kept = true;
    };
    for (auto const& [name, d] : roster_.by_name())
        put(d->guard, d->kept, scope_of(*d));
    for (auto& [origin, host] : roster_.hosts())
        put(host.guard, host.kept, origin);

    std::vector<std::int64_t> open;
    for (auto const& i : read->second)
        if (!i.ended)
            open.push_back(i.id);
    if (open.empty())
        co_return result<void>{};
    auto work = [open = std::move(open), now = parts_.time.now()](storage::store& to) {
        for (auto const id : open)
            to.end_incident(id, now);
    };
    co_return co_await parts_.writer.run(std::move(work));
}

// Whether a tracker whose turn it is may be asked, by its breaker and its host's.
bool engine::impl::admit(desk& d)
{
    auto const now = on_.now();
    if (d.insisted)
        return true;
    auto const own = d.guard.may_try(now);
    if (own == leave::no) {
        if (auto const until = d.guard.open_until(); until && *until <= now)
            hold(d, wait_for_probe, "it is being tried");
        return false;
    }
    auto const host = d.host->guard.may_try(now);
    if (host == leave::no) {
        d.guard.told_nothing();
        hold(d, wait_for_probe, "another tracker of its host is tried first");
        return false;
    }
    d.probes = own == leave::probe || host == leave::probe;
    return true;
}

void engine::impl::book_success(desk& d)
{
    if (!d.guard.is_closed() || !d.host->guard.is_closed())
        parts_.log.write(
            log_level::notice,
            "tracker works again",
            {{"tracker", d.tracker.name}, {"host", d.host->origin}});
    bool const frees_others = !d.host->guard.is_closed();
    d.guard.succeeded();
    d.host->guard.succeeded();
    if (!frees_others)
        return;
    for (auto const& [name, other] : roster_.by_name())
        if (other->host == d.host && other != &d && !other->active && !other->waiting)
            rest(*other);
    alarm_.ring();
}

void engine::impl::book_failure(desk& d, error const& trouble)
{
    auto const how = to_outcome(trouble.kind);
    if (!how || !is_tracker_failure(*how)) {
        d.guard.told_nothing();
        d.host->guard.told_nothing();
        return;
    }
    breaker_failure const what{
        .how = *how,
        .detail = to_string(trouble),
        .retry_after = trouble.retry_after,
        .now = on_.now(),
        .random01 = std::uniform_real_distribution<double>{}(dice_)};
    auto const closed_before = d.guard.is_closed();
    d.guard.failed(settings_.breaking, what);
    if (counts_for_host(*how))
        d.host->guard.failed(settings_.breaking, what);
    else
        d.host->guard.told_nothing();
    if (auto const until = d.guard.open_until(); closed_before && until)
        parts_.log.write(
            log_level::warning,
            "tracker is left alone",
            {{"tracker", d.tracker.name}, {"until", format_time(*until + on_.step())}, {"why", what.detail}});
}

// What makes the store's breakers those of the tracker and its host.
std::vector<std::function<void(storage::store&)>> engine::impl::breaker_writes(desk& d)
{
    std::vector<std::function<void(storage::store&)>> out;
    auto const write = [&](breaker const& b, bool& kept, std::string const& scope) {
        if (auto record = b.record(scope)) {
            record->failed_at += on_.step(); // what is recorded is UTC
            record->open_until += on_.step();
            out.push_back([record = *record](storage::store& to) { to.put_breaker(record); });
        }
        else if (kept)
            out.push_back([scope](storage::store& to) { to.drop_breaker(scope); });
        kept = !b.is_closed();
    };
    write(d.guard, d.kept, scope_of(d));
    write(d.host->guard, d.host->kept, d.host->origin);
    return out;
}

// A tracker's clock that is far from ours is told once, and not relied upon until it is right again.
void engine::impl::book_skew(desk& d, std::optional<std::chrono::milliseconds> skew)
{
    if (!skew)
        return;
    auto const now = parts_.time.now();
    bool const skewed = is_skewed(now + *skew, now, settings_.pass.batching);
    if (skewed != d.state.skew.has_value())
        parts_.log.write(
            skewed ? log_level::warning : log_level::notice,
            skewed ? "clock_skew: tracker's clock is wrong, everything is read in full"
                   : "tracker's clock is right again",
            {{"tracker", d.tracker.name}, {"ahead_ms", skew->count()}});
    d.state.skew = skewed ? skew : std::nullopt;
}

// Where the tracker says that it lives now. A redirect that stays on its host and does not keep what was
// asked for (to a login, or from a project's old name in an API) is none of the tracker.
std::optional<web_url> engine::impl::move_told_by(desk const& d, tracker_job const& job)
{
    auto const& to = job.remote().moved_to();
    auto const base = parse_url(d.tracker.base_url);
    bool const stays = to && to->origin() == job.remote().moved_from().origin();
    if (!to || !base || (stays && !moved_base(*base, job.remote().moved_from(), *to)))
        return std::nullopt;
    return to;
}

// The tracker says that it lives elsewhere. It is followed once it has answered there for bugs that are
// watched: the redirected answers did.
awaitable<void> engine::impl::book_move(desk& d, tracker_job const& job)
{
    auto const to = move_told_by(d, job);
    auto const base = parse_url(d.tracker.base_url);
    if (!to || !base || d.tracker.api_url)
        co_return;
    d.state.moved_to = to->text();
    auto const new_base = moved_base(*base, job.remote().moved_from(), *to);
    if (!new_base || job.seen() == 0)
        co_return;
    auto const address = new_base->text();
    result<void> done;
    auto work = [of = d.tracker.id, address, &done](storage::store& in) {
        done = in.move_tracker(of, address);
    };
    auto const kept = co_await parts_.writer.run(std::move(work));
    if (!kept || !done) {
        parts_.log.write(
            log_level::warning,
            "tracker cannot be moved",
            {{"tracker", d.tracker.name}, {"to", address}, {"why", (kept ? done : kept).error().message}});
        co_return;
    }
    parts_.log.write(
        log_level::notice,
        "tracker moved",
        {{"tracker", d.tracker.name},
         {"from", d.tracker.base_url},
         {"to", address},
         {"asked", redacted(job.remote().moved_from())},
         {"answered_at", redacted(*to)},
         {"bugs_answered", job.seen()}});
    d.tracker.base_url = address;
    d.state.moved_to.reset();
    d.moves = true;
}

network_watch::hooks engine::impl::hooks()
{
    return network_watch::hooks{
        .ask_canary = [this] { return ask_canary(); },
        .on_offline =
            [this](std::string const& why) {
                parts_.log.write(log_level::error, "we are offline", {{"why", why}});
                tell_incident("offline", why);
            },
        .on_online =
            [this] {
                parts_.log.write(log_level::notice, "we are online again", {});
                tell_incident("offline", {});
                alarm_.ring();
            }};
}

// Whatever it answers, it was reached.
awaitable<bool> engine::impl::ask_canary()
{
    if (!settings_.offline.canary)
        co_return false;
    net::request const rq{.method = "HEAD", .url = *settings_.offline.canary};
    auto const answer = co_await parts_.network.send(rq, canary_cookies_);
    if (answer)
        co_return true;
    auto const why = answer.error().kind;
    co_return why != error_kind::deferred && !can_be_ours(why);
}

// An incident begins; without a detail the last one of its kind ends.
void engine::impl::tell_incident(std::string kind, std::string detail)
{
    incidents_.push_back({.kind = std::move(kind), .began = parts_.time.now(), .detail = std::move(detail)});
    incident_bell_.ring();
}

awaitable<void> engine::impl::keep_incidents()
{
    std::map<std::string, std::int64_t> open;
    for (;;) {
        while (!incidents_.empty()) {
            auto const next = incidents_.front();
            incidents_.pop_front();
            auto& id = open[next.kind];
            auto work = [&id, next](storage::store& to) {
                if (next.detail.empty() && id != 0)
                    to.end_incident(id, next.began);
                else if (!next.detail.empty())
                    id = to.begin_incident(next);
            };
            static_cast<void>(co_await parts_.writer.run(std::move(work)));
        }
        co_await incident_bell_.wait(upkeep_every);
    }
}

// The machine may have been suspended, and its clock may have been set, while we slept.
void engine::impl::notice_gaps(clock::duration nap, clock::duration began)
{
    if (auto const gap = parts_.time.up() - began - nap; gap >= shortest_gap) {
        auto const slept = format_span(std::chrono::duration_cast<std::chrono::seconds>(gap));
        parts_.log.write(log_level::notice, "the machine stood still", {{"for", slept}});
        pace_.start(parts_.time.up());
        tell_incident("suspended", "for " + slept);
        tell_incident("suspended", {});
    }
    auto const step = on_.step();
    if (std::chrono::abs(step - step_seen_) < smallest_step)
        return;
    auto const by = (step - step_seen_).count();
    parts_.log.write(log_level::notice, "the clock was set", {{"by_ms", by}});
    tell_incident("clock_step", fmt::format("by {} ms", by));
    tell_incident("clock_step", {});
    step_seen_ = step;
}

// A database that takes nothing is told when that begins and when it ends.
void engine::impl::notice_writer()
{
    auto const health = parts_.writer.health();
    if (health.stuck_since.has_value() == stuck_)
        return;
    stuck_ = health.stuck_since.has_value();
    if (stuck_)
        parts_.log.write(
            log_level::error,
            "the database takes nothing; results are kept and written later",
            {{"why", health.why}, {"pending", health.pending}});
    else
        parts_.log.write(log_level::notice, "the database takes what it is given again", {});
    tell_incident("disk", stuck_ ? health.why : "");
}

// Removes what is no longer kept, in small pieces.
awaitable<void> engine::impl::look_after_store()
{
    for (;;) {
        std::int64_t gone = 0;
        do {
            auto work = [&gone, keep = settings_.keep, now = parts_.time.now()](storage::store& in) {
                gone = in.prune(keep, now, rows_at_a_time);
            };
            auto const done = co_await parts_.writer.run(std::move(work));
            if (!done)
                break;
        } while (gone == rows_at_a_time);
        co_await parts_.time.sleep(upkeep_every);
    }
}

} // namespace checkwatches::check
