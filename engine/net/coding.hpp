#pragma once

#include "engine/core/error.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace checkwatches::net {

// What we tell servers in Accept-Encoding.
inline constexpr std::string_view accepted_codings = "gzip, deflate, br, zstd";

enum class coding { none, gzip, deflate, brotli, zstd };

// The coding that a Content-Encoding header names. What is no coding at all ("UTF-8", which some trackers
// write there) is none; so is more than one, which nobody sends and which would not be read rightly.
coding parse_coding(std::string_view content_encoding) noexcept;

// The body without its coding. Errors: too_large beyond `most` bytes, protocol_error for what is broken or
// cut short.
result<std::string> decode(coding from, std::string body, std::size_t most);

} // namespace checkwatches::net
