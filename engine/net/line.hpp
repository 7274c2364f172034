#pragma once

#include "engine/core/async.hpp"
#include "engine/net/deadline.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>

namespace checkwatches::net {

using line_hook = boost::intrusive::list_base_hook<
    boost::intrusive::link_mode<boost::intrusive::link_mode_type::auto_unlink>>;

// A place in a line; it belongs to the coroutine that waits, and leaves the line when it is destroyed.
class waiter : public line_hook {
public:
    explicit waiter(asio::any_io_executor const& executor) : bell_{executor} {}
    waiter(waiter const&) = delete;
    waiter& operator=(waiter const&) = delete;

private:
    friend class line;
    asio::steady_timer bell_;
    bool called_ = false;
};

// Coroutines that wait to be called, in the order in which they came.
class line {
public:
    // True once called; false where `until` came first. Throws operation_aborted when cancelled.
    awaitable<bool> wait(waiter& me, steady_time until = steady_time::max());

    bool empty() const noexcept { return waiting_.empty(); }
    // Whoever is next; only where not empty.
    waiter& front() noexcept { return waiting_.front(); }
    // Calls the next one, if any.
    void call_next();
    void call_all();

private:
    boost::intrusive::list<waiter, boost::intrusive::constant_time_size<false>> waiting_;
};

} // namespace checkwatches::net
