#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace checkwatches::serve {

// The id of an event, "<change>-<start>-<sequence>": what a client has seen when it has seen this event.
struct event_id {
    std::int64_t change = 0;   // all changes up to this one
    std::int64_t start = 0;    // of the hub that numbered the event
    std::int64_t sequence = 0; // of the event; 0: it came from the store, only `change` counts

    bool operator==(event_id const&) const = default;
};

std::string text_of(event_id const& id);
void append_id(std::string& out, event_id const& id);

// Also reads "<change>" alone. Nothing where it is neither.
std::optional<event_id> read_event_id(std::string_view text);

} // namespace checkwatches::serve
