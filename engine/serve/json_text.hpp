#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace checkwatches::serve {

// Appends a text as a JSON string.
void append_json_string(std::string& out, std::string_view text);
void append_number(std::string& out, std::int64_t n);

// A JSON object, written member by member into one piece of memory, as boost::json would serialise it: for
// what is told of each check, where making Boost's object costs many times its text. No key is added twice,
// and none needs escapes.
class json_text {
public:
    explicit json_text(std::size_t room = 0) { out_.reserve(room); }

    json_text& add(std::string_view key, std::string_view text);
    json_text& add(std::string_view key, std::integral auto n)
    {
        return add_number(key, static_cast<std::int64_t>(n));
    }
    // A value that is JSON already.
    json_text& add_json(std::string_view key, std::string_view value);

    // The object, closed.
    std::string text() &&;

private:
    json_text& add_number(std::string_view key, std::int64_t n);
    void begin(std::string_view key);

    std::string out_{"{"};
};

} // namespace checkwatches::serve
