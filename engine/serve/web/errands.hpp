#pragma once

#include "engine/core/log.hpp"
#include "engine/serve/control_handler.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace checkwatches::serve {

// For a caller that wants no progress.
class no_progress final : public control_reply {
public:
    void tell(std::string_view, json_text) override {}
    awaitable<void> send(std::string_view, json_text) override { co_return; }
};

// Carries out what visitors command, to its end, whether or not they stay to hear what it came to. All calls
// are made on the loop's thread.
class errands {
public:
    using answer = result<boost::json::object>;

    // Handler and log outlive the errands; they outlive their callers.
    errands(asio::any_io_executor executor, control_handler& by, logger& log);
    errands(errands const&) = delete;
    errands& operator=(errands const&) = delete;

    // Nobody waits for it: what it comes to is in the store, and among the events.
    void start(control_request what, std::string actor);
    // What it came to. Cancelled, it goes on.
    awaitable<answer> carry_out(control_request what, std::string actor);
    // The same, but nothing where it takes longer: it goes on.
    awaitable<std::optional<answer>>
    carry_out(control_request what, std::string actor, std::chrono::milliseconds patience);

    // Returns when none is under way any more, or after so long.
    awaitable<void> all_done(std::chrono::milliseconds most);

private:
    struct errand;
    std::shared_ptr<errand> begin(control_request what, std::string actor);
    awaitable<void> run(std::shared_ptr<errand> self, control_request what, std::string actor);

    asio::any_io_executor executor_;
    control_handler& by_;
    logger& log_;
    std::size_t under_way_ = 0;
    asio::steady_timer idle_; // rings when the last has ended
};

} // namespace checkwatches::serve
