#include "engine/serve/events/event_hub.hpp"
#include "engine/serve/events/event_id.hpp"
#include "engine/serve/events/event_ring.hpp"
#include "storage/store.hpp"
#include "tests/serve/http_ground.hpp"
#include "tests/storage/samples.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temporary_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <list>
#include <sys/resource.h>

using namespace checkwatches;
using namespace checkwatches::serve;
using namespace checkwatches::serve::test;
using namespace std::chrono_literals;
using checkwatches::test::until;

namespace {

// What a client has of a stream: "change 7", "check {…}", the ids and the comments.
struct heard {
    std::vector<std::string> events{};
    std::vector<std::string> ids{};
    std::size_t comments = 0;
    std::string last_id{};

    void read(std::string_view text)
    {
        rest += text;
        for (auto end = rest.find("\n\n"); end != std::string::npos; end = rest.find("\n\n")) {
            read_block(rest.substr(0, end + 1));
            rest.erase(0, end + 2);
        }
    }
    std::string all() const
    {
        std::string out;
        for (auto const& one : events)
            out += one + "; ";
        return out;
    }
    std::size_t count(std::string_view kind) const
    {
        return static_cast<std::size_t>(std::ranges::count_if(
            events, [&](auto const& one) { return one.starts_with(std::string{kind} + " "); }));
    }

private:
    void read_block(std::string_view block)
    {
        std::string kind;
        std::string data;
        while (!block.empty()) {
            auto const line = block.substr(0, block.find('\n'));
            block.remove_prefix(line.size() + 1);
            comments += line.starts_with(":");
            if (line.starts_with("id: "))
                last_id = line.substr(4);
            if (line.starts_with("event: "))
                kind = line.substr(7);
            if (line.starts_with("data: "))
                data += line.substr(6);
        }
        if (kind.empty())
            return;
        events.push_back(kind + " " + data);
        ids.push_back(last_id);
    }

    std::string rest{};
};

// A stream without a socket. It takes everything at once unless told otherwise.
class recorder final : public http_stream {
public:
    explicit recorder(asio::any_io_executor executor) : pause_{std::move(executor)} {}

    awaitable<bool> write(std::string_view text) override
    {
        if (gone)
            co_return false;
        got.read(text);
        ++writes;
        pause_.expires_after(0ms);
        co_await pause_.async_wait(use_awaitable);
        while (stalled) {
            pause_.expires_after(1ms);
            co_await pause_.async_wait(use_awaitable);
        }
        ++taken;
        co_return true;
    }
    bool is_closing() const noexcept override { return false; }

    heard got;
    std::size_t writes = 0; // begun
    std::size_t taken = 0;
    bool gone = false;
    bool stalled = false;
    bool ended = false;

private:
    asio::steady_timer pause_;
};

event_settings quick()
{
    event_settings out;
    out.gap = 1ms;
    out.gap_per_stream = 0us;
    return out;
}

// A store with changes, and a hub that tells them.
struct event_ground {
    // On a loop of its own, or on that of a server.
    explicit event_ground(event_settings settings = quick(), asio::io_context* of = nullptr)
        : with{settings},
          loop{of ? *of : own_loop}
    {
        open_hub();
    }
    void open_hub()
    {
        hub.reset();
        in = std::make_unique<storage::background_reader>(storage::test::open_reader(path));
        auto describe = [](storage::shown_change const& one) { return std::to_string(one.what.id); };
        hub = std::make_unique<event_hub>(loop.get_executor(), with, *in, describe, time, log);
    }

    // A stream over HTTP.
    http_answer answer(std::string last)
    {
        http_answer out;
        out.headers.emplace_back("Content-Type", "text/event-stream");
        out.stream = [this, last = std::move(last)](http_stream& to) { return hub->stream(to, last, {}); };
        return out;
    }

    // So many changes of a bug: durable, as far as the hub knows not made.
    void write(int count = 1, std::size_t bug = 0)
    {
        for (int i = 0; i != count;) {
            auto one = storage::test::seen(bugs[bug], storage::test::at(0));
            for (int j = 0; j != 100 && i != count; ++j, ++i)
                one.changes.push_back(storage::test::status_change(storage::test::at(0), "New", ""));
            storage::test::apply(*store, storage::test::report_of({one}, storage::test::at(0)));
        }
    }
    void change(int count = 1, std::size_t bug = 0)
    {
        write(count, bug);
        hub->changes_were_made();
    }

    std::vector<storage::bug_id> three_bugs()
    {
        auto out = storage::test::add_bugs(*store, "one", 2);
        out.push_back(storage::test::add_bugs(*store, "two", 1).front());
        return out;
    }

    // Runs `test` beside the hub, then closes the hub and waits for it and its streams.
    void run(awaitable<void> test)
    {
        auto all = [](event_ground& g, awaitable<void> part) -> awaitable<bool> {
            std::vector<awaitable<void>> both;
            both.push_back(g.hub->run());
            both.push_back(g.then_close(std::move(part)));
            co_await join(std::move(both));
            co_return co_await until([&] { return g.hub->streams() == 0; });
        };
        CHECK(checkwatches::test::run(loop, all(*this, std::move(test))));
    }
    awaitable<void> then_close(awaitable<void> part)
    {
        std::exception_ptr failure;
        try {
            co_await std::move(part);
        }
        catch (...) {
            failure = std::current_exception();
        }
        hub->close();
        if (failure)
            std::rethrow_exception(failure);
    }

    recorder& listen(std::string last = "", event_filter filter = {})
    {
        auto& to = recorders.emplace_back(loop.get_executor());
        auto ended = [&to](std::exception_ptr failure) {
            CHECK_FALSE(failure);
            to.ended = true;
        };
        asio::co_spawn(loop, hub->stream(to, std::move(last), std::move(filter)), ended);
        return to;
    }
    // A stream that has begun.
    awaitable<recorder*> listening(std::string last = "", event_filter filter = {})
    {
        auto& out = listen(std::move(last), std::move(filter));
        bool const begun = co_await until([&] { return out.taken != 0; });
        CHECK(begun);
        co_return &out;
    }

    checkwatches::test::temporary_folder folder;
    std::string path = folder.file("record.db");
    std::unique_ptr<storage::store> store = storage::test::open_store(path);
    // The first two are of one tracker, the third of another.
    std::vector<storage::bug_id> bugs = three_bugs();
    event_settings with;
    checkwatches::test::manual_clock time{utc_time{1'000ms}};
    keeping_logger log;
    asio::io_context own_loop{1};
    asio::io_context& loop;
    std::unique_ptr<storage::background_reader> in;
    std::unique_ptr<event_hub> hub;
    std::list<recorder> recorders; // each lives as long as its stream may
};

std::string changes(std::int64_t first, std::int64_t last)
{
    std::string out;
    for (auto id = first; id <= last; ++id)
        out += fmt::format("change {}; ", id);
    return out;
}

// Until it has heard so many events, or the server has ended the connection.
awaitable<void> hear(http_client_end& client, heard& into, std::size_t events)
{
    while (into.events.size() < events) {
        char bytes[16 * 1024];
        auto const [ec, n] = co_await client.socket.async_read_some(asio::buffer(bytes), use_tuple);
        if (ec)
            break;
        client.buffer.append(bytes, n);
        auto const header = client.buffer.find("\r\n\r\n");
        if (header != std::string::npos)
            client.buffer.erase(0, header + 4);
        if (!client.buffer.starts_with("HTTP/"))
            into.read(std::exchange(client.buffer, {}));
    }
}

// A thousand connections have two thousand ends here.
void allow_descriptors(rlim_t count)
{
    rlimit limit{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &limit) == 0);
    limit.rlim_cur = std::max(limit.rlim_cur, std::min(count, limit.rlim_max));
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &limit) == 0);
}

constexpr auto missed_all = R"(missed {"check":null,"pass_began":null,"pass_ended":null}; )";

} // namespace

TEST_CASE("events: an id is read as it was written, and nothing else is")
{
    event_id const id{.change = 12, .start = 1'764'000'000'123, .sequence = 345};
    CHECK(text_of(id) == "12-1764000000123-345");
    CHECK(read_event_id(text_of(id)) == id);
    CHECK(read_event_id("17") == event_id{.change = 17});
    for (auto const* broken :
         {"",
          "-",
          "1-",
          "1-2",
          "1-2-",
          "1-2-3-4",
          "-1-2-3",
          "a",
          "1-b-3",
          " 1",
          "1 ",
          "+1",
          "99999999999999999999"})
        CHECK_FALSE(read_event_id(broken));
}

TEST_CASE("events: an event's text is what the format wants, whatever the data")
{
    CHECK(event_text({1, 2, 3}, "check", "{}") == "id: 1-2-3\nevent: check\ndata: {}\n\n");
    CHECK(
        event_text({1, 2, 3}, "check", "a\nid: 9\r\n\nb")
        == "id: 1-2-3\nevent: check\ndata: a\ndata: id: 9 \ndata: \ndata: b\n\n");
    CHECK(event_text({1, 2, 3}, "check", "") == "id: 1-2-3\nevent: check\ndata: \n\n");
}

TEST_CASE("events: the ring keeps changes and others apart, and gives them in order")
{
    event_ring ring{1, 10, 3};
    auto const begin = ring.newest();
    CHECK(text_of(begin) == "10-1-1");
    auto const text = [&](event_id const& after, event_filter const& filter = {}) {
        auto const got = ring.after(after, filter);
        heard out;
        out.read(got.text ? *got.text : "");
        return out.all() + text_of(got.last);
    };
    CHECK(text(begin) == "10-1-1");
    ring.put_change(11, {"t", storage::bug_id{1}}, "a");
    ring.put(check_event, {"t", storage::bug_id{1}}, "b");
    ring.put_change(12, {"u", storage::bug_id{2}}, "c");
    CHECK(text(begin) == "change a; check b; change c; 12-1-4");
    CHECK(text({11, 1, 2}) == "check b; change c; 12-1-4");
    CHECK(text(begin, {.kinds = {"check", "pass_ended"}}) == "check b; 12-1-4");
    CHECK(text(begin, {.tracker = "u"}) == "change c; 12-1-4");
    CHECK(text(begin, {.bug = storage::bug_id{1}}) == "change a; check b; 12-1-4");
    // The same question has one and the same text.
    CHECK(ring.after(begin, {}).text == ring.after(begin, {}).text);
    for (int i = 0; i != 10; ++i)
        ring.put(pass_began_event, {"t"}, "d");
    CHECK(ring.lost_change() == 0);
    CHECK(ring.lost_other() == 11);
    CHECK(text(begin) == "change a; change c; pass_began d; pass_began d; pass_began d; 12-1-14");
    for (int i = 0; i != 3; ++i)
        ring.put_change(13 + i, {}, "e");
    CHECK(ring.lost_change() == 4);
    CHECK_THROWS_AS(ring.put("surprise", {}, "x"), std::logic_error);
}

TEST_CASE("events: of checks no more is told at once than somebody can follow, and changes all are")
{
    event_ring ring{1, 0, 1000};
    auto const begin = ring.newest();
    for (int i = 1; i <= 150; ++i) {
        ring.put(check_event, {"t"}, "c");
        ring.put_change(i, {"t"}, "d");
    }
    auto const got = ring.after(begin, {});
    heard all;
    all.read(*got.text);
    CHECK(all.count("check") == event_ring::most_checks);
    CHECK(all.count("change") == 150);
    CHECK(all.events.back() == R"(missed {"check":50})");
    CHECK(got.last == ring.newest());
    CHECK(ring.after(begin, {.bug = storage::bug_id{7}}).text == nullptr);
}

TEST_CASE("events: a stream begins now and is told what follows, in order")
{
    event_ground g;
    g.write(5);
    auto test = [&]() -> awaitable<void> {
        auto* const one = co_await g.listening();
        CHECK(one->got.all().empty());
        CHECK(one->got.last_id == "5-1000-1");
        g.hub->publish(pass_began_event, {"one"}, "{1}");
        g.change(2);
        bool const is_there = co_await until([&] { return one->got.events.size() == 3; });
        CHECK(is_there);
        g.hub->publish(check_event, {"one"}, "{2}");
        g.change(700);
        bool const are_there = co_await until([&] { return one->got.events.size() == 704; });
        CHECK(are_there);
        CHECK(one->got.all() == "pass_began {1}; " + changes(6, 7) + "check {2}; " + changes(8, 707));
        CHECK(one->got.last_id == "707-1000-705");
        CHECK_FALSE(one->ended);
    };
    g.run(test());
}

TEST_CASE("events: a client that comes back to the same hub goes on exactly")
{
    event_ground g;
    auto test = [&]() -> awaitable<void> {
        auto* const first = co_await g.listening();
        g.change(3);
        g.hub->publish(check_event, {"one"}, "{1}");
        bool const is_there = co_await until([&] { return first->got.events.size() == 4; });
        CHECK(is_there);
        g.change(2);
        g.hub->publish(check_event, {"one"}, "{2}");
        bool const are_there = co_await until([&] { return first->got.events.size() == 7; });
        CHECK(are_there);
        auto const reads = g.hub->reads();
        for (std::size_t i = 0; i != 7; ++i) {
            auto* const again = &g.listen(first->got.ids[i]);
            bool const is_back = co_await until(
                [&] { return again->got.events.size() >= 6 - i && again->taken != 0; });
            CHECK(is_back);
            CHECK(
                again->got.events
                == std::vector<std::string>(
                    first->got.events.begin() + static_cast<std::ptrdiff_t>(i) + 1, first->got.events.end()));
            again->gone = true;
            g.hub->publish(check_event, {"one"}, "{end}");
            bool const is_over = co_await until([&] { return again->ended; });
            CHECK(is_over);
        }
        CHECK(g.hub->reads() == reads);
    };
    g.run(test());
}

TEST_CASE("events: a client of another run is told the changes from the store, and that the rest is missing")
{
    event_ground g;
    g.write(1234);
    auto test = [&]() -> awaitable<void> {
        auto const from = std::vector<std::pair<std::string, std::int64_t>>{
            {"34-777-20", 34},
            {"0-777-3", 0},
            {"1233-777-9", 1233},
            {"1234-777-9", 1234},
            {"700", 700},
            {"9999-777-1", 1234},
            {"20-1000-0", 20},
            {"20-1000-999", 20}};
        for (auto const& sample : from) {
            auto const change = sample.second;
            auto* const one = co_await g.listening(sample.first);
            auto const wanted = static_cast<std::size_t>(1235 - change);
            bool const is_told = co_await until([&] { return one->got.events.size() == wanted; });
            CHECK(is_told);
            CHECK(one->got.all() == changes(change + 1, 1234) + missed_all);
            one->gone = true;
        }
        auto* const unread = co_await g.listening("surprise");
        CHECK(unread->got.last_id == "1234-1000-1");
    };
    g.run(test());
}

TEST_CASE("events: changes are neither doubled nor lost between the store and the ring")
{
    auto settings = quick();
    settings.most_events = 16;
    event_ground g{settings};
    g.write(1500);
    auto test = [&]() -> awaitable<void> {
        std::vector<recorder*> all;
        std::int64_t last = 1500;
        // Streams come from everywhere while changes are made, some announced, some not, in pieces that the
        // ring holds and in such that it does not.
        for (int round = 0; round != 60; ++round) {
            all.push_back(&g.listen(std::to_string(round * 25)));
            auto const count = round % 7 == 0 ? 30 : round % 4;
            g.write(count);
            last += count;
            if (round % 3 == 0)
                g.hub->changes_were_made();
            co_await until([&] { return all.back()->taken != 0; });
        }
        g.change();
        ++last;
        for (std::size_t i = 0; i != all.size(); ++i) {
            auto const from = static_cast<std::int64_t>(i) * 25;
            bool const is_told = co_await until(
                [&] { return static_cast<std::int64_t>(all[i]->got.count("change")) >= last - from; });
            CHECK(is_told);
            std::string told;
            for (auto const& one : all[i]->got.events)
                if (one.starts_with("change "))
                    told += one + "; ";
            CHECK(told == changes(from + 1, last));
        }
    };
    g.run(test());
}

TEST_CASE("events: a stream that the ring has left behind catches up from the store")
{
    auto settings = quick();
    settings.most_events = 8;
    event_ground g{settings};
    auto test = [&]() -> awaitable<void> {
        auto* const slow = co_await g.listening();
        slow->stalled = true;
        g.hub->publish(check_event, {"one"}, "{1}");
        bool const is_stuck = co_await until([&] { return slow->writes == 2; });
        CHECK(is_stuck);
        auto* const quick_one = co_await g.listening();
        g.change(50);
        bool const are_read = co_await until([&] { return quick_one->got.count("change") == 50; });
        CHECK(are_read);
        g.hub->publish(check_event, {"one"}, "{2}");
        slow->stalled = false;
        bool const is_told = co_await until([&] { return slow->got.count("missed") == 1; });
        CHECK(is_told);
        CHECK(slow->got.all() == "check {1}; " + changes(1, 50) + missed_all);
        // From there on it is told everything again.
        g.hub->publish(check_event, {"one"}, "{3}");
        g.change();
        bool const goes_on = co_await until([&] { return slow->got.events.size() == 54; });
        CHECK(goes_on);
        CHECK(slow->got.all() == "check {1}; " + changes(1, 50) + missed_all + "check {3}; change 51; ");
    };
    g.run(test());
}

TEST_CASE("events: checks that the ring has dropped are told as missed, without asking the store")
{
    auto settings = quick();
    settings.most_events = 8;
    event_ground g{settings};
    auto test = [&]() -> awaitable<void> {
        auto* const slow = co_await g.listening();
        event_filter const changes_only{.kinds = {"change"}};
        auto* const narrow = co_await g.listening("", changes_only);
        slow->stalled = narrow->stalled = true;
        g.change();
        bool const are_stuck = co_await until([&] { return slow->writes == 2 && narrow->writes == 2; });
        CHECK(are_stuck);
        auto const reads = g.hub->reads();
        for (int i = 0; i != 20; ++i)
            g.hub->publish(check_event, {"one"}, std::to_string(i));
        slow->stalled = narrow->stalled = false;
        bool const is_told = co_await until([&] { return slow->got.count("check") == 8; });
        CHECK(is_told);
        std::string rest;
        for (int i = 12; i != 20; ++i)
            rest += "check " + std::to_string(i) + "; ";
        CHECK(slow->got.all() == "change 1; " + std::string{missed_all} + rest);
        CHECK(g.hub->reads() == reads);
        g.change();
        bool const is_next = co_await until([&] { return narrow->got.count("change") == 2; });
        CHECK(is_next);
        CHECK(narrow->got.all() == "change 1; change 2; ");
    };
    g.run(test());
}

TEST_CASE("events: a stream is told what its filter wants, from the ring and from the store")
{
    event_ground g;
    g.write(1, 0);
    g.write(1, 1);
    g.write(1, 2);
    auto test = [&]() -> awaitable<void> {
        event_filter const tracker{.tracker = "two"};
        event_filter const bug{.bug = g.bugs[1]};
        event_filter const kind{.kinds = {"check"}};
        auto* const of_tracker = co_await g.listening("0", tracker);
        auto* const of_bug = co_await g.listening("0", bug);
        auto* const of_kind = co_await g.listening("0", kind);
        bool const are_there = co_await until([&] {
            return of_tracker->got.count("missed") + of_bug->got.count("missed")
                       + of_kind->got.count("missed")
                   == 3;
        });
        CHECK(are_there);
        g.change(1, 0);
        g.change(1, 1);
        g.change(1, 2);
        g.hub->publish(check_event, {"one", g.bugs[1]}, "{1}");
        g.hub->publish(check_event, {"two", g.bugs[2]}, "{2}");
        bool const are_told = co_await until([&] {
            return of_tracker->got.events.size() == 4 && of_bug->got.events.size() == 4
                   && of_kind->got.events.size() == 3;
        });
        CHECK(are_told);
        CHECK(of_tracker->got.count("change") == 2);
        CHECK(of_tracker->got.events.front() == "change 3");
        CHECK(of_bug->got.events.front() == "change 2");
        CHECK(of_kind->got.all() == R"(missed {"check":null}; check {1}; check {2}; )");
    };
    g.run(test());
}

TEST_CASE("events: a quiet stream has a heartbeat, and changes that nobody announced are found by then")
{
    auto settings = quick();
    settings.heartbeat = 20ms;
    event_ground g{settings};
    auto test = [&]() -> awaitable<void> {
        auto* const one = co_await g.listening();
        bool const beats = co_await until([&] { return one->got.comments >= 3; });
        CHECK(beats);
        CHECK(one->got.events.empty());
        g.write(2);
        bool const is_found = co_await until([&] { return one->got.events.size() == 2; });
        CHECK(is_found);
    };
    g.run(test());
}

TEST_CASE("events: a thousand streams that come back at once cost the store a few reads")
{
    event_ground g;
    g.write(1'010);
    auto test = [&]() -> awaitable<void> {
        std::vector<recorder*> all;
        for (int i = 0; i != 1'000; ++i)
            all.push_back(&g.listen("490-777-9"));
        auto const have = [&](std::size_t count) {
            return std::ranges::all_of(all, [&](auto const& one) { return one->got.events.size() == count; });
        };
        bool const are_told = co_await until([&] { return have(521); });
        CHECK(are_told);
        CHECK(g.hub->reads() <= 8);
        g.hub->publish(check_event, {"one"}, "{1}");
        g.change();
        bool const are_all = co_await until([&] { return have(523); });
        CHECK(are_all);
        auto const wanted = changes(491, 1'010) + missed_all;
        CHECK(std::ranges::all_of(all, [&](auto const& one) { return one->got.all().starts_with(wanted); }));
    };
    g.run(test());
}

TEST_CASE("events: a store that cannot be read is said once, and streams go on when it can")
{
    event_ground g;
    auto test = [&]() -> awaitable<void> {
        auto* const one = co_await g.listening();
        storage::test::execute(g.path, "ALTER TABLE changes RENAME TO hidden");
        g.hub->changes_were_made();
        bool const is_said = co_await until([&] { return !g.log.lines.empty(); });
        CHECK(is_said);
        storage::test::execute(g.path, "ALTER TABLE hidden RENAME TO changes");
        g.write();
        bool const is_told = co_await until([&] { return one->got.events.size() == 1; });
        CHECK(is_told);
        CHECK(g.log.lines.size() == 1);
    };
    g.run(test());
}

TEST_CASE("events: over HTTP a thousand clients are told the same, and close lets them go")
{
    allow_descriptors(2'300);
    http_ground h;
    event_ground e{quick(), &h.loop};
    h.handler.to = [&](http_request rq) -> awaitable<http_answer> {
        co_return e.answer(std::string{rq.header("Last-Event-ID")});
    };
    std::vector<heard> told(1'000);
    auto client = [&](heard& into) -> awaitable<void> {
        auto end = h.connect();
        co_await end.say(h.get("/events", "Last-Event-ID: 0\r\n"));
        co_await hear(end, into, std::numeric_limits<std::size_t>::max());
    };
    auto play = [&]() -> awaitable<void> {
        auto const have = [&](std::size_t count) {
            return std::ranges::all_of(told, [&](auto const& one) { return one.events.size() == count; });
        };
        bool const are_there = co_await until([&] { return have(1); });
        CHECK(are_there);
        CHECK(h.server->streams() == 1'000);
        e.hub->publish(pass_began_event, {"one"}, "{1}");
        e.change(2);
        bool const are_told = co_await until([&] { return have(4); });
        CHECK(are_told);
        e.hub->close();
    };
    auto test = [&]() -> awaitable<void> {
        std::vector<awaitable<void>> all;
        all.push_back(e.hub->run());
        for (auto& one : told)
            all.push_back(client(one));
        all.push_back(play());
        co_await join(std::move(all));
    };
    h.run(test());
    for (auto const& one : told)
        CHECK(one.all() == missed_all + std::string{"pass_began {1}; "} + changes(1, 2));
}

TEST_CASE("events: over HTTP a client that reads nothing is dropped, and holds up no other")
{
    http_settings settings;
    settings.reply_time = 200ms;
    http_ground h{settings};
    event_ground e{quick(), &h.loop};
    h.handler.to = [&](http_request) -> awaitable<http_answer> { co_return e.answer(""); };
    constexpr std::size_t count = 200;
    heard told;
    auto play = [&]() -> awaitable<void> {
        auto slow = h.connect();
        auto quick_one = h.connect();
        co_await slow.say(h.get("/events"));
        co_await quick_one.say(h.get("/events"));
        bool const are_there = co_await until([&] { return h.server->streams() == 2; });
        CHECK(are_there);
        for (std::size_t i = 1; i <= count; ++i) {
            e.hub->publish(check_event, {"one"}, std::string(200'000, 'x'));
            co_await hear(quick_one, told, i);
        }
        CHECK(told.count("check") == count);
        bool const is_dropped = co_await until([&] { return h.server->streams() == 1; });
        CHECK(is_dropped);
        e.hub->publish(pass_ended_event, {"one"}, "{}");
        co_await hear(quick_one, told, count + 1);
        CHECK(told.events.back() == "pass_ended {}");
        e.hub->close();
    };
    auto test = [&]() -> awaitable<void> {
        std::vector<awaitable<void>> all;
        all.push_back(e.hub->run());
        all.push_back(play());
        co_await join(std::move(all));
    };
    h.run(test());
}
