#pragma once

#include "adapters/adapter.hpp"
#include "adapters/wire/json.hpp"

namespace checkwatches::adapters::bugzilla {

// A JSON object that a REST resource answered with, whatever the HTTP status.
struct rest_answer {
    wire::json_document document{};
    wire::json_object root{};
    std::size_t replaced = 0; // characters that could not be decoded

    // Bugzilla's own error: its code, where the object is one.
    std::optional<std::int64_t> fault() const;
    std::string message() const { return wire::text_member(root, "message"); }
};

// Reads the answer: what is no JSON is explained by its status and shape, what is no readable object is
// unparsable, and an HTTP error without Bugzilla's own error in it is explained too.
result<rest_answer> read_rest(reply const& answer);

// A GET of a REST resource.
request rest_get(web_url const& root, std::string_view relative, std::string_view way);

} // namespace checkwatches::adapters::bugzilla
