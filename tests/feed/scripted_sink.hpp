#pragma once

#include "engine/feed/sink.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace checkwatches::feed {

// A sink that does with events what the test says, and keeps what it was sent.
class scripted_sink final : public sink {
public:
    explicit scripted_sink(std::size_t batch = 1) : batch_{batch} {}

    std::string const& name() const noexcept override { return name_; }
    std::string_view kind() const noexcept override { return "scripted"; }
    filter const& wanted() const noexcept override { return filter_; }
    bool wants_checks() const noexcept override { return wants_checks_; }
    std::size_t batch() const noexcept override { return batch_; }

    awaitable<delivery> deliver(std::vector<event> events) override
    {
        ++calls;
        for (auto const& e : events)
            seen.emplace_back(e.id(), e.uuid);
        last = events.back();
        if (calls == hangs_at) {
            asio::steady_timer never{
                co_await asio::this_coro::executor, asio::steady_timer::time_point::max()};
            co_await never.async_wait(use_awaitable);
        }
        auto came = script ? script(events) : delivery{.confirmed = events.size()};
        for (std::size_t i = 0; i != came.confirmed; ++i)
            taken.push_back(events[i].id());
        co_return came;
    }

    std::string name_ = "scripted";
    filter filter_{};
    bool wants_checks_ = false;
    std::function<delivery(std::vector<event> const&)> script{}; // empty: takes everything
    int hangs_at = 0;                                            // this call never returns

    int calls = 0;
    std::vector<std::pair<std::int64_t, std::string>> seen{}; // id and uuid, as often as it was told
    std::vector<std::int64_t> taken{};                        // what it confirmed
    event last{};

private:
    std::size_t batch_;
};

} // namespace checkwatches::feed
