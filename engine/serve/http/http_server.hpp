#pragma once

#include "engine/core/async.hpp"
#include "engine/core/error.hpp"
#include "engine/core/log.hpp"
#include "engine/serve/http/http_settings.hpp"
#include "engine/serve/http/message.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace checkwatches::serve {

// An HTTP/1.1 server on the loop. What is malformed is refused before a handler sees it; a client that is
// slow, or goes away, holds up nobody.
class http_server {
public:
    // The handler and the log outlive the server; the server outlives run().
    http_server(asio::any_io_executor executor, http_settings settings, http_handler& handler, logger& log);
    ~http_server();

    // Opens the addresses. An error of kind usage: one of the settings is not written as it must be; of kind
    // storage: an address cannot be used. Either says what to do.
    result<void> listen();
    // Where it listens: "127.0.0.1:8060".
    std::vector<std::string> addresses() const;

    // Takes clients until stop(), then returns when each has the answer that was under way; who has not after
    // `linger` is cut off.
    awaitable<void> run();
    // Takes no more clients, ends the idle ones, and lets streams know.
    void stop();

    std::size_t connections() const noexcept;
    std::size_t streams() const noexcept;

private:
    class impl;
    std::unique_ptr<impl> impl_;
};

} // namespace checkwatches::serve
