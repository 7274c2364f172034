#pragma once

#include "engine/core/ascii.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace checkwatches::wire {

// Text as valid UTF-8.
struct decoded_text {
    std::string text{};
    std::size_t replaced = 0; // bytes or characters that could not be read, and control characters taken out
};

// Turns the bytes of an answer into UTF-8: by the charset that Content-Type declares, else by a byte order
// mark, else strictly as UTF-8, else as Windows-1252. A byte order mark is removed. Known charsets: utf-8,
// us-ascii, iso-8859-1 (read as Windows-1252, as browsers do), iso-8859-15, windows-1252, utf-16 with either
// byte order; any other name counts as undeclared. Bytes that the charset does not have become U+FFFD,
// control characters other than tab, line feed and carriage return become blanks; both are counted. Never
// throws for content.
decoded_text decode_text(std::string_view bytes, std::string_view content_type);

// No charset but UTF-8 is declared (or none that we know): bytes that are UTF-8 are read as such.
bool may_be_utf8(std::string_view content_type);

// Valid UTF-8 in which nothing is to be replaced.
bool is_clean(std::string_view bytes);

// Text that came out of escapes (XML's &#27;; JSON's are replaced before they are read), made valid UTF-8
// without control characters in the same way.
std::string without_controls(std::string_view text);

// The media type of a Content-Type value in lower case, without parameters: "text/csv".
std::string media_type(std::string_view content_type);

// Core's words, for the readers here and in the adapters.
using checkwatches::lower;
using checkwatches::same_word;
using checkwatches::trimmed;

// Only ASCII digits, and at least one.
bool is_number(std::string_view text) noexcept;

// "#42", " 042 " and "42" as "42"; nothing of it where what remains is not a positive decimal number of at
// most 18 digits: then the result is empty.
std::string normal_number(std::string_view id);
// The same; nothing where the id is no such number.
std::optional<std::string> numeric_id(std::string_view id);

} // namespace checkwatches::wire
