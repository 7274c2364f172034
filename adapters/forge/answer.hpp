#pragma once

#include "adapters/adapter.hpp"
#include "adapters/wire/json.hpp"

namespace checkwatches::adapters::forge {

// A JSON answer, decoded.
struct document {
    wire::json_document json;
    std::size_t replaced = 0; // as decode_text() counts

    wire::json_element root() const noexcept { return json.root(); }
    // The root where it is an object or an array; else nothing.
    std::optional<wire::json_object> object() const noexcept;
    std::optional<wire::json_array> array() const noexcept;
};

// The JSON of an answer of any status and type; an error of kind unparsable.
result<document> decode(reply const& from);

// The JSON of an answer of status 200; otherwise an error by explain(), or of kind unparsable.
result<document> read_document(reply const& from);

// The object that a forge sends with a status that is no success; nothing where it sent something else.
std::optional<document> read_refusal(reply const& from);

// The address that an answer's Link header gives as the next page's; empty where it gives none.
std::string next_link(reply const& from);

// An error of kind unparsable in this answer: "the JSON has no list of issues".
error unreadable(std::string message, reply const& from);

} // namespace checkwatches::adapters::forge
