#include "engine/serve/service_notify.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/datagram_protocol.hpp>

#include <catch2/catch.hpp>

#include <array>
#include <cstdlib>
#include <unistd.h>

using namespace checkwatches;
using namespace checkwatches::serve;
namespace asio = boost::asio;

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
        socket_.open();
        socket_.bind(asio::local::datagram_protocol::endpoint{name});
        socket_.non_blocking(true);
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

private:
    asio::io_context loop_;
    asio::local::datagram_protocol::socket socket_{loop_};
};

} // namespace

TEST_CASE("the service manager hears what goes on")
{
    test::temporary_folder const folder;
    auto const abstract = GENERATE(false, true);
    auto const own = "@checkwatches-test-" + std::to_string(::getpid());
    manager systemd{abstract ? own : folder.file("notify")};
    service_notify const notify;

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
    manager const systemd{folder.file("notify")};
    service_notify const notify;
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
    service_notify const notify;
    notify.ready("nobody listens");
    {
        test::temporary_folder const folder;
        manager const systemd{folder.file("notify")};
        ::setenv("NOTIFY_SOCKET", folder.file("gone").c_str(), 1);
        notify.alive();
    }
    CHECK_FALSE(notify.watchdog_interval());
}
