#pragma once

#include "engine/serve/events/event_hub.hpp"
#include "storage/store.hpp"
#include "tests/serve/http_ground.hpp"
#include "tests/storage/samples.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temporary_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <list>

namespace checkwatches::serve::test {

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
        pause_.expires_after(std::chrono::milliseconds{0});
        co_await pause_.async_wait(use_awaitable);
        while (stalled) {
            pause_.expires_after(std::chrono::milliseconds{1});
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

inline event_settings quick()
{
    event_settings out;
    out.gap = std::chrono::milliseconds{1};
    out.gap_per_stream = std::chrono::microseconds{0};
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
            co_return co_await checkwatches::test::until([&] { return g.hub->streams() == 0; });
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
        bool const begun = co_await checkwatches::test::until([&] { return out.taken != 0; });
        CHECK(begun);
        co_return &out;
    }

    checkwatches::test::temporary_folder folder;
    std::string path = folder.file("record.db");
    std::unique_ptr<storage::store> store = storage::test::open_store(path);
    // The first two are of one tracker, the third of another.
    std::vector<storage::bug_id> bugs = three_bugs();
    event_settings with;
    checkwatches::test::manual_clock time{utc_time{std::chrono::milliseconds{1'000}}};
    keeping_logger log;
    asio::io_context own_loop{1};
    asio::io_context& loop;
    std::unique_ptr<storage::background_reader> in;
    std::unique_ptr<event_hub> hub;
    std::list<recorder> recorders; // each lives as long as its stream may
};

inline std::string changes(std::int64_t first, std::int64_t last)
{
    std::string out;
    for (auto id = first; id <= last; ++id)
        out += fmt::format("change {}; ", id);
    return out;
}

inline constexpr auto missed_all = R"(missed {"check":null,"pass_began":null,"pass_ended":null}; )";

} // namespace checkwatches::serve::test
