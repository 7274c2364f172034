#pragma once

#include "engine/core/error.hpp"
#include "engine/core/time.hpp"
#include "engine/feed/event.hpp"

#include <boost/json/object.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace checkwatches::feed {

// What a label names, for the headers by which consumers of fedora-messaging choose what they are told.
enum class label_meaning { rpm, container, module, flatpak, nothing };

// How messages are made of events.
struct fedora_settings {
    std::string prefix{};         // of the topics, without a dot at its end: "org.fedoraproject.prod"
    std::string schema_package{}; // of Python, that has the schemas; empty: none is named
    label_meaning labels = label_meaning::rpm;
};

// A message as fedora-messaging has it on the wire (its docs, "Wire Format"): the body a JSON object, the
// content type application/json in UTF-8, delivery mode 2, priority 0.
struct fedora_message {
    std::string topic{}; // at most 255 bytes
    std::string id{};    // the event's uuid, however often it is told
    std::int64_t severity{};
    std::string schema{};         // "checkwatches.change.v1"
    std::string schema_package{}; // empty: none
    std::string sent_at{};        // "2026-11-29T08:15:30+00:00"
    std::vector<std::string> filters{}; // names of headers whose value is true: "fedora_messaging_rpm_curl"
    std::string body{};
    std::string about{}; // the bug: what is about one is told in order
};

// 20 (INFO), or 30 (WARNING) of a check that failed where the one before it did not, or not so.
std::int64_t severity_of(event const& e);

// The message that tells of an event at the time `now`, which is what it says it was sent at.
fedora_message make_message(event const& e, fedora_settings const& how, utc_time now);

// The body alone; app/package/schemas describes it.
boost::json::object body_of(event const& e);

// The message as a line of a file that `fedora-messaging publish` takes, with its line end.
std::string line_of(fedora_message const& m);

// Without the dot that may stand at its end; an error of kind configuration where topics could not begin so:
// words of letters, digits, "-" and "_" with dots between them, and short enough that all topics fit.
result<std::string> read_topic_prefix(std::string_view text);

} // namespace checkwatches::feed
