#pragma once

#include "engine/core/log.hpp"
#include "engine/net/client.hpp"
#include "engine/serve/progress_watch.hpp"

#include <chrono>
#include <functional>

namespace checkwatches::serve {

// Tells another machine that the engine gets somewhere: a dead-man switch there raises the alarm when the
// calls stay away. A call that fails is logged when calls begin to fail and when they succeed again, and
// holds up nothing.
class heartbeat {
public:
    // All references outlive run().
    heartbeat(
        net::client& over,
        clock const& time,
        logger& log,
        web_url url,
        std::chrono::milliseconds every = std::chrono::minutes{1});

    // Calls the URL after each `every` in which all parts moved, until cancelled.
    awaitable<void> run(std::function<movement()> look);

private:
    awaitable<void> beat();
    void note(std::string const& trouble);

    net::client& over_;
    clock const& time_;
    logger& log_;
    web_url url_;
    std::chrono::milliseconds every_;
    net::cookie_jar session_;
    bool failing_ = false;
};

} // namespace checkwatches::serve
