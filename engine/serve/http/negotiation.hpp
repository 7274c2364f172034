#pragma once

#include <string>
#include <string_view>

namespace checkwatches::serve {

// Whether If-None-Match names this entity tag, or is "*": by weak comparison (RFC 9110 §8.8.3.2).
bool names_tag(std::string_view if_none_match, std::string_view etag) noexcept;

// Whether Accept-Encoding lets us send gzip.
bool accepts_gzip(std::string_view accept_encoding) noexcept;

// Whether text of this type gets shorter by gzip: HTML, JSON, SVG and the like.
bool is_text_type(std::string_view content_type) noexcept;

std::string gzip(std::string_view text);

} // namespace checkwatches::serve
