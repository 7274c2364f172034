#pragma once

#include "engine/core/error.hpp"
#include "engine/core/secret.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace checkwatches::feed {

// How the body of a webhook is signed: by the Standard Webhooks (standardwebhooks.com), version 1. The
// headers of a request are
//
//   webhook-id         the event's id, the same however often it is sent
//   webhook-timestamp  when it was sent this time, in seconds since 1970
//   webhook-signature  "v1,<signature>", several with a blank between them, one for each secret that is valid
//
// A signature is the HMAC-SHA256 of "<webhook-id>.<webhook-timestamp>.<body>" in base64.

// The key that a secret stands for: what is behind "whsec_" in base64; any other text as it is. An error of
// kind configuration: the base64 is none, or the key is shorter than 24 bytes (as those say), or longer than
// 4096.
result<secret> signing_key(secret const& text);

// One signature: "v1,…".
std::string sign(secret const& key, std::string_view id, std::int64_t timestamp, std::string_view body);

} // namespace checkwatches::feed
