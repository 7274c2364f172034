#pragma once

#include "engine/core/async.hpp"
#include "engine/core/error.hpp"
#include "engine/net/connection.hpp"
#include "engine/net/gate.hpp"
#include "engine/net/settings.hpp"
#include "engine/net/slots.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <algorithm>
#include <cstddef>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace checkwatches::net {

// The hosts that were asked: their budgets, their free connections. Hosts are named by origin.
class pool {
public:
    pool(asio::any_io_executor executor, settings const& s, watchdog& dog);

    struct host;

    // The entry of this origin. It stays as long as a permit of it is out, or somebody waits for one.
    host& at(std::string const& origin);

    // Leave to ask `of` as `identity` (net/login.hpp), with a connection of its own as long as the permit
    // lives. Errors: deferred.
    awaitable<result<slots::permit>> enter(host& of, std::size_t identity);
    // Without waiting; nothing where one would have to, or would be turned away.
    std::optional<slots::permit> try_enter(host& of, std::size_t identity);

    // The connection that was used last, if one is free and sound; null otherwise.
    std::unique_ptr<connection> take(host& of);
    // Keeps a connection for the next request; the oldest one goes where there are too many.
    void keep(host& of, std::unique_ptr<connection> c);

    // The host has asked for no more requests before `until`: of this identity, or of any.
    void block(host& of, std::size_t identity, steady_time until);
    void announce(host& of, std::size_t identity, std::size_t left, steady_time reset);
    void give_back(host& of, std::size_t identity);
    void block_all(host& of, steady_time until);

    void set_budget(std::string const& origin, budget_settings const& b);

    // How much this origin may be asked, how many of its connections are in use, and how long the next
    // request would have to wait.
    struct load {
        budget_settings budget{};
        std::size_t in_use = 0;
        std::chrono::steady_clock::duration wait{};
    };
    load load_of(std::string const& origin) const;

private:
    struct idle {
        std::unique_ptr<connection> what;
        host* of;
        steady_time since;
    };
    using idle_list = std::list<idle>;

    gate& gate_of(host& of, std::size_t identity);
    void drop_oldest();
    void reap();
    void forget_unused();

    asio::any_io_executor executor_;
    settings const& settings_;
    std::map<std::string, budget_settings> budgets_;
    std::map<std::string, host> hosts_;
    idle_list idle_; // the longest unused first
    deadline reaper_;
};

struct pool::host {
    host(asio::any_io_executor const& executor, budget_settings const& b)
        : budget{b},
          connections{executor, std::max<std::size_t>(b.connections, 1)}
    {}

    budget_settings budget;
    slots connections;
    std::map<std::size_t, gate> gates{};
    std::vector<idle_list::iterator> free{};
};

} // namespace checkwatches::net
