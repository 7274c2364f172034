#pragma once

#include "engine/feed/amqp_settings.hpp"
#include "engine/feed/fedora_message.hpp"

#include <amqp.h>
#include <cstdint>
#include <string_view>

namespace checkwatches::feed {

// The library's words for ours, and back. They point where the text is, and must not outlive it.
amqp_bytes_t bytes_of(std::string_view text);
std::string_view text_of(amqp_bytes_t bytes);

// An entry of a table: a text, a number, or true. It points at its name and text.
amqp_table_entry_t header(std::string_view name, std::string_view text);
amqp_table_entry_t header(std::string_view name, std::int64_t number);
amqp_table_entry_t header(std::string_view name);

// Publishes a message on an open channel, with the properties and headers that fedora-messaging wants; the
// library's number for how that went.
int publish_on(
    amqp_connection_state_t connection,
    amqp_channel_t channel,
    amqp_settings const& how,
    fedora_message const& m);

} // namespace checkwatches::feed
