#include "engine/core/join.hpp"
#include "engine/serve/control_address.hpp"
#include "engine/serve/control_client.hpp"
#include "engine/serve/control_event.hpp"
#include "engine/serve/control_server.hpp"
#include "engine/serve/local_user.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/json/serialize.hpp>

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace checkwatches;
using namespace checkwatches::serve;
using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

awaitable<void> turns(int count)
{
    asio::steady_timer timer{co_await asio::this_coro::executor};
    for (int i = 0; i != count; ++i) {
        timer.expires_after(1ms);
        co_await timer.async_wait(use_awaitable);
    }
}

// Says for each tracker of a check so many "tick"s (as fast as it can) and so many "part"s of 1,000 bytes; a
// refresh waits until `release`; a probe fails; a pause throws.
class talker final : public control_handler {
public:
    awaitable<result<json::object>> handle(control_request what, std::string who, control_reply& to) override
    {
        ++begun;
        actor = std::move(who);
        auto done = co_await act(std::move(what), to);
        ++ended;
        co_return done;
    }

    int ticks = 0;
    int parts = 0;
    bool release = false;
    int begun = 0;
    int ended = 0;
    std::string actor; // of the last call

private:
    static json_text numbered(int i)
    {
        json_text out;
        out.add("number", i).add("filler", std::string(1000, 'x'));
        return out;
    }

    awaitable<result<json::object>> act(control_request what, control_reply& to)
    {
        if (std::holds_alternative<probe_call>(what))
            co_return error{
                .kind = error_kind::timeout, .message = "it is slow", .request = "GET https://a/"};
        if (std::holds_alternative<pause_call>(what))
            throw std::runtime_error{"a bug of ours"};
        while (std::holds_alternative<refresh_call>(what) && !release)
            co_await turns(1);
        for (int i = 0; i != ticks; ++i)
            to.tell("tick", numbered(i));
        for (int i = 0; i != parts; ++i) {
            auto part = numbered(i);
            co_await to.send("part", std::move(part));
        }
        json::object done{{"ok", true}};
        co_return done;
    }
};

struct ground {
    explicit ground(control_settings settings = {}, std::string const& name = "db.sock")
    {
        settings.path = folder.file(name);
        path = settings.path;
        server = std::make_unique<control_server>(loop.get_executor(), settings, handler, log);
        REQUIRE(server->listen());
    }

    // Runs `test` beside the server, then stops the server and waits for it.
    void run(awaitable<void> test)
    {
        auto both = [](ground& g, awaitable<void> part) -> awaitable<bool> {
            std::vector<awaitable<void>> all;
            all.push_back(g.server->run());
            all.push_back(g.then_stop(std::move(part)));
            co_await join(std::move(all));
            co_return true;
        };
        CHECK(test::run(loop, both(*this, std::move(test))));
        CHECK(server->clients() == 0);
        CHECK_FALSE(std::filesystem::exists(path));
    }

    awaitable<void> then_stop(awaitable<void> part)
    {
        std::exception_ptr failure;
        try {
            co_await std::move(part);
        }
        catch (...) {
            failure = std::current_exception();
        }
        server->stop();
        if (failure)
            std::rethrow_exception(failure);
    }

    using socket = asio::local::stream_protocol::socket;
    socket connect()
    {
        socket out{loop};
        out.connect({path});
        return out;
    }

    // Sends these bytes as they are and reads until the server closes.
    awaitable<std::string> raw(std::string bytes, bool then_close)
    {
        auto client = connect();
        co_await asio::async_write(client, asio::buffer(bytes), use_tuple);
        if (then_close)
            client.shutdown(socket::shutdown_send);
        std::string answer;
        co_await asio::async_read(client, asio::dynamic_buffer(answer), use_tuple);
        co_return answer;
    }

    test::temporary_folder folder;
    std::string path;
    asio::io_context loop{1};
    talker handler;
    silent_logger log;
    std::unique_ptr<control_server> server;
};

void ignore_event(json::object const&) {}

control_request const check = check_call{};
control_request const refresh = refresh_call{};
control_request const ask_status = status_call{};
control_request const probe = probe_call{.tracker = "t"};
control_request const pause_it = pause_call{.tracker = "t"};

} // namespace

TEST_CASE("a client gets its events in order, and its result last")
{
    ground g;
    g.handler.ticks = 3;
    g.handler.parts = 2;
    auto test = [&]() -> awaitable<void> {
        std::string heard;
        auto note = [&](json::object const& event) {
            heard += std::string{name_of(event)} + std::to_string(event.at("number").as_int64()) + " ";
        };
        auto const done = co_await ask_instance(g.path, check, note);
        REQUIRE(done);
        REQUIRE(*done);
        CHECK((*done)->at("ok").as_bool());
        CHECK(g.handler.actor == local_user(::geteuid()));
        CHECK(heard == "tick0 tick1 tick2 part0 part1 ");
    };
    g.run(test());
}

TEST_CASE("the handler's error is the client's, and a bug in one call ends no other")
{
    ground g;
    auto test = [&]() -> awaitable<void> {
        auto const failed = co_await ask_instance(g.path, probe, ignore_event);
        REQUIRE(failed.has_error());
        CHECK(to_string(failed.error()) == "timeout: it is slow (GET https://a/)");
        auto const threw = co_await ask_instance(g.path, pause_it, ignore_event);
        REQUIRE(threw.has_error());
        CHECK(threw.error().message == "a bug of ours");
        auto const fine = co_await ask_instance(g.path, check, ignore_event);
        REQUIRE(fine);
        CHECK(*fine);
    };
    g.run(test());
}

TEST_CASE("the socket is its owner's alone, whatever the umask")
{
    auto const mask = GENERATE(0000, 0077, 0777);
    auto const before = ::umask(static_cast<mode_t>(mask));
    ground g;
    ::umask(before);
    struct stat about{};
    REQUIRE(::stat(g.path.c_str(), &about) == 0);
    CHECK(S_ISSOCK(about.st_mode));
    CHECK((about.st_mode & 07777) == 0600);
    g.run(turns(1));
}

TEST_CASE("another user is turned away even where the mode lets it in")
{
    if (::geteuid() != 0) {
        WARN("only root can become another user: not tried");
        return;
    }
    ground g;
    REQUIRE(::chmod(g.path.c_str(), 0666) == 0);
    REQUIRE(::chmod(g.folder.path().c_str(), 0755) == 0);
    auto test = [&]() -> awaitable<void> {
        // Who connects is what the kernel notes: become another user just for that.
        REQUIRE(::seteuid(65534) == 0);
        auto client = g.connect();
        REQUIRE(::seteuid(0) == 0);
        std::string answer;
        co_await asio::async_read(client, asio::dynamic_buffer(answer), use_tuple);
        CHECK(answer.find("for the user that runs the instance") != std::string::npos);
        CHECK(g.handler.begun == 0);
    };
    g.run(test());
}

TEST_CASE("what a crashed owner left is replaced; a file in the way is not")
{
    test::temporary_folder const folder;
    asio::io_context loop{1};
    talker handler;
    silent_logger log;
    control_settings const settings{.path = folder.file("db.sock")};
    {
        asio::local::stream_protocol::acceptor left{loop, {settings.path}};
    }
    REQUIRE(std::filesystem::exists(settings.path));
    {
        control_server server{loop.get_executor(), settings, handler, log};
        CHECK(server.listen());
    }
    CHECK_FALSE(std::filesystem::exists(settings.path));
    std::ofstream{settings.path} << "somebody's";
    control_server server{loop.get_executor(), settings, handler, log};
    auto const refused = server.listen();
    REQUIRE(refused.has_error());
    CHECK(refused.error().message.find("it is no socket") != std::string::npos);
    CHECK(std::filesystem::file_size(settings.path) == 10);
}

TEST_CASE("a path that is too long for an address works all the same")
{
    test::temporary_folder const folder;
    auto const deep = folder.file(std::string(120, 'd'));
    std::filesystem::create_directory(deep);
    asio::io_context loop{1};
    talker handler;
    silent_logger log;
    control_server server{loop.get_executor(), {.path = deep + "/db.sock"}, handler, log};
    REQUIRE(server.listen());
    CHECK(std::filesystem::exists(deep + "/db.sock"));
    auto client = [&]() -> awaitable<void> {
        auto const done = co_await ask_instance(deep + "/db.sock", check, ignore_event);
        REQUIRE(done);
        CHECK(*done);
        server.stop();
    };
    auto both = [&]() -> awaitable<bool> {
        std::vector<awaitable<void>> all;
        all.push_back(server.run());
        all.push_back(client());
        co_await join(std::move(all));
        co_return true;
    };
    CHECK(test::run(loop, both()));
    CHECK_FALSE(std::filesystem::exists(deep + "/db.sock"));
    CHECK(control_address::of(deep + "/" + std::string(120, 'n')).has_error());
}

TEST_CASE("nobody listens, and a listener that is gone, are no errors")
{
    test::temporary_folder const folder;
    asio::io_context loop{1};
    auto ask = [&](std::string path) {
        return test::run(loop, ask_instance(path, ask_status, ignore_event));
    };
    auto const none = ask(folder.file("none.sock"));
    REQUIRE(none);
    CHECK_FALSE(*none);
    {
        asio::local::stream_protocol::acceptor left{loop, {folder.file("left.sock")}};
    }
    auto const left = ask(folder.file("left.sock"));
    REQUIRE(left);
    CHECK_FALSE(*left);
}

TEST_CASE("an instance that ends in the middle of an answer is as none")
{
    ground g{{.linger = 1ms}};
    auto test = [&]() -> awaitable<void> {
        auto stop_it = [&]() -> awaitable<void> {
            while (g.handler.begun == 0)
                co_await turns(1);
            g.server->stop();
        };
        auto ask = [&]() -> awaitable<void> {
            auto const done = co_await ask_instance(g.path, refresh, ignore_event);
            REQUIRE(done);
            CHECK_FALSE(*done);
        };
        std::vector<awaitable<void>> all;
        all.push_back(stop_it());
        all.push_back(ask());
        co_await join(std::move(all));
    };
    g.run(test());
    CHECK(g.handler.ended == 0);
}

TEST_CASE("an instance that says nothing is given up after a while")
{
    ground g{{.linger = 1ms}};
    auto test = [&]() -> awaitable<void> {
        auto const done = co_await ask_instance(g.path, refresh, ignore_event, 20ms);
        REQUIRE(done.has_error());
        CHECK(done.error().kind == error_kind::timeout);
    };
    g.run(test());
}

TEST_CASE("what is no request is answered with what is wrong with it")
{
    ground g;
    struct row {
        std::string bytes;
        bool then_close;
        std::string expected;
    };
    std::vector<row> const rows{
        {"nonsense\n", false, "the request is no JSON"},
        {"{\"v\":9,\"do\":\"status\"}\n", false, "version 1"},
        {"{\"v\":1,\"do\":\"status\"", true, "the request has no end"},
        {"", true, "the request has no end"},
        {"{" + std::string(most_request_line + 10, ' '), false, "longer than 1048576 bytes"},
    };
    auto test = [&]() -> awaitable<void> {
        for (auto const& r : rows) {
            auto const answer = co_await g.raw(r.bytes, r.then_close);
            CHECK(answer.find("{\"kind\":\"usage\"") == 0);
            CHECK(answer.find(r.expected) != std::string::npos);
            CHECK(answer.find("\"event\":\"error\"}\n") != std::string::npos);
        }
        CHECK(g.handler.begun == 0);
        // And the next one is served.
        auto const fine = co_await ask_instance(g.path, ask_status, ignore_event);
        REQUIRE(fine);
        CHECK(*fine);
    };
    g.run(test());
}

TEST_CASE("who does not finish its request in time is sent away")
{
    ground g{{.each = {.request_time = 50ms}}};
    auto test = [&]() -> awaitable<void> {
        auto const answer = co_await g.raw("{\"v\":1,\"do\":\"status\"", false);
        CHECK(answer.find("no whole request within 50 ms") != std::string::npos);
    };
    g.run(test());
}

TEST_CASE("a request may come in pieces")
{
    ground g;
    auto test = [&]() -> awaitable<void> {
        auto client = g.connect();
        for (char const c : request_line(status_call{})) {
            co_await asio::async_write(client, asio::buffer(&c, 1), use_awaitable);
            co_await turns(1);
        }
        std::string answer;
        co_await asio::async_read(client, asio::dynamic_buffer(answer), use_tuple);
        CHECK(answer == "{\"ok\":true,\"event\":\"done\"}\n");
    };
    g.run(test());
}

TEST_CASE("a client that goes away does not end its call")
{
    ground g;
    g.handler.parts = 2000; // more than the socket takes
    auto test = [&]() -> awaitable<void> {
        {
            auto client = g.connect();
            auto const line = request_line(refresh_call{});
            co_await asio::async_write(client, asio::buffer(line), use_awaitable);
            while (g.handler.begun == 0)
                co_await turns(1);
        }
        CHECK(g.handler.ended == 0);
        g.handler.release = true;
        while (g.handler.ended == 0)
            co_await turns(1);
    };
    g.run(test());
    CHECK(g.handler.ended == 1);
}

TEST_CASE("a slow reader misses progress and nothing else, and holds up nobody")
{
    ground g{{.each = {.most_unsent = 64 * 1024}}};
    g.handler.ticks = 20'000; // 20 MB
    g.handler.parts = 500;
    auto test = [&]() -> awaitable<void> {
        auto slow = g.connect();
        auto const line = request_line(check_call{});
        co_await asio::async_write(slow, asio::buffer(line), use_awaitable);
        while (g.handler.begun == 0)
            co_await turns(1);
        // Others are served meanwhile, though it reads nothing.
        auto const other = co_await ask_instance(g.path, check, ignore_event);
        REQUIRE(other);
        CHECK(*other);
        CHECK(g.handler.ended == 1);

        std::string answer;
        co_await asio::async_read(slow, asio::dynamic_buffer(answer), use_tuple);
        CHECK(answer.size() < 4'000'000);
        int parts = 0;
        std::string last;
        for (std::size_t at = 0; at < answer.size();) {
            auto const end = answer.find('\n', at);
            auto const event = read_event(answer.substr(at, end - at));
            REQUIRE(event);
            last = name_of(*event);
            parts += last == "part" ? 1 : 0;
            at = end + 1;
        }
        CHECK(parts == 500);
        CHECK(last == "done");
    };
    g.run(test());
}

TEST_CASE("a client that never reads is given up")
{
    ground g{{.each = {.reply_time = 50ms, .most_unsent = 1024}}};
    g.handler.parts = 2000;
    auto test = [&]() -> awaitable<void> {
        auto stuck = g.connect();
        auto const line = request_line(check_call{});
        co_await asio::async_write(stuck, asio::buffer(line), use_awaitable);
        while (g.handler.ended == 0)
            co_await turns(1);
        while (g.server->clients() != 0)
            co_await turns(1);
    };
    g.run(test());
}

TEST_CASE("so many clients and no more")
{
    ground g{{.most_clients = 50}};
    auto test = [&]() -> awaitable<void> {
        int served = 0;
        int refused = 0;
        auto ask = [&]() -> awaitable<void> {
            auto const done = co_await ask_instance(g.path, refresh, ignore_event);
            if (done) {
                CHECK(*done);
                ++served;
                co_return;
            }
            CHECK(done.error().message == "50 clients are being served already");
            ++refused;
            g.handler.release = refused == 10;
        };
        std::vector<awaitable<void>> all;
        for (int i = 0; i != 60; ++i)
            all.push_back(ask());
        co_await join(std::move(all));
        CHECK(served == 50);
        CHECK(refused == 10);
    };
    g.run(test());
}
