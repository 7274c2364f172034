#pragma once

#include "engine/core/log.hpp"
#include "engine/serve/control_handler.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <string>

namespace checkwatches::serve {

// For a caller that wants no progress.
class no_progress final : public control_reply {
public:
    void tell(std::string_view, boost::json::object) override {}
    awaitable<void> send(std::string_view, boost::json::object) override { co_return; }
};

// Starts a check and does not wait for it: what it comes to is in the store, and among the events. The
// handler outlives the executor's work.
void start_check(
    asio::any_io_executor const& executor,
    control_handler& by,
    std::string actor,
    wanted_bugs what,
    logger& log);

} // namespace checkwatches::serve
