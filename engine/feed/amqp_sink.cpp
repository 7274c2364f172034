#include "engine/feed/amqp_sink.hpp"

#include "engine/feed/amqp_link.hpp"
#include "engine/feed/work_thread.hpp"

#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/this_coro.hpp>

#include <utility>

namespace checkwatches::feed {
namespace {

class amqp_sink final : public sink {
public:
    explicit amqp_sink(amqp_settings how)
        : how_{how},
          link_{new amqp_link{std::move(how)}},
          thread_{std::unique_ptr<amqp_link>{link_}, how_.heartbeat / 4}
    {}
    ~amqp_sink() override { link_->interrupt(true); }

    std::string const& name() const noexcept override { return how_.name; }
    std::string_view kind() const noexcept override { return "amqp"; }
    filter const& wanted() const noexcept override { return how_.wanted; }
    bool wants_checks() const noexcept override { return how_.wants_checks; }
    std::size_t batch() const noexcept override { return how_.batch; }

    awaitable<delivery> deliver(std::vector<event> events) override
    {
        std::vector<fedora_message> messages;
        messages.reserve(events.size());
        auto const now = utc_now();
        for (auto const& e : events)
            messages.push_back(make_message(e, how_.messages, now));

        // Who is cancelled does not wait until the broker's time is up.
        link_->interrupt(false);
        auto const state = co_await asio::this_coro::cancellation_state;
        auto slot = state.slot();
        if (slot.is_connected())
            slot.assign([this](asio::cancellation_type) { link_->interrupt(true); });
        auto work = [messages = std::move(messages)](amqp_link& to) { return to.publish(messages); };
        auto done = co_await thread_.run(std::move(work));
        slot.clear();
        if (!done)
            co_return delivery{.trouble = done.error()};
        co_return std::move(*done);
    }

    // A test message would go to all who listen: it is only seen whether one could be published.
    awaitable<result<std::string>> test() override
    {
        auto work = [](amqp_link& to) { return to.look(); };
        co_return co_await thread_.run(std::move(work));
    }

private:
    amqp_settings const how_;
    amqp_link* link_; // the thread's; only to be interrupted
    work_thread<amqp_link> thread_;
};

} // namespace

std::unique_ptr<sink> make_amqp_sink(amqp_settings how)
{
    return std::make_unique<amqp_sink>(std::move(how));
}

} // namespace checkwatches::feed
