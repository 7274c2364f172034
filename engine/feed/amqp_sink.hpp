#pragma once

#include "engine/feed/amqp_settings.hpp"
#include "engine/feed/sink.hpp"

#include <memory>

namespace checkwatches::feed {

// Tells a broker, as messages of fedora-messaging, on a thread of its own. Must be destroyed before the loop.
std::unique_ptr<sink> make_amqp_sink(amqp_settings how);

} // namespace checkwatches::feed
