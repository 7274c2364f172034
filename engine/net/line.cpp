#include "engine/net/line.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

namespace checkwatches::net {

awaitable<bool> line::wait(waiter& me, steady_time until)
{
    me.called_ = false;
    waiting_.push_back(me);
    me.bell_.expires_at(until);
    auto const [ec] = co_await me.bell_.async_wait(use_tuple);
    if (me.called_)
        co_return true;
    me.unlink();
    // Nobody called and the time has not come: the coroutine itself was cancelled.
    if (ec)
        throw boost::system::system_error{ec};
    co_return false;
}

void line::call_next()
{
    if (waiting_.empty())
        return;
    auto& next = waiting_.front();
    waiting_.pop_front();
    next.called_ = true;
    next.bell_.cancel();
}

void line::call_all()
{
    while (!waiting_.empty())
        call_next();
}

} // namespace checkwatches::net
