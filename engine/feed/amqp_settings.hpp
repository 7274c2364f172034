#pragma once

#include "engine/core/secret.hpp"
#include "engine/feed/event.hpp"
#include "engine/feed/fedora_message.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace checkwatches::feed {

// Where a broker is: what an address such as "amqps://user@broker.example.org/%2Fpubsub" says.
struct amqp_address {
    bool is_tls = false;
    std::string host{};
    std::uint16_t port = 5672;
    std::string user{"guest"};
    std::string vhost{"/"};

    // "amqps://broker.example.org:5671//pubsub", for people.
    std::string text() const;
};

// The address that `text` spells. An error of kind configuration: it is none, or has a password in it, which
// belongs into a file of its own.
result<amqp_address> parse_amqp_address(std::string_view text);

// A broker that changes go to, by AMQP 0-9-1.
struct amqp_settings {
    std::string name{};
    amqp_address at{};
    secret password{};       // empty: the certificate says who we are (SASL EXTERNAL)
    std::string ca_file{};   // empty: the system's
    std::string cert_file{}; // our certificate and its key; both or neither
    std::string key_file{};
    std::string exchange{"amq.topic"};
    bool is_mandatory = false; // what no queue takes is refused, not confirmed
    bool wants_checks = false;
    filter wanted{};
    fedora_settings messages{};

    std::chrono::seconds connect_limit{5};   // for each step of connecting
    std::chrono::seconds confirm_limit{30};  // without a word from the broker while we wait for confirms
    std::chrono::seconds heartbeat{20};      // two of them missed, and the connection is gone
    std::size_t batch = 256;                 // messages under way at a time
};

} // namespace checkwatches::feed
