#pragma once

#include "engine/core/secret.hpp"
#include "engine/core/toml_section.hpp"
#include "engine/core/url.hpp"
#include "engine/feed/amqp_settings.hpp"
#include "engine/feed/cloud_event.hpp"
#include "engine/feed/event.hpp"
#include "engine/feed/message_file_sink.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace checkwatches::app {

// What the section of every sink can say: its name, which events it wants, how many a second, and where a new
// one begins.
struct sink_config {
    std::string name{};
    feed::filter wanted{};
    double rate = 50; // 0: no limit
    std::optional<std::int64_t> from{};
};

struct webhook_config {
    sink_config common{};
    web_url url{};
    secret key{};
    std::optional<secret> old_key{};
    bool checks = false;
    feed::cloud_source from{}; // without a source: the database's own
};

struct amqp_config {
    sink_config common{};
    feed::amqp_settings how{}; // but for what stands in `common`
};

struct messages_file_config {
    sink_config common{};
    feed::message_file_sink_settings how{}; // but for what stands in `common`
};

// Where changes go.
struct feed_config {
    std::vector<webhook_config> webhooks{};
    std::vector<amqp_config> brokers{};
    std::vector<messages_file_config> message_files{};
};

// Reads "labels", "owners", "trackers", "statuses", "importances", "fields" and "acts"; complains about words
// that no bug and no change has.
void read_filter(section& in, feed::filter& into);

// Reads what every sink has: "name", "rate", "from", and the filter. `what` is the section's name as the user
// writes it: "[[webhook]]".
void read_sink(section& in, std::string const& what, sink_config& into);

// Reads the sections of all sinks; what is wrong is noted, two of one name as well.
void read_feed(section& top, std::string const& file, std::optional<error>& trouble, feed_config& into);

// The names of all sinks of these kinds; names_of_sinks() has the digests', too.
std::vector<std::string> names_of(feed_config const& conf);

} // namespace checkwatches::app
