#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace checkwatches::wire {

// The bytes that a base64 text (RFC 4648) spells. White space is passed over and the padding at the end may
// be missing; nothing where another character stands in it, or a single one is left over.
std::optional<std::string> decode_base64(std::string_view text);

} // namespace checkwatches::wire
