#include "engine/feed/digest/digest_sink.hpp"

#include "engine/core/join.hpp"
#include "engine/feed/delay.hpp"
#include "engine/feed/digest/test_letter.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <utility>

namespace checkwatches::feed {
namespace {

std::set<storage::bug_id> bugs_of(std::vector<event> const& events)
{
    std::set<storage::bug_id> out;
    for (auto const& e : events)
        if (e.change && e.change->what.bug)
            out.insert(*e.change->what.bug);
    return out;
}

std::set<storage::bug_id> bugs_of(digest_members const& members)
{
    std::set<storage::bug_id> out;
    for (auto const& [topic, bugs] : members)
        for (auto const& bug : bugs)
            out.insert(bug.what.bug);
    return out;
}

// What a look into the database brought.
struct seen {
    std::vector<event> events{};
    digest_members members{};
    std::vector<digest_bug> failing{};
    storage::bug_id after{};
    digest_surroundings around{};
};

// Whether it could be done, whatever it gave.
template <class T>
result<void> what_of(result<T> const& done)
{
    if (!done)
        return done.error();
    return {};
}

} // namespace

digest_sink::digest_sink(
    asio::any_io_executor executor, digest_parts parts, digest_setup setup, digest_pace pace)
    : parts_{std::move(parts)},
      setup_{std::move(setup)},
      pace_{pace},
      turn_{executor, 1}
{}

awaitable<void> digest_sink::change(digest_setup setup)
{
    auto const mine = co_await turn_.take();
    setup_ = std::move(setup);
    book_.reset();
}

// A new digest begins to be now.
awaitable<result<void>> digest_sink::load()
{
    if (book_)
        co_return result<void>{};
    auto read = [name = setup_.settings.name](storage::reader const& in) { return in.digest(name); };
    auto stored = co_await parts_.reader.run(std::move(read));
    if (!stored)
        co_return stored.error();
    storage::digest_state state{.name = setup_.settings.name, .created_at = parts_.time.now()};
    bool const is_new = !*stored;
    if (!is_new)
        state = std::move(**stored);
    book_.emplace(setup_.settings, setup_.style, std::move(state));
    if (is_new)
        co_return co_await store_step();
    co_return result<void>{};
}

// What cannot be stored has not happened: the book is read again.
awaitable<result<void>> digest_sink::store_step()
{
    auto step = book_->take_step();
    auto write = [step = std::move(step)](storage::store& to) { to.apply_digest(step); };
    auto const done = co_await parts_.writer.run(std::move(write));
    if (!done)
        book_.reset();
    co_return done;
}

awaitable<delivery> digest_sink::deliver(std::vector<event> events)
{
    auto const mine = co_await turn_.take();
    auto const count = events.size();
    auto const loaded = co_await load();
    if (!loaded)
        co_return delivery{.trouble = loaded.error()};
    auto look = [name = setup_.settings.name, now = parts_.time.now(), events = std::move(events)](
                    storage::reader const& in) mutable {
        auto around = read_surroundings(in, name, now, bugs_of(events));
        return seen{.events = std::move(events), .around = std::move(around)};
    };
    auto told = co_await parts_.reader.run(std::move(look));
    if (!told)
        co_return delivery{.trouble = told.error()};
    auto read = [settings = setup_.settings,
                 url_of = parts_.url_of,
                 topics = book_->opened_by(told->events, told->around)](storage::reader const& in) {
        return read_members(in, settings, topics, url_of);
    };
    auto const members = co_await parts_.reader.run(std::move(read));
    if (!members)
        co_return delivery{.trouble = members.error()};
    book_->take(told->events, *members, told->around);
    auto const stored = co_await store_step();
    if (!stored)
        co_return delivery{.trouble = stored.error()};
    co_return delivery{.confirmed = count};
}

awaitable<result<std::string>> digest_sink::test()
{
    auto message = compose(
        test_letter(setup_.settings, setup_.style, parts_.time.now()), setup_.settings, setup_.head);
    auto const post = setup_.post;
    auto const sent = co_await post->send(std::move(message));
    if (sent.trouble)
        co_return *sent.trouble;
    co_return sent.note.empty() ? std::string{"taken"} : "taken, but: " + sent.note;
}

awaitable<result<void>> digest_sink::look_at_topics()
{
    auto const mine = co_await turn_.take();
    auto const loaded = co_await load();
    if (!loaded || book_->open().empty())
        co_return loaded;
    std::set<std::string> topics;
    for (auto const& topic : book_->open())
        topics.insert(topic.name);
    auto look = [settings = setup_.settings,
                 url_of = parts_.url_of,
                 now = parts_.time.now(),
                 topics = std::move(topics)](storage::reader const& in) {
        seen out{.members = read_members(in, settings, topics, url_of)};
        out.around = read_surroundings(in, settings.name, now, bugs_of(out.members));
        // After the bugs: whatever they brought until they were read is in the log by then.
        out.around.caught_up = has_all(in, settings.name);
        return out;
    };
    auto const now = co_await parts_.reader.run(std::move(look));
    if (!now)
        co_return now.error();
    book_->settle(now->members, now->around);
    if (book_->is_changed())
        co_return co_await store_step();
    co_return result<void>{};
}

awaitable<result<void>> digest_sink::look_at_errors()
{
    if (parts_.is_offline())
        co_return result<void>{};
    auto const mine = co_await turn_.take();
    auto const loaded = co_await load();
    if (!loaded)
        co_return loaded;
    auto look = [settings = setup_.settings,
                 url_of = parts_.url_of,
                 now = parts_.time.now(),
                 known = book_->troubles(),
                 after = failing_after_,
                 most = pace_.failing](storage::reader const& in) {
        seen out{.after = after};
        out.failing = read_failing(in, known, out.after, most, url_of);
        std::set<storage::bug_id> bugs;
        for (auto const& bug : out.failing)
            bugs.insert(bug.what.bug);
        out.around = read_surroundings(in, settings.name, now, bugs);
        return out;
    };
    auto const now = co_await parts_.reader.run(std::move(look));
    if (!now)
        co_return now.error();
    failing_after_ = now->after;
    book_->look_at(now->failing, now->around);
    if (book_->is_changed())
        co_return co_await store_step();
    co_return result<void>{};
}

awaitable<void> digest_sink::prepare()
{
    auto const mine = co_await turn_.take();
    auto loaded = co_await load();
    note("cannot read what was gathered", loaded);
}

awaitable<void> digest_sink::run()
{
    std::vector<awaitable<void>> all;
    all.push_back(keep_time());
    all.push_back(send_letters());
    co_await join(std::move(all));
}

awaitable<void> digest_sink::keep_time()
{
    auto errors_at = parts_.time.up();
    for (;;) {
        auto topics = co_await look_at_topics();
        note("cannot tell what has settled", topics);
        if (parts_.time.up() >= errors_at) {
            auto errors = co_await look_at_errors();
            note("cannot look at errors", errors);
            errors_at = parts_.time.up() + pace_.errors;
        }
        co_await parts_.time.sleep(pace_.look);
    }
}

awaitable<void> digest_sink::run_once()
{
    auto topics = co_await look_at_topics();
    note("cannot tell what has settled", topics);
    auto errors = co_await look_at_errors();
    note("cannot look at errors", errors);
    for (bool sent = true; sent;) {
        auto next = co_await next_letter();
        sent = next && *next;
        if (!sent)
            break;
        auto const done = co_await send(std::move(**next));
        sent = done && *done;
    }
}

// The same trouble is worth one line.
void digest_sink::note(std::string const& what, result<void> const& done)
{
    auto const why = done ? std::string{} : to_string(done.error());
    auto& last = last_troubles_[what];
    if (!done && why != last)
        parts_.log.write(log_level::error, what, {{"digest", name()}, {"why", why}});
    last = why;
}

awaitable<result<std::optional<storage::digest_letter>>> digest_sink::next_letter()
{
    auto read = [settings = setup_.settings, now = parts_.time.now()](
                    storage::reader const& in) -> std::optional<storage::digest_letter> {
        auto letters = in.letters(settings.name, false, 1);
        if (letters.empty())
            return std::nullopt;
        // In a maintenance window letters wait, too.
        if (is_in_maintenance(settings, in.mutes(settings.name), now))
            return std::nullopt;
        return std::move(letters.front());
    };
    co_return co_await parts_.reader.run(std::move(read));
}

awaitable<void> digest_sink::send_letters()
{
    std::int64_t failures = 0; // in a row
    auto delay = clock::duration::zero();
    for (;;) {
        auto next = co_await next_letter();
        note("cannot read what is on its way", what_of(next));
        bool sent = false;
        if (next && *next) {
            auto const done = co_await send(std::move(**next));
            note("cannot store what became of a letter", what_of(done));
            sent = done && *done;
            failures = sent ? 0 : failures + 1;
            delay = sent ? clock::duration::zero()
                         : delay_after(failures, pace_.first_delay, pace_.most_delay, 1.0);
        }
        if (!sent)
            co_await parts_.time.sleep(std::max(delay, pace_.look / 2));
    }
}

// True: the next one may go. Whoever cancels waits until it is known, and stored, what became of the message.
awaitable<result<bool>> digest_sink::send(storage::digest_letter letter)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    auto done = co_await hand_over(std::move(letter));
    co_await asio::this_coro::throw_if_cancelled(true);
    co_return done;
}

awaitable<result<bool>> digest_sink::hand_over(storage::digest_letter letter)
{
    auto const digest = name();
    auto message = compose(letter, setup_.settings, setup_.head);
    auto const post = setup_.post;
    auto const outcome = co_await post->send(std::move(message));
    if (!outcome.trouble) {
        auto forget = [digest, number = letter.number](storage::store& to) {
            to.drop_letter(digest, number);
        };
        auto const forgotten = co_await parts_.writer.run(std::move(forget));
        if (!forgotten)
            co_return forgotten.error();
        parts_.log.write(
            outcome.note.empty() ? log_level::info : log_level::warning,
            "letter sent",
            {{"digest", digest},
             {"about", letter.topic},
             {"kind", letter.kind},
             {"id", letter.message_id},
             {"note", outcome.note}});
        co_return true;
    }
    letter.tries += outcome.is_refusal ? 1 : 0;
    letter.is_parked = letter.tries >= pace_.most_refusals;
    auto const why = to_string(*outcome.trouble);
    if (why != letter.trouble || letter.is_parked)
        parts_.log.write(
            letter.is_parked ? log_level::error : log_level::warning,
            letter.is_parked ? "letter parked" : "letter not taken",
            {{"digest", digest}, {"about", letter.topic}, {"id", letter.message_id}, {"why", why}});
    letter.trouble = why;
    bool const parked = letter.is_parked;
    auto keep = [digest, letter = std::move(letter)](storage::store& to) {
        to.put_letter_trouble(digest, letter);
    };
    auto const kept = co_await parts_.writer.run(std::move(keep));
    if (!kept)
        co_return kept.error();
    co_return parked;
}

} // namespace checkwatches::feed
