#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace checkwatches::wire {

// What stands at the top of a page, as far as it tells one kind of page from another.
struct page_top {
    std::string text{};    // the first 64 KiB, decoded
    std::string markup{};  // the same, ASCII letters in lower case
    std::string title{};   // in one line; empty where there is none
    std::string heading{}; // the first <h1>, likewise
    bool tagged = false;   // there is a "<" in it: otherwise it is a plain text
};

page_top read_top(std::string_view body, std::string_view content_type);

// The text in one line, runs of white space as one blank, at most `longest` bytes and an ellipsis; a
// character is not cut in two.
std::string one_line(std::string_view text, std::size_t longest);

} // namespace checkwatches::wire
