#include "engine/serve/events/event_hub.hpp"

#include "engine/net/line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace checkwatches::serve {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds retry_after{3'000}; // what a client waits before it comes again
constexpr milliseconds pause_after_failure{1'000};
constexpr std::int64_t many_others = 10; // events that are not changes, in one pause
constexpr std::size_t told_at_once = 16; // streams, before whatever else the loop has to do

struct counted {
    explicit counted(std::size_t& count) : count_{count} { ++count_; }
    ~counted() { --count_; }
    counted(counted const&) = delete;
    counted& operator=(counted const&) = delete;
    std::size_t& count_;
};

// Where a stream stands.
struct place {
    event_id at{};
    bool is_behind = false;       // what follows is to be read from the store
    std::int64_t told_missed = 0; // up to this number it knows that checks and passes are missing
};

} // namespace

class event_hub::impl {
public:
    impl(
        asio::any_io_executor executor,
        event_settings settings,
        storage::background_reader& reader,
        describing describe,
        clock const& time,
        logger& log)
        : settings_{settings},
          executor_{executor},
          reader_{reader},
          pages_{executor, reader, std::move(describe)},
          log_{log},
          start_{std::max<std::int64_t>(1, time.now().time_since_epoch().count())}
    {}

    awaitable<void> run()
    {
        while (!closed_) {
            auto pause = streams_count_ == 0 ? settings_.gap : gap();
            if (!ring_)
                co_await begin();
            bool const is_read = co_await read_news();
            if (!is_read)
                pause = pause_after_failure;
            co_await wake_streams();
            others_ = 0;
            co_await sleep(pause);
            if (others_ > many_others && pause < settings_.busy_gap)
                co_await sleep(settings_.busy_gap - pause);
            co_await wait_for_news();
        }
    }

    void publish(std::string_view kind, event_subject about, std::string_view data)
    {
        // Before the ring is there nobody has seen anything that this could follow.
        if (!ring_ || closed_)
            return;
        ring_->put(kind, std::move(about), data);
        ++others_;
        has_news_ = true;
        pump_.call_all();
    }

    void changes_were_made()
    {
        has_changes_ = true;
        pump_.call_all();
    }

    awaitable<void> stream(http_stream& to, std::string last, event_filter filter)
    {
        counted const me{streams_count_};
        while (!ring_ && !is_over(to))
            co_await wait();
        if (is_over(to))
            co_return;
        auto where = begin_at(last);
        auto const hello = fmt::format("retry: {}\nid: {}\n\n", retry_after.count(), text_of(where.at));
        bool is_there = co_await to.write(hello);
        auto const ends = steady_clock::now() + settings_.longest_stream;
        while (is_there && !is_over(to) && steady_clock::now() < ends)
            is_there = co_await tell(to, where, filter);
    }

    void close()
    {
        closed_ = true;
        pump_.call_all();
        pause_.call_all();
        streams_.call_all();
    }

    std::size_t streams() const noexcept { return streams_count_; }
    std::size_t reads() const noexcept { return pages_.reads(); }

private:
    bool is_over(http_stream const& to) const { return closed_ || to.is_closing(); }

    milliseconds gap() const
    {
        auto const count = static_cast<std::int64_t>(streams_count_);
        return std::max(settings_.gap, std::chrono::ceil<milliseconds>(settings_.gap_per_stream * count));
    }

    awaitable<void> begin()
    {
        auto read = [](storage::reader const& in) { return in.last_change(); };
        auto const mark = co_await reader_.run(read);
        if (mark)
            ring_.emplace(start_, *mark, settings_.most_events);
        else
            note(mark.error());
    }

    // False: the store could not be read.
    awaitable<bool> read_news()
    {
        while (ring_ && std::exchange(has_changes_, false)) {
            auto const some = co_await pages_.fresh(ring_->newest().change);
            if (!some) {
                note(some.error());
                has_changes_ = true;
                co_return false;
            }
            failing_ = false;
            for (auto const& one : **some)
                ring_->put_change(one.id, one.about, one.data);
            if (static_cast<std::int64_t>((*some)->size()) == change_pages::size)
                has_changes_ = true;
        }
        co_return ring_.has_value();
    }

    void note(error const& why)
    {
        if (std::exchange(failing_, true))
            return;
        log_.write(
            log_level::warning, "cannot read the changes for event streams", {{"why", to_string(why)}});
    }

    awaitable<void> wait_for_news()
    {
        net::waiter me{executor_};
        auto const until = steady_clock::now() + settings_.heartbeat;
        bool is_called = true;
        if (!has_news_ && !has_changes_ && !closed_)
            is_called = co_await pump_.wait(me, until);
        has_news_ = false;
        // Another process may have made some.
        if (!is_called)
            has_changes_ = true;
    }

    // A thousand writes in a row would hold up everything else on the loop.
    awaitable<void> wake_streams()
    {
        for (auto left = streams_count_; left != 0 && !streams_.empty();) {
            for (auto some = std::min(left, told_at_once); some != 0; --some, --left)
                streams_.call_next();
            co_await asio::post(executor_, use_awaitable);
        }
    }

    // Or until close().
    awaitable<void> sleep(milliseconds span)
    {
        net::waiter me{executor_};
        auto const until = steady_clock::now() + span;
        if (!closed_)
            co_await pause_.wait(me, until);
    }

    // Of a stream. False: a heartbeat has gone by.
    awaitable<bool> wait()
    {
        net::waiter me{executor_};
        auto const until = steady_clock::now() + settings_.heartbeat;
        co_return co_await streams_.wait(me, until);
    }

    place begin_at(std::string const& last) const
    {
        auto const newest = ring_->newest();
        auto const from = read_event_id(last);
        if (!from)
            return {newest};
        if (from->start == start_ && from->sequence > 0 && from->sequence <= newest.sequence)
            return {*from};
        // The numbers are not ours; the change is. One that is not there yet was of another database.
        return {{std::min(from->change, newest.change), start_, 0}, true};
    }

    // Sends what there is, or waits for something; false: the client has gone.
    awaitable<bool> tell(http_stream& to, place& where, event_filter const& filter)
    {
        if (ring_->lost_change() > where.at.sequence)
            where.is_behind = true;
        if (where.is_behind)
            co_return co_await catch_up(to, where, filter);
        if (ring_->lost_other() > std::max(where.at.sequence, where.told_missed)) {
            where.told_missed = ring_->lost_other();
            co_return co_await send(to, missed_text(where.at, filter));
        }
        auto const next = ring_->after(where.at, filter);
        bool const is_anything = next.last != where.at;
        where.at = next.last;
        if (next.text)
            co_return co_await to.write(*next.text);
        if (is_anything)
            co_return true;
        bool const is_called = co_await wait();
        if (is_called)
            co_return true;
        co_return co_await send(to, fmt::format(": nothing new\nid: {}\n\n", text_of(where.at)));
    }

    // Sends the next changes from the store. What the ring has had when they are all sent is told by then, or
    // was missed; what it gets later is told from there.
    awaitable<bool> catch_up(http_stream& to, place& where, event_filter const& filter)
    {
        auto const newest = ring_->newest();
        if (where.at.change >= newest.change) {
            where = {.at = newest, .told_missed = newest.sequence};
            co_return co_await send(to, missed_text(newest, filter));
        }
        auto const some = co_await pages_.old(where.at.change, newest.change);
        if (!some) {
            note(some.error());
            co_await sleep(pause_after_failure);
            co_return true;
        }
        failing_ = false;
        std::string text;
        for (auto const& one : *some->what)
            if (filter.wants(change_event, one.about))
                text += event_text({one.id, start_, 0}, change_event, one.data);
        where.at = {some->last, start_, 0};
        co_return co_await send(to, std::move(text));
    }

    awaitable<bool> send(http_stream& to, std::string text)
    {
        if (text.empty())
            co_return true;
        co_return co_await to.write(text);
    }

    event_settings settings_;
    asio::any_io_executor executor_;
    storage::background_reader& reader_;
    change_pages pages_;
    logger& log_;
    std::int64_t start_;
    std::optional<event_ring> ring_{};
    net::line pump_{};    // run() waits here for news
    net::line pause_{};   // … and here whoever only waits
    net::line streams_{}; // … and streams here
    std::size_t streams_count_ = 0;
    std::int64_t others_ = 0;  // events that are not changes, since run() last looked
    bool has_news_ = false;    // the ring, since run() last looked
    bool has_changes_ = false; // the store, since it was last read
    bool failing_ = false;     // the store, and it was said
    bool closed_ = false;
};

event_hub::event_hub(
    asio::any_io_executor executor,
    event_settings settings,
    storage::background_reader& reader,
    describing describe,
    clock const& time,
    logger& log)
    : impl_{std::make_unique<impl>(std::move(executor), settings, reader, std::move(describe), time, log)}
{}
event_hub::~event_hub() = default;

http_answer event_hub::answer(std::string last, event_filter filter)
{
    http_answer out;
    out.headers.emplace_back("Content-Type", "text/event-stream");
    // nginx would hold events back until it has a buffer full of them.
    out.headers.emplace_back("X-Accel-Buffering", "no");
    out.stream = [this, last = std::move(last), filter = std::move(filter)](http_stream& to) {
        return stream(to, last, filter);
    };
    return out;
}
awaitable<void> event_hub::run()
{
    return impl_->run();
}
void event_hub::publish(std::string_view kind, event_subject about, std::string_view data)
{
    impl_->publish(kind, std::move(about), data);
}
void event_hub::changes_were_made()
{
    impl_->changes_were_made();
}
awaitable<void> event_hub::stream(http_stream& to, std::string last, event_filter filter)
{
    return impl_->stream(to, std::move(last), std::move(filter));
}
void event_hub::close()
{
    impl_->close();
}
std::size_t event_hub::streams() const noexcept
{
    return impl_->streams();
}
std::size_t event_hub::reads() const noexcept
{
    return impl_->reads();
}

} // namespace checkwatches::serve
