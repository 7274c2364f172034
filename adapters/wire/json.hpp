#pragma once

#include "engine/core/error.hpp"

#include <simdjson.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace checkwatches::wire {

using json_element = simdjson::dom::element;
using json_object = simdjson::dom::object;
using json_array = simdjson::dom::array;

// A JSON document read by simdjson. Its elements point into it and live as long as it does.
class json_document {
public:
    // Reads decoded text (valid UTF-8). Escapes of lone surrogates become U+FFFD, those of control characters
    // blanks; deeper than 64 levels is refused. An error of kind unparsable says what is wrong.
    static result<json_document> parse(std::string_view text);

    json_element root() const noexcept { return root_; }

private:
    struct put_back { // for the next document of the thread
        void operator()(simdjson::dom::parser* p) const noexcept;
    };
    std::unique_ptr<simdjson::dom::parser, put_back> parser_;
    json_element root_;
};

// The document of an answer's bytes, decoded as decode_text() does; `replaced` as there.
struct json_answer {
    json_document document{};
    std::size_t replaced = 0;
};
result<json_answer> decode_json(std::string_view bytes, std::string_view content_type);

// A value as text: a string, a number written out; empty for null and anything else.
std::string text_of(json_element const& value);
// The member of an object as text; empty where there is none.
std::string text_member(json_object const& in, std::string_view key);
// The member where it is a whole number or a string of digits; else nothing.
std::optional<std::int64_t> integer_member(json_object const& in, std::string_view key);
// The member where it is true or false; else nothing.
std::optional<bool> flag_member(json_object const& in, std::string_view key);
// The member where it is an array or an object; else nothing.
std::optional<json_array> array_member(json_object const& in, std::string_view key);
std::optional<json_object> object_member(json_object const& in, std::string_view key);

} // namespace checkwatches::wire
