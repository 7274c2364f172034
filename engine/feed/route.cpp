#include "engine/feed/route.hpp"

#include "engine/feed/delay.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <utility>

namespace checkwatches::feed {

std::optional<storage::sink_record> record_of(storage::reader const& in, std::string const& name)
{
    for (auto& one : in.sinks())
        if (one.name == name)
            return std::move(one);
    return std::nullopt;
}

route::route(courier_parts const& parts, courier_settings const& settings, served_sink to)
    : parts_{parts},
      settings_{settings},
      served_{std::move(to)},
      bell_{parts.time},
      pause_{parts.time}
{}

awaitable<void> route::run(errand how)
{
    once_ = how == errand::once;
    while (!co_await load()) {
        if (once_ || dismissed_)
            co_return;
        co_await bell_.wait(settings_.look_every);
    }
    while (take_next() && !gave_up_) {
        bool more = false;
        if (!is_over_) {
            co_await tell_parked();
            more = co_await tell_page(event_kind::change);
            if (served_.to->wants_checks()) {
                bool const more_checks = co_await tell_page(event_kind::check);
                more = more || more_checks;
            }
        }
        if (must_turn() && !is_over_)
            continue;
        if (more)
            continue;
        if (once_)
            break;
        co_await bell_.wait(settings_.look_every);
    }
    co_await keep();
}

void route::replace(served_sink by)
{
    next_ = std::make_unique<served_sink>(std::move(by));
    dismissed_ = false;
    bell_.ring();
    pause_.ring();
}

void route::dismiss()
{
    next_.reset();
    dismissed_ = true;
    bell_.ring();
    pause_.ring();
}

void route::retry()
{
    retry_ = true;
    is_over_ = false;
    bell_.ring();
    pause_.ring();
}

void route::skip()
{
    skip_ = true;
    bell_.ring();
    pause_.ring();
}

std::optional<std::int64_t> route::has_checks_up_to() const
{
    if (dismissed_ || !to()->wants_checks())
        return std::nullopt;
    return kept_.checks;
}

bool route::take_next()
{
    if (next_) {
        served_ = std::move(*next_);
        next_.reset();
        is_over_ = false;
        record_.kind = served_.to->kind();
    }
    return !dismissed_;
}

awaitable<bool> route::load()
{
    if (is_loaded_)
        co_return true;
    auto question = [name = served_.to->name(), from = served_.from](storage::reader const& in) {
        if (auto known = record_of(in, name))
            return std::move(*known);
        storage::sink_record fresh;
        fresh.changes = from ? *from : in.last_change();
        fresh.checks = in.last_check_event();
        return fresh;
    };
    auto read = co_await parts_.reader.run(std::move(question));
    if (!read) {
        parts_.log.write(
            log_level::error,
            "cannot read where a sink stands",
            {{"sink", served_.to->name()}, {"why", to_string(read.error())}});
        co_return false;
    }
    record_ = std::move(*read);
    bool const is_new = record_.name.empty();
    record_.name = served_.to->name();
    record_.kind = served_.to->kind();
    if (is_new)
        co_await keep();
    kept_ = record_;
    is_loaded_ = true;
    co_return true;
}

std::int64_t& route::position(event_kind what)
{
    return what == event_kind::change ? record_.changes : record_.checks;
}

// False: there is nothing more, or it cannot be read.
awaitable<bool> route::tell_page(event_kind what)
{
    if (must_turn())
        co_return true;
    auto question = [what, after = position(what), most = settings_.page, url_of = parts_.url_of](
                        storage::reader const& in) { return read_events(in, what, after, most, url_of); };
    auto read = co_await parts_.reader.run(std::move(question));
    if (!read) {
        co_await note_blindness(read.error());
        co_return false;
    }
    if (std::exchange(is_blind_, false) && record_.tries == 0) {
        note_success(); // nothing else was wrong
        co_await keep();
    }
    if (read->empty())
        co_return false;
    auto const last = read->back().id();
    auto const sink = served_.to;
    std::vector<event> wanted;
    for (auto& e : *read) {
        if (!sink->wanted().wants(e))
            continue;
        wanted.push_back(std::move(e));
        if (wanted.size() < sink->batch())
            continue;
        auto full = std::exchange(wanted, {});
        if (!co_await tell_all(what, std::move(full)))
            co_return true;
    }
    if (!co_await tell_all(what, std::move(wanted)))
        co_return true;
    position(what) = last; // what nobody wants is passed over
    co_await keep();
    co_return true;
}

// False: it was left before all were told or parked.
awaitable<bool> route::tell_all(event_kind what, std::vector<event> events)
{
    while (!events.empty()) {
        co_await pace(events.size());
        if (must_turn())
            co_return false;
        auto const came = co_await deliver(events);
        auto const n = std::min(came.confirmed, events.size());
        note_confirmed(what, events, n);
        events.erase(events.begin(), events.begin() + static_cast<std::ptrdiff_t>(n));
        if (events.empty()) {
            note_success();
            co_await keep_at_times();
            break;
        }
        note_trouble(came);
        co_await keep();
        if (!is_to_be_parked(came)) {
            if (must_turn())
                co_return false;
            co_await wait_out(came);
            if (!std::exchange(skip_, false))
                continue;
        }
        co_await park(what, std::move(events.front()));
        events.erase(events.begin());
    }
    skip_ = false;
    co_return true;
}

awaitable<delivery> route::deliver(std::vector<event> events)
{
    auto const sink = served_.to;
    std::string why;
    try {
        co_return co_await sink->deliver(std::move(events));
    }
    catch (boost::system::system_error const& e) {
        if (e.code() == asio::error::operation_aborted)
            throw;
        why = e.what();
    }
    catch (std::exception const& e) {
        why = e.what();
    }
    // It may be this event's: it is parked then, as one that is refused.
    co_return delivery{
        .trouble = error{.kind = error_kind::protocol_error, .message = why}, .is_refusal = true};
}

void route::note_confirmed(event_kind what, std::vector<event> const& events, std::size_t n)
{
    if (n == 0)
        return;
    position(what) = events[n - 1].id();
    record_.delivered += static_cast<std::int64_t>(n);
    record_.confirmed_at = parts_.time.now();
    record_.tries = 0;
    refusals_ = 0;
    parked_ = 0;
}

void route::note_success()
{
    if (record_.failing_since)
        parts_.log.write(
            log_level::notice,
            "a sink takes events again",
            {{"sink", record_.name}, {"failed_since", format_time(*record_.failing_since)}});
    record_.failing_since.reset();
    record_.trouble.clear();
    record_.tries = 0;
}

void route::note_trouble(delivery const& came)
{
    static error const nothing_said{
        .kind = error_kind::protocol_error, .message = "it did not say what became of what it was sent"};
    record_.trouble = to_string(came.trouble.value_or(nothing_said));
    ++record_.tries;
    if (!record_.failing_since) {
        record_.failing_since = parts_.time.now();
        parts_.log.write(
            log_level::warning, "a sink fails", {{"sink", record_.name}, {"why", record_.trouble}});
    }
    if (came.is_over) {
        is_over_ = true;
        parts_.log.write(
            log_level::warning, "a sink wants no more", {{"sink", record_.name}, {"why", record_.trouble}});
    }
    gave_up_ = once_ && !is_over_ && (!came.is_refusal || parked_ >= settings_.most_parked);
}

bool route::is_to_be_parked(delivery const& came)
{
    if (std::exchange(skip_, false))
        return true;
    if (!came.is_refusal || came.is_over)
        return false;
    ++refusals_;
    return refusals_ >= settings_.most_refusals && parked_ < settings_.most_parked;
}

// The database cannot be read: until it can the sink fails.
awaitable<void> route::note_blindness(error const& why)
{
    if (std::exchange(is_blind_, true))
        co_return;
    record_.trouble = "cannot read what it is to be told: " + to_string(why);
    if (!record_.failing_since)
        record_.failing_since = parts_.time.now();
    parts_.log.write(
        log_level::error,
        "cannot read what a sink is to be told",
        {{"sink", record_.name}, {"why", to_string(why)}});
    co_await keep();
}

// Writes where it stands, where that has changed.
awaitable<void> route::keep()
{
    if (record_ == kept_)
        co_return;
    kept_ = record_;
    kept_at_ = parts_.time.up();
    auto work = [record = record_](storage::store& to) { to.put_sink(record); };
    co_await write(std::move(work));
}

// The same while all goes well, but at most once in keep_every where events go one by one: a commit for each
// would cost many times what the event does. What was told since is told again after a kill, or a stop in the
// middle of a delivery; of batches that would be much, so these are written at once.
awaitable<void> route::keep_at_times()
{
    bool const is_due = parts_.time.up() - kept_at_ >= settings_.keep_every;
    if (is_due || served_.to->batch() > 1 || record_.trouble != kept_.trouble)
        co_await keep();
}

// What cannot be written is told again after a restart, no more.
awaitable<void> route::write(std::function<void(storage::store&)> work)
{
    auto const written = co_await parts_.writer.run(std::move(work));
    if (!written)
        parts_.log.write(
            log_level::error,
            "cannot write where a sink stands",
            {{"sink", record_.name}, {"why", to_string(written.error())}});
}

awaitable<void> route::pace(std::size_t events)
{
    if (served_.rate <= 0)
        co_return;
    using span = std::chrono::duration<double, std::milli>;
    constexpr span burst = std::chrono::seconds{1};
    span const now = parts_.time.up();
    free_at_ = std::max(free_at_, now - burst);
    if (free_at_ - now >= settings_.keep_every) // nothing is left unwritten through a long wait
        co_await keep();
    if (free_at_ > now)
        co_await pause_.wait(std::chrono::ceil<clock::duration>(free_at_ - now));
    free_at_ += span{1'000.0 * static_cast<double>(events) / served_.rate};
}

awaitable<void> route::wait_out(delivery const& came)
{
    std::uniform_real_distribution<double> chance{0, 1};
    auto delay = delay_after(record_.tries, settings_.first_delay, settings_.most_delay, chance(random_));
    if (came.trouble && came.trouble->retry_after)
        delay = std::max(
            delay, std::min<clock::duration>(*came.trouble->retry_after, settings_.longest_wait));
    co_await pause_.wait(delay);
}

} // namespace checkwatches::feed
