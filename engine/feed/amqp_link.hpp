#pragma once

#include "engine/feed/amqp_confirms.hpp"
#include "engine/feed/amqp_settings.hpp"
#include "engine/feed/fedora_message.hpp"

#include <amqp.h>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace checkwatches::feed {

// A connection to a broker, with one channel on which publishing is confirmed. It blocks, for no longer than
// the settings say, and so belongs on a thread of its own; it connects when there is something to publish,
// and stays connected.
class amqp_link {
public:
    explicit amqp_link(amqp_settings how);
    ~amqp_link();

    // Publishes them; returns when the broker has confirmed all of them, or something is wrong. Messages that
    // are about the same are published one after the other, each after the one before it was confirmed. What
    // the broker confirmed the last time, although it refused one before it, is not published again.
    delivery publish(std::vector<fedora_message> const& messages);

    // Whether the broker can be reached, lets us in, and has the exchange; nothing is published.
    result<std::string> look();

    // Keeps the connection alive, and notices when it is gone.
    void tend() noexcept;

    // From any thread: what waits for the broker gives up soon, or may wait again.
    void interrupt(bool now) noexcept { is_interrupted_ = now; }

private:
    struct destroy {
        void operator()(amqp_connection_state_t c) const noexcept { amqp_destroy_connection(c); }
    };
    using handle = std::unique_ptr<std::remove_pointer_t<amqp_connection_state_t>, destroy>;

    std::optional<error> open();
    std::optional<error> open_socket();
    std::optional<error> log_in();
    std::optional<error> prepare_tls(amqp_socket_t& socket) const;
    std::optional<error> publish_round(
        std::vector<fedora_message> const& messages,
        std::vector<std::size_t> const& round,
        amqp_confirms& book);
    std::optional<error> wait_for(amqp_confirms& book);
    std::optional<error> take(amqp_frame_t const& frame, amqp_confirms& book);

    amqp_settings const how_;
    std::atomic<bool> is_interrupted_{false};

    handle connection_;             // null: not connected
    std::uint64_t tag_ = 0;         // of the last message that was published on the channel
    std::set<std::string> ahead_{}; // ids that the broker has, and that will be told again
    std::string returned_{};        // why the message came back whose header is to follow
    std::string blocked_{};         // why the broker takes nothing for now; empty: it does
};

} // namespace checkwatches::feed
