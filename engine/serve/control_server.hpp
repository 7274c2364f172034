#pragma once

#include "engine/serve/control_session.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <memory>

namespace checkwatches::serve {

struct control_settings {
    std::string path{}; // of the socket
    std::size_t most_clients = 256;
    std::chrono::milliseconds linger{5'000}; // how long clients have to take their last answer after stop()
    session_limits each{};
};

// Listens on a Unix socket that only its owner and root can talk to, and runs each client's call. A client
// that reads slowly or goes away holds up nobody.
class control_server {
public:
    // The handler and the log outlive the server; the server outlives run().
    control_server(
        asio::any_io_executor executor, control_settings settings, control_handler& handler, logger& log);
    ~control_server();

    // Makes the socket, mode 0600 whatever the umask is; what a crashed owner left is replaced. The caller
    // must hold the instance lock of the database, and hold it until this object is gone. An error of kind
    // storage: the path cannot be used.
    result<void> listen();

    // Takes clients until stop(), then returns when the last has its answer; who has not after `linger` is
    // cut off and its call cancelled.
    awaitable<void> run();
    // Takes no more clients, and removes the socket.
    void stop();

    std::size_t clients() const noexcept;

private:
    class impl;
    std::unique_ptr<impl> impl_;
};

} // namespace checkwatches::serve
