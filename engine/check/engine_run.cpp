#include "engine/check/engine_impl.hpp"
#include "engine/check/pass_book.hpp"
#include "engine/core/api_url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace checkwatches::check {
namespace {

// Rows that are read and held at a time.
constexpr std::size_t largest_chunk = 1000;
// A tracker that failed is left alone so long until its breaker opens, or for the breaker's own first delay
// where that is shorter.
constexpr std::chrono::minutes longest_pause{1};

using rows = std::vector<storage::settled_bug>;

// Of these numbers, what has no row is in hand no more. Both are in one order.
void forget_others(desk& d, std::vector<std::uint32_t> const& numbers, rows const& found)
{
    auto row = found.begin();
    for (auto const number : numbers) {
        if (row != found.end() && storage::number_of(row->after.id) == number)
            ++row;
        else
            d.in_hand.erase(number);
    }
}

// By their appointments, then as they are numbered.
void sort_by_appointments(std::vector<std::uint32_t>& numbers, appointments const& in_hand)
{
    std::vector<std::pair<std::uint32_t, std::uint32_t>> keys;
    keys.reserve(numbers.size());
    for (auto const number : numbers)
        keys.emplace_back(in_hand.at(number), number);
    std::ranges::sort(keys);
    std::ranges::transform(keys, numbers.begin(), [](auto const& key) { return key.second; });
}

// Somebody may have had the tracker probed meanwhile.
void keep_newer(
    std::optional<storage::stored_capabilities>& kept,
    std::optional<storage::stored_capabilities> const& other)
{
    if (other && (!kept || other->probed_at >= kept->probed_at))
        kept = other;
}

error no_adapter(std::string const& kind)
{
    return error{.kind = error_kind::unsupported, .message = "no adapter for kind " + kind};
}

} // namespace

awaitable<void> engine::impl::run(desk& d)
{
    auto const how = settings_.pass; // a reload does not touch what is under way
    auto const* const kind = parts_.kinds.find(d.tracker.kind);
    auto to = bind_to(d.tracker.base_url, d.tracker.api_url, how.credentials);
    if (kind == nullptr || !to) {
        auto const why = kind == nullptr ? no_adapter(d.tracker.kind) : to.error();
        d.put_back_wanted();
        end_parts(d, why);
        hold(d, std::chrono::days{1}, why.message);
        co_return;
    }
    bool const needs_network = !to->api || !is_local(*to->api);
    if (needs_network && network_.offline() && !serving_) {
        d.put_back_wanted();
        end_parts(d, error{.kind = error_kind::deferred, .message = "we are offline, it seems"});
        co_return;
    }
    if (needs_network)
        co_await network_.until_online();
    if (auto const read = co_await read_capabilities(d); !read) {
        broken_store_ = read.error();
        co_return;
    }

    tracker_job* self = nullptr;
    pass_book book{d.tracker, parts_.time, parts_.observer};
    job_context const shared{
        .over = parts_.network,
        .into = parts_.writer,
        .from = parts_.reader,
        .time = parts_.time,
        .log = parts_.log,
        .network = network_,
        .how = how,
        .meanings = settings_.pass.meanings,
        .random01 = [this] { return std::uniform_real_distribution<double>{}(dice_); },
        .on_request = book.on_request(),
        .on_look = [this] { network_moved_at_ = parts_.time.now(); },
        .on_settled =
            [&](std::vector<storage::settled_bug> const& bugs) {
                book.settled(bugs);
                on_settled(d, *self, bugs);
            }};
    job_subject what{
        .tracker = d.tracker,
        .settings = d.state.settings,
        .can = d.can,
        .clock_trusted = !d.state.skew,
        .missing = d.missing};
    auto const batch = std::max<std::size_t>(what.can ? what.can->can.batch : 1, 1);
    tracker_job job{shared, *kind, std::move(what), std::move(*to)};
    self = &job;
    running_[&d].job = &job;
    if (d.state.paused || stopping_) // while we waited
        job.stop();
    co_await check_chunks(d, job, batch, how);
    if (!broken_store_)
        co_await job.finish();
    running_[&d].job = nullptr;
    keep_newer(d.can, job.known());
    if (!broken_store_)
        co_await conclude(d, job, book);
}

// Once: only this engine writes those of a tracker that it has a desk for (a run and probe()), and keeps them
// there.
awaitable<result<void>> engine::impl::read_capabilities(desk& d)
{
    if (d.can)
        co_return result<void>{};
    auto const question = [of = d.tracker.id](storage::reader const& in) { return in.capabilities_of(of); };
    auto can = co_await parts_.reader.run(question);
    if (!can)
        co_return can.error();
    keep_newer(d.can, *can);
    co_return result<void>{};
}

// Chunk by chunk, until there is nothing to ask, trouble, or another tracker's turn.
awaitable<void>
engine::impl::check_chunks(desk& d, tracker_job& job, std::size_t batch, pass_settings const& how)
{
    while (!job.is_over()) {
        bool const shares = !d.host->waiting.empty();
        auto const most = d.probes ? 1
                          : shares ? std::min(batch * how.lanes * 4, largest_chunk)
                                   : largest_chunk;
        auto const taken = take_chunk(d, most, d.probes ? 1 : batch);
        if (taken.fresh.empty())
            co_return;
        auto rows = co_await read_rows(d, taken.fresh);
        if (!rows) {
            broken_store_ = rows.error();
            co_return;
        }
        leave_unripe(d, *rows, taken.along, how.policy);
        if (rows->empty())
            continue;
        auto const began = parts_.time.up();
        auto const before = job.remote().requests();
        co_await job.check(std::move(*rows));
        if (auto const sent = job.remote().requests() - before; sent != 0)
            d.host->note_pace((parts_.time.up() - began) / static_cast<clock::duration::rep>(sent));
        if (job.is_over())
            co_return;
        if (d.probes && job.remote().answers() != 0) {
            d.probes = false;
            book_success(d);
        }
        if (!d.host->waiting.empty())
            co_return;
    }
}

// Takes into hand what is wanted and what is due, and, as far as their last request has room, what comes due
// next. What the run holds back from an earlier chunk stays in hand.
engine::impl::chunk engine::impl::take_chunk(desk& d, std::size_t most, std::size_t batch)
{
    chunk out;
    auto const take = [&](agenda::entry const& e) {
        d.in_hand.emplace(e.number, e.due);
        out.fresh.push_back(e.number);
    };
    auto const first = std::min(most, d.wanted.size());
    std::for_each_n(d.wanted.begin(), first, take);
    d.wanted.erase(d.wanted.begin(), d.wanted.begin() + static_cast<std::ptrdiff_t>(first));
    if (serving_)
        std::ranges::for_each(d.due.take_due(on_.now(), most - first), take);
    auto const over = out.fresh.size() % batch;
    if (over == 0 || !d.wanted.empty() || !(serving_ || d.takes_along))
        return out;
    for (auto const& e : d.due.take_next(batch - over)) {
        take(e);
        out.along.insert(e.number);
    }
    return out;
}

// Of those that were taken along, the unripe go back.
void engine::impl::leave_unripe(
    desk& d,
    std::vector<storage::settled_bug>& rows,
    std::set<std::uint32_t> const& along,
    schedule_policy const& policy)
{
    auto const now = parts_.time.now();
    std::erase_if(rows, [&](storage::settled_bug const& bug) {
        auto const& row = bug.after;
        auto const number = storage::number_of(row.id);
        bool const ripe = !row.checked_at || ripe_at(policy, *row.checked_at, row.next_check) <= now;
        bool const is_waited_for = std::ranges::any_of(
            d.listeners, [&](inquiry_part const& part) { return part.waits_for(number); });
        if (ripe || is_waited_for || !along.contains(number))
            return false;
        d.due.add({.due = d.in_hand.at(number), .number = number});
        d.in_hand.erase(number);
        return true;
    });
}

// The rows of these bugs, which are in hand, the earliest appointment first. What has no row, or is not to be
// asked about any more, is forgotten.
awaitable<result<std::vector<storage::settled_bug>>>
engine::impl::read_rows(desk& d, std::vector<std::uint32_t> numbers)
{
    sort_by_appointments(numbers, d.in_hand);
    std::vector<storage::bug_id> ids;
    ids.reserve(numbers.size());
    for (auto const number : numbers)
        ids.push_back(storage::make_bug_id(d.tracker.id, number));
    auto question = [ids = std::move(ids)](storage::reader const& in) { return in.bugs_to_settle(ids); };
    auto rows = co_await parts_.reader.run(std::move(question));
    if (!rows)
        co_return rows.error();
    std::erase_if(
        *rows, [](storage::settled_bug const& bug) { return bug.after.next_check == storage::never; });
    forget_others(d, numbers, *rows);
    co_return rows;
}

void engine::impl::on_settled(desk& d, tracker_job const& job, std::vector<storage::settled_bug> const& bugs)
{
    for (auto const& bug : bugs) {
        auto const number = storage::number_of(bug.after.id);
        if (d.in_hand.erase(number) != 0)
            d.due.add(agenda::make_entry(number, on_.of(bug.after.next_check)));
    }
    for (auto at = d.listeners.begin(); at != d.listeners.end();) {
        auto& part = *at++;
        part.settled(bugs, d.requests + job.remote().requests());
        // While there is more to ask. At the end of the run its parts end with it: then all that it means
        // for the tracker has been done.
        if (part.is_complete() && !job.is_over() && !(d.in_hand.empty() && d.wanted.empty()))
            part.ended(std::nullopt, move_told_by(d, job), d.requests + job.remote().requests());
    }
}

// What a run came to, for the tracker as a whole.
awaitable<void> engine::impl::conclude(desk& d, tracker_job const& job, pass_book& book)
{
    if (job.broken_store()) {
        broken_store_ = job.broken_store();
        co_return;
    }
    auto const now = parts_.time.now();
    d.requests += job.remote().requests();
    d.state.tried_at = now;
    d.held_until.reset();
    if (job.seen() != 0)
        d.state.succeeded_at = now;
    d.missing = job.knows_some() ? 0 : d.missing + job.knows_none();
    book_skew(d, job.skew());
    co_await book_move(d, job);
    if (auto const& trouble = job.trouble()) {
        book_failure(d, *trouble);
        auto const least = std::min<clock::duration>(longest_pause, settings_.breaking.first_delay);
        bool const ours = !to_outcome(trouble->kind);
        clock::duration const wait = trouble->retry_after ? clock::duration{*trouble->retry_after} : least;
        hold(d, ours ? wait : std::max(wait, least), to_string(*trouble));
    }
    else if (job.remote().answers() != 0) {
        book_success(d);
    }
    // What was not asked is due still. Without trouble it is another tracker's turn, and what an inquiry
    // waits for is asked when the turn comes back.
    if (job.trouble())
        d.put_back_wanted();
    d.put_back_in_hand();
    if (d.wanted.empty())
        end_parts(d, job.trouble(), move_told_by(d, job));
    auto pass = book.close(job.remote(), job.trouble(), network_.offline());
    auto const kept = co_await keep_state(d, std::move(pass));
    if (!kept)
        broken_store_ = kept.error();
}

void engine::impl::end_parts(
    desk& d, std::optional<error> const& trouble, std::optional<web_url> const& moved_to)
{
    while (!d.listeners.empty())
        d.listeners.front().ended(trouble, moved_to, d.requests);
}

void engine::impl::hold(desk& d, clock::duration span, std::string why)
{
    d.held_until = on_.now() + span;
    d.held_because = std::move(why);
}

// Why it is not asked.
error engine::impl::closed(desk const& d) const
{
    if (d.state.paused)
        return error{
            .kind = error_kind::deferred,
            .message = "paused" + (d.state.note.empty() ? "" : " (" + d.state.note + ")")
                       + "; `checkwatches tracker resume " + d.tracker.name + "` takes it up again"};
    auto const until = d.closed_until(on_.now());
    auto const why = d.guard.record({}).value_or(
        d.host->guard.record({}).value_or(storage::breaker_record{}));
    return error{
        .kind = error_kind::deferred,
        .message = fmt::format(
            "left alone until {}: {}",
            until ? format_time(*until + on_.step()) : "it has been tried",
            why.detail.empty() ? d.held_because : why.detail)};
}

} // namespace checkwatches::check
