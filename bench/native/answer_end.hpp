#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace checkwatches::bench {

// Finds where an answer ends (Content-Length, or the last chunk), and nothing else. Made for answers of a
// mock: a chunk that ends in "0", a line's end and another is not told from the last.
class answer_end {
public:
    // The next bytes of one answer; true when it is whole.
    bool take(std::string_view piece);

    bool begun() const noexcept { return in_body_ || !head_.empty(); }
    int status() const noexcept { return status_; }
    bool closes() const noexcept { return closes_; }

private:
    void read_head(std::string_view head);
    bool take_body(std::string_view piece);

    std::string head_{}; // where it came in pieces
    std::string tail_{}; // the last bytes of a chunked body
    std::size_t missing_ = 0;
    int status_ = 0;
    bool in_body_ = false;
    bool is_chunked_ = false;
    bool closes_ = false;
};

} // namespace checkwatches::bench
