#pragma once

#include "engine/core/async.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/local/datagram_protocol.hpp>

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace checkwatches::serve {

// What the service manager is told, over the socket that $NOTIFY_SOCKET names (the protocol of sd_notify(3));
// without one nothing is said. A manager that cannot be reached is no error: the work goes on. Nor is one
// waited for whose socket is full, as libsystemd would: how we stand is told when there is room, and what is
// said again soon (status() and alive()) is not said meanwhile.
class service_notify {
public:
    explicit service_notify(asio::any_io_executor const& executor);
    service_notify(service_notify const&) = delete;

    void ready(std::string const& status);
    // The configuration is being read again; ready() ends it.
    void reloading();
    void stopping(std::string const& status);
    void status(std::string const& text);
    // Progress was made: the manager kills who does not say so once in each watchdog_interval().
    void alive();

    // Nothing: the manager does not watch us.
    std::optional<std::chrono::milliseconds> watchdog_interval() const;

private:
    using protocol = asio::local::datagram_protocol;

    void tell(std::string text);
    void tell_what_waits();
    void mention(std::string_view text);
    bool send(protocol::socket& by, std::string_view text) const;

    std::optional<protocol::endpoint> manager_;
    protocol::socket full_; // by which the first of those that wait did not go
    std::deque<std::string> waiting_;
    std::shared_ptr<service_notify*> self_; // for a wait that outlives us
};

} // namespace checkwatches::serve
