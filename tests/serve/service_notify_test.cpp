#include "engine/serve/service_notify.hpp"
#include "tests/support/loopback_server.hpp"
#include "tests/support/run.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/datagram_protocol.hpp>

#include <catch2/catch.hpp>

#include <array>
#include <cstdlib>
#include <string>
#include <unistd.h>
#include <vector>

using namespace checkwatches;
using namespace checkwatches::serve;
using protocol = asio::local::datagram_protocol;

namespace {

// The service manager's end, and the variable that names it.
class manager {
public:
    // `name`: a path, or "@…" for an abstract socket.
    explicit manager(std::string name)
    {
        ::setenv("NOTIFY_SOCKET", name.c_str(), 1);
        if (name.front() == '@')
            name.front() = '\0';
        at_ = protocol::endpoint{name};
        listen();
    }
    ~manager()
    {
        for (auto const* const variable : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"})
            ::unsetenv(variable);
    }

    // The next datagram; throws where none is there: they are sent before the call returns.
    std::string heard()
    {
        std::array<char, 4096> text{};
        return {text.data(), socket_.receive(asio::buffer(text))};
    }

    // Others tell it as much as it has room for.
    void fill()
    {
        protocol::socket other{loop};
        other.connect(at_);
        other.non_blocking(true);
        error_code ec;
        while (!ec)
            other.send(asio::buffer("OTHERS=1", 8), 0, ec);
        REQUIRE(ec == asio::error::would_block);
    }

    // It reads again, until it has heard so much that is not of others.
    std::vector<std::string> hear(std::size_t count)
    {
        std::vector<std::string> out;
        auto const is_heard = [&] {
            while (socket_.available() != 0)
                if (auto text = heard(); text != "OTHERS=1")
                    out.push_back(std::move(text));
            return out.size() >= count;
        };
        CHECK(test::run(loop, test::until(is_heard)));
        return out;
    }

    void close() { socket_.close(); }
    void listen()
    {
        socket_.open();
        socket_.bind(at_);
        socket_.non_blocking(true);
    }

    asio::io_context loop{1};

private:
    protocol::endpoint at_;
    protocol::socket socket_{loop};
};

using texts = std::vector<std::string>;

} // namespace

TEST_CASE("the service manager hears what goes on")
{
    test::temporary_folder const folder;
    auto const abstract = GENERATE(false, true);
    auto const own = "@checkwatches-test-" + std::to_string(::getpid());
    manager systemd{abstract ? own : folder.file("notify")};
    service_notify notify{systemd.loop.get_executor()};

    notify.ready("watching 3 bugs\nWATCHDOG=1");
    CHECK(systemd.heard() == "READY=1\nSTATUS=watching 3 bugs WATCHDOG=1");
    notify.reloading();
    auto const reloading = systemd.heard();
    CHECK(reloading.starts_with("RELOADING=1\nMONOTONIC_USEC="));
    CHECK(std::stoll(reloading.substr(reloading.rfind('=') + 1)) > 0);
    notify.status("1 of 2");
    CHECK(systemd.heard() == "STATUS=1 of 2");
    notify.alive();
    CHECK(systemd.heard() == "WATCHDOG=1");
    notify.stopping("finishing");
    CHECK(systemd.heard() == "STOPPING=1\nSTATUS=finishing");
    CHECK_THROWS(systemd.heard());
}

TEST_CASE("the watchdog's interval is for this process only")
{
    test::temporary_folder const folder;
    manager systemd{folder.file("notify")};
    service_notify const notify{systemd.loop.get_executor()};
    CHECK_FALSE(notify.watchdog_interval());
    ::setenv("WATCHDOG_USEC", "120000000", 1);
    CHECK(notify.watchdog_interval() == std::chrono::minutes{2});
    ::setenv("WATCHDOG_PID", std::to_string(::getpid()).c_str(), 1);
    CHECK(notify.watchdog_interval() == std::chrono::minutes{2});
    ::setenv("WATCHDOG_PID", "1", 1);
    CHECK_FALSE(notify.watchdog_interval());
}

TEST_CASE("without a manager, or with one that is gone, nothing happens")
{
    asio::io_context loop{1};
    service_notify alone{loop.get_executor()};
    alone.ready("nobody listens");
    {
        test::temporary_folder const folder;
        manager const systemd{folder.file("notify")};
        ::setenv("NOTIFY_SOCKET", folder.file("gone").c_str(), 1);
        service_notify notify{loop.get_executor()};
        notify.alive();
    }
    CHECK_FALSE(alone.watchdog_interval());
    CHECK(loop.run() == 0); // nothing waits
}

TEST_CASE("a manager that is full holds up nobody, and hears how we stand when it has room")
{
    test::temporary_folder const folder;
    auto const abstract = GENERATE(false, true);
    auto const own = "@checkwatches-test-" + std::to_string(::getpid());
    manager systemd{abstract ? own : folder.file("notify")};
    service_notify notify{systemd.loop.get_executor()};
    systemd.fill();
    notify.ready("begun");
    notify.status("said again soon");
    notify.alive(); // what it hears of must not be over
    systemd.loop.poll();
    CHECK(systemd.hear(1) == texts{"READY=1\nSTATUS=begun"});
    notify.alive();
    CHECK(systemd.hear(1) == texts{"WATCHDOG=1"});

    systemd.fill();
    notify.alive();
    for (int i = 0; i != 100; ++i) { // what is over takes no room
        notify.reloading();
        notify.ready(std::to_string(i));
    }
    auto const heard = systemd.hear(2);
    REQUIRE(heard.size() == 2);
    CHECK(heard[0].starts_with("RELOADING=1\nMONOTONIC_USEC="));
    CHECK(heard[1] == "READY=1\nSTATUS=99");

    systemd.fill();
    notify.ready("again");
    notify.stopping("finishing");
    CHECK(systemd.hear(1) == texts{"STOPPING=1\nSTATUS=finishing"});
}

TEST_CASE("a manager that goes while it is full is not waited for, and another in its place hears")
{
    test::temporary_folder const folder;
    manager systemd{folder.file("notify")};
    service_notify notify{systemd.loop.get_executor()};
    systemd.fill();
    notify.ready("begun");
    systemd.close();
    systemd.loop.run(); // ends
    ::unlink(folder.file("notify").c_str());
    systemd.listen();
    notify.alive();
    CHECK(systemd.hear(1) == texts{"WATCHDOG=1"});
}
