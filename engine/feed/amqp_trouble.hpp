#pragma once

#include "engine/core/error.hpp"

#include <amqp.h>

#include <optional>
#include <string_view>

namespace checkwatches::feed {

// What the library's number for a failure means; `doing` is what failed: "connecting", "publishing".
error trouble_of(int status, std::string_view doing);

// What the broker says when it closes a connection or a channel: 403 ACCESS_REFUSED, 404 NOT_FOUND, …
error trouble_of(std::uint16_t code, amqp_bytes_t text, std::string_view doing);

// Why a call did not succeed; nothing where it did.
std::optional<error> trouble_of(amqp_rpc_reply_t const& reply, std::string_view doing);

} // namespace checkwatches::feed
