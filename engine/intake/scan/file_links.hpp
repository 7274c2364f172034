#pragma once

#include "engine/intake/scan/file_text.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace checkwatches::intake::scan {

// A link with the line that it begins in.
struct line_link {
    text_link what{};
    std::size_t line = 0; // from 1
};

// What reading a file came to.
struct file_reading {
    std::uint64_t bytes = 0; // that were looked at
    std::string trouble{};   // why not all of it was; empty where it was
};

// Reads files for links. What is known by its name is looked at as a whole up to 16 MiB; the rest, and any
// other text, in windows of 1 MiB, so that a file of any size takes no more room. Of one file 256 MiB are
// read. A file with a NUL in its first 8 KiB is no text, and passed over; so is what is no regular file. For
// one thread.
class file_reader {
public:
    file_reader(short_ids const& shorts, bug_addresses& bugs);

    // Adds the links of the file at `path`, whose path in its package is `name`.
    file_reading read(std::string const& path, std::string_view name, std::vector<line_link>& into);

private:
    // Adds the links that begin before `cut` in a window, behind which there is more unless it is the last.
    void
    take(file_kind kind, std::string_view text, std::size_t cut, bool is_last, std::vector<line_link>& into);

    short_ids const& shorts_;
    bug_addresses& bugs_;
    std::vector<char> buffer_;
    text_links found_;
    std::size_t line_ = 1; // of the buffer's first byte
};

} // namespace checkwatches::intake::scan
