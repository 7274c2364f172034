#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace checkwatches::app {

// Prints rows of text as aligned columns, the last column cut to `width` columns of a terminal (0: never
// cut). What a tracker sent is made harmless for a terminal: control characters become blanks.
class table {
public:
    explicit table(std::vector<std::string> header);

    void add(std::vector<std::string> row);
    bool empty() const noexcept { return rows_.size() == 1; }
    std::string text(std::size_t width) const;

private:
    std::vector<std::vector<std::string>> rows_; // the header first
};

// How many columns a text takes: its code points (combining and wide characters are not told apart).
std::size_t columns_of(std::string_view text) noexcept;

// The text on one line, without characters that could steer a terminal.
std::string one_line(std::string_view text);

// The width of the terminal on standard output; 0 where it is none.
std::size_t terminal_width() noexcept;

} // namespace checkwatches::app
