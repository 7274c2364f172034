#pragma once

#include "adapters/wire/xmlrpc.hpp"

#include <optional>
#include <string_view>

namespace checkwatches::wire::xmlrpc {

// How deep values may be nested, for both readers.
inline constexpr int deepest = 64;

// Reads a methodResponse with a value that is written as servers write it: elements without attributes,
// nothing between them but white space, and no references but the five named ones. Nothing for any other
// document, right or wrong: then decode_answer() reads it by a whole XML parser, at some four times the cost.
// What it reads is what decode_answer() would have read.
std::optional<value> read_terse(std::string_view text);

} // namespace checkwatches::wire::xmlrpc
