#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace checkwatches::serve {

// What the service manager is told, over the socket that $NOTIFY_SOCKET names (sd_notify(3)); without one
// nothing is said. A manager that cannot be reached is no error: the work goes on.
class service_notify {
public:
    void ready(std::string const& status) const;
    // The configuration is being read again; ready() ends it.
    void reloading() const;
    void stopping(std::string const& status) const;
    void status(std::string const& text) const;
    // Progress was made: the manager kills who does not say so once in each watchdog_interval().
    void alive() const;

    // Nothing: the manager does not watch us.
    std::optional<std::chrono::milliseconds> watchdog_interval() const;

private:
    void send(std::string const& text) const;
};

} // namespace checkwatches::serve
