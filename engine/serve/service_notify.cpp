#include "engine/serve/service_notify.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <systemd/sd-daemon.h>

namespace checkwatches::serve {
namespace {

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

void service_notify::ready(std::string const& status) const
{
    send("READY=1\n" + status_line(status));
}

void service_notify::reloading() const
{
    send(fmt::format("RELOADING=1\nMONOTONIC_USEC={}", monotonic_microseconds()));
}

void service_notify::stopping(std::string const& status) const
{
    send("STOPPING=1\n" + status_line(status));
}

void service_notify::status(std::string const& text) const
{
    send(status_line(text));
}

void service_notify::alive() const
{
    send("WATCHDOG=1");
}

std::optional<std::chrono::milliseconds> service_notify::watchdog_interval() const
{
    std::uint64_t microseconds = 0;
    if (::sd_watchdog_enabled(0, &microseconds) <= 0)
        return std::nullopt;
    return std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::microseconds{static_cast<std::int64_t>(microseconds)});
}

void service_notify::send(std::string const& text) const
{
    ::sd_notify(0, text.c_str());
}

} // namespace checkwatches::serve
