#include "engine/serve/service_notify.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <systemd/sd-daemon.h>
#include <utility>

namespace checkwatches::serve {
namespace {

using boost::system::error_code;
using protocol = asio::local::datagram_protocol;

constexpr std::size_t most_path = 107; // bytes of an address, unix(7)

// A path, or with an "@" in front a name that is in no file system.
std::optional<protocol::endpoint> manager_named(char const* text)
{
    std::string path{text ? text : ""};
    if (path.size() < 2 || path.size() > most_path || (path[0] != '/' && path[0] != '@'))
        return std::nullopt;
    if (path[0] == '@')
        path[0] = '\0';
    return protocol::endpoint{path};
}

// One assignment a line is the protocol's rule.
std::string status_line(std::string text)
{
    std::ranges::replace(text, '\n', ' ');
    return "STATUS=" + text;
}

std::int64_t monotonic_microseconds()
{
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<std::int64_t>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1'000;
}

} // namespace

service_notify::service_notify(asio::any_io_executor const& executor)
    : manager_{manager_named(std::getenv("NOTIFY_SOCKET"))},
      full_{executor},
      self_{std::make_shared<service_notify*>(this)}
{}

void service_notify::ready(std::string const& status)
{
    tell("READY=1\n" + status_line(status));
}

void service_notify::reloading()
{
    waiting_.clear(); // how we stood before
    tell(fmt::format("RELOADING=1\nMONOTONIC_USEC={}", monotonic_microseconds()));
}

void service_notify::stopping(std::string const& status)
{
    waiting_.clear();
    tell("STOPPING=1\n" + status_line(status));
}

void service_notify::status(std::string const& text)
{
    mention(status_line(text));
}

void service_notify::alive()
{
    mention("WATCHDOG=1");
}

std::optional<std::chrono::milliseconds> service_notify::watchdog_interval() const
{
    std::uint64_t microseconds = 0;
    if (::sd_watchdog_enabled(0, &microseconds) <= 0)
        return std::nullopt;
    return std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::microseconds{static_cast<std::int64_t>(microseconds)});
}

void service_notify::tell(std::string text)
{
    waiting_.push_back(std::move(text));
    if (waiting_.size() == 1)
        tell_what_waits();
}

void service_notify::tell_what_waits()
{
    while (!waiting_.empty()) {
        full_ = protocol::socket{full_.get_executor()};
        if (!send(full_, waiting_.front())) {
            auto go_on = [weak = std::weak_ptr{self_}](error_code ec) {
                auto const self = weak.lock();
                if (!ec && self)
                    (*self)->tell_what_waits();
            };
            full_.async_wait(protocol::socket::wait_write, std::move(go_on));
            return;
        }
        waiting_.pop_front();
    }
    error_code ignored;
    full_.close(ignored);
}

void service_notify::mention(std::string_view text)
{
    if (!waiting_.empty())
        return;
    protocol::socket by{full_.get_executor()};
    send(by, text);
}

// False: the socket is full. What does not go for another reason is not told: nobody is there to hear it. By
// a socket of its own, for another manager may have come in the place of one that was told before.
bool service_notify::send(protocol::socket& by, std::string_view text) const
{
    if (!manager_)
        return true;
    error_code ec;
    by.connect(*manager_, ec);
    if (!ec)
        by.non_blocking(true, ec);
    if (!ec)
        by.send(asio::buffer(text), 0, ec);
    return ec != asio::error::would_block;
}

} // namespace checkwatches::serve
