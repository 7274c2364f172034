#pragma once

#include "engine/core/error.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace checkwatches::wire::soap {

// An element of a SOAP 1.1 message: either text or children. Types are not told apart, since servers in
// scripting languages guess them: a title "42" comes as an int, one with an umlaut as base64. What is
// declared as base64 is decoded, as UTF-8 where it is that.
struct value {
    std::string name{}; // without its prefix
    std::string text{}; // without control characters
    std::vector<value> children{};
    bool nil = false;         // there is no value, as opposed to an empty text
    bool unreadable = false;  // it was to be base64 and is not; its text is empty
    std::size_t replaced = 0; // bytes of the base64 that are no text

    // The first child of this name; null where there is none.
    value const* child(std::string_view name) const noexcept;
    // The text without blanks at its ends, as a whole number; nothing where it is none.
    std::optional<std::int64_t> integer() const noexcept;

    bool operator==(value const&) const = default;
};

// What a call came to: its response, or what the server says of why there is none.
struct response {
    std::string name{};  // of its element, without the prefix: "get_statusResponse"
    std::string space{}; // the namespace of that element
    value result{};      // its first child; nil where it has none
};
struct fault {
    std::string code{}; // "soap:Server"
    std::string text{};
};
using answer = std::variant<response, fault>;

// What a call passes on.
struct argument {
    std::string type{}; // of XML Schema: "int", "string"
    std::string text{};
};

// The message that calls `method` of the namespace `space` with one argument.
std::string encode_call(std::string_view space, std::string_view method, argument const& only);
// … with one array of arguments.
std::string
encode_list_call(std::string_view space, std::string_view method, std::vector<argument> const& items);

// Reads an envelope, of text that was decoded (the values are clean also where it was not); SOAP 1.2's faults
// are known too. DTDs and entities other than the five are not expanded; more than 32 levels below the
// response, or more than `most_values` elements, are refused. An error of kind unparsable says what is not as
// SOAP wants it.
result<answer> decode_answer(std::string_view text, std::size_t most_values = 2'000'000);

} // namespace checkwatches::wire::soap
