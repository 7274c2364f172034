#pragma once

#include "engine/core/async.hpp"
#include "engine/net/line.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <optional>
#include <utility>

namespace checkwatches::net {

// A counting semaphore that serves in the order of coming.
class slots {
public:
    // One slot, given back when destroyed.
    class permit {
    public:
        permit() = default;
        permit(permit&& other) noexcept : owner_{std::exchange(other.owner_, nullptr)} {}
        permit& operator=(permit&& other) noexcept
        {
            std::swap(owner_, other.owner_);
            return *this;
        }
        ~permit()
        {
            if (owner_)
                owner_->give_back();
        }

    private:
        friend slots;
        explicit permit(slots& owner) noexcept : owner_{&owner} {}
        slots* owner_ = nullptr;
    };

    slots(asio::any_io_executor const& executor, std::size_t limit) : executor_{executor}, limit_{limit} {}
    slots(slots const&) = delete; // permits point here
    slots& operator=(slots const&) = delete;

    awaitable<permit> take();
    // Without waiting; nothing where one would have to.
    std::optional<permit> try_take();

    void set_limit(std::size_t limit);
    std::size_t taken() const noexcept { return taken_; }
    bool unused() const noexcept { return taken_ == 0 && waiting_.empty(); }

private:
    struct seeker;
    void give_back() noexcept;
    void serve();

    asio::any_io_executor executor_;
    std::size_t limit_;
    std::size_t taken_ = 0;
    line waiting_;
};

} // namespace checkwatches::net
