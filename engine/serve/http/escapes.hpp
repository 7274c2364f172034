#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace checkwatches::serve {

bool is_utf8(std::string_view text) noexcept;

// The text that `escaped` stands for (RFC 3986 §2.1); "+" is a blank where `plus_is_blank`, as in forms.
// Nothing where an escape is broken, or where what comes out is no UTF-8 or holds a NUL.
std::optional<std::string> decode_escapes(std::string_view escaped, bool plus_is_blank);

} // namespace checkwatches::serve
