#pragma once

#include "engine/feed/fedora_message.hpp"
#include "engine/feed/message_file.hpp"
#include "engine/feed/sink.hpp"

#include <memory>

namespace checkwatches::feed {

// A folder that messages go to as files, one JSON object a line, as `fedora-messaging publish` takes them.
struct message_file_sink_settings {
    message_file_settings files{}; // the sink's name is theirs
    bool wants_checks = false;
    filter wanted{};
    fedora_settings messages{};
    std::size_t batch = 500; // lines that are made durable at a time
};

// Writes them on a thread of its own. Must be destroyed before the loop.
std::unique_ptr<sink> make_message_file_sink(message_file_sink_settings how);

} // namespace checkwatches::feed
