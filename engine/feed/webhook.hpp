#pragma once

#include "engine/core/clock.hpp"
#include "engine/core/secret.hpp"
#include "engine/core/url.hpp"
#include "engine/feed/cloud_event.hpp"
#include "engine/feed/sink.hpp"
#include "engine/net/client.hpp"

#include <memory>
#include <optional>
#include <string>

namespace checkwatches::feed {

struct webhook_settings {
    std::string name{};
    web_url url{};
    secret key{};                    // as signing_key() makes it
    std::optional<secret> old_key{}; // that is being rotated out: both sign
    bool checks = false;             // tells of every check, too
    filter wanted{};
    cloud_source from{};
};

// Posts events, one at a time, as CloudEvents 1.0 in structured mode, signed (webhook_signature.hpp). What
// the answer says:
//   2xx                 the receiver has it
//   408, 425, 429, 5xx  later; not before Retry-After
//   410                 it wants no more
//   other 4xx           it does not take this one
//   3xx                 redirects are not followed: the address in the configuration is wrong
// The network, whose answers must be bounded, and the clock outlive it.
std::unique_ptr<sink> make_webhook(webhook_settings how, net::client& over, clock const& time);

} // namespace checkwatches::feed
