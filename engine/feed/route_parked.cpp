#include "engine/feed/route.hpp"

#include <algorithm>
#include <utility>

namespace checkwatches::feed {
namespace {

constexpr std::int64_t most_parked_at_once = 1'000;

} // namespace

// Puts the first event that is not confirmed aside, and with it the trouble that it made.
awaitable<void> route::park(event_kind what, event e)
{
    storage::parked_event const parked{
        .sink = record_.name,
        .is_check = what == event_kind::check,
        .id = e.id(),
        .at = parts_.time.now(),
        .tries = std::max(record_.tries, std::int64_t{1}),
        .why = record_.trouble};
    parts_.log.write(
        log_level::warning,
        "an event was parked",
        {{"sink", parked.sink}, {"id", parked.id}, {"uuid", e.uuid}, {"why", parked.why}});
    ++parked_;
    refusals_ = 0;
    position(what) = parked.id;
    record_.tries = 0;
    if (parked_ < settings_.most_parked) {
        record_.failing_since.reset();
        record_.trouble.clear();
    }
    kept_ = record_;
    auto work = [parked, record = record_](storage::store& to) {
        to.put_sink(record);
        to.park(parked);
    };
    co_await write(std::move(work));
}

// What was parked and is to be told again.
awaitable<void> route::tell_parked()
{
    if (must_turn() || !std::exchange(retry_, false))
        co_return;
    auto question = [name = record_.name](storage::reader const& in) {
        auto all = in.parked(name, most_parked_at_once);
        std::erase_if(all, [](auto const& one) { return one.tries != 0; });
        return all;
    };
    auto const read = co_await parts_.reader.run(std::move(question));
    retry_ = !read;
    if (!read)
        co_return;
    retry_ = read->size() == static_cast<std::size_t>(most_parked_at_once);
    for (auto const& one : *read)
        if (!co_await tell_again(one)) {
            retry_ = true;
            co_return;
        }
}

// False: it was left before it was told.
awaitable<bool> route::tell_again(storage::parked_event parked)
{
    auto const what = parked.is_check ? event_kind::check : event_kind::change;
    auto question = [what, id = parked.id, url_of = parts_.url_of](storage::reader const& in) {
        return read_event(in, what, id, url_of);
    };
    auto const read = co_await parts_.reader.run(std::move(question));
    if (!read)
        co_return false;
    bool is_done = !*read; // it is not kept any more
    while (!is_done) {
        co_await pace(1);
        if (must_turn())
            co_return false;
        std::vector<event> one{**read};
        auto const came = co_await deliver(std::move(one));
        is_done = came.confirmed != 0;
        if (is_done) {
            ++record_.delivered;
            record_.confirmed_at = parts_.time.now();
            note_success();
            break;
        }
        note_trouble(came);
        co_await keep();
        bool is_refused = came.is_refusal;
        if (!is_refused && !must_turn()) {
            co_await wait_out(came);
            is_refused = std::exchange(skip_, false);
        }
        if (is_refused) {
            parked.tries = std::max(record_.tries, std::int64_t{1});
            parked.why = record_.trouble;
            parked.at = parts_.time.now();
            record_.failing_since.reset();
            record_.trouble.clear();
            record_.tries = 0;
            break;
        }
    }
    kept_ = record_;
    auto work = [parked, is_done, record = record_](storage::store& to) {
        to.put_sink(record);
        if (is_done)
            to.unpark(parked);
        else
            to.park(parked);
    };
    co_await write(std::move(work));
    co_return true;
}

} // namespace checkwatches::feed
