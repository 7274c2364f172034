#include "engine/net/slots.hpp"

namespace checkwatches::net {

// The slot is put into the seeker's hand, so that it is not lost where the coroutine is gone before it wakes.
struct slots::seeker : waiter {
    using waiter::waiter;
    permit given{};
};

std::optional<slots::permit> slots::try_take()
{
    if (taken_ >= limit_ || !waiting_.empty())
        return std::nullopt;
    ++taken_;
    return permit{*this};
}

awaitable<slots::permit> slots::take()
{
    if (auto now = try_take())
        co_return std::move(*now);
    seeker me{executor_};
    co_await waiting_.wait(me);
    co_return std::move(me.given);
}

void slots::set_limit(std::size_t limit)
{
    limit_ = limit;
    serve();
}

void slots::give_back() noexcept
{
    --taken_;
    serve();
}

void slots::serve()
{
    while (taken_ < limit_ && !waiting_.empty()) {
        ++taken_;
        static_cast<seeker&>(waiting_.front()).given = permit{*this};
        waiting_.call_next();
    }
}

} // namespace checkwatches::net
