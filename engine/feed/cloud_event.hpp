#pragma once

#include "engine/core/time.hpp"
#include "engine/feed/event.hpp"

#include <string>
#include <string_view>

namespace checkwatches::feed {

inline constexpr std::string_view cloud_event_content = "application/cloudevents+json; charset=utf-8";

// Who tells: the attributes that all events of one database share.
struct cloud_source {
    std::string source{};                        // a URI
    std::string type_prefix{"org.checkwatches"}; // of "….change.v1", "….check.v1", "….test.v1"
};

// The event as CloudEvents 1.0 has it, in the structured mode of its JSON format: the data is what a message
// of fedora-messaging has as its body (fedora_message.hpp), and is described by the same schema.
std::string cloud_event_of(event const& e, cloud_source const& from);

// A test: of no event, and with an id that no event has.
std::string cloud_test_of(std::string const& id, utc_time now, cloud_source const& from);

} // namespace checkwatches::feed
