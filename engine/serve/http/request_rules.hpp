#pragma once

#include "engine/serve/http/message.hpp"
#include "engine/serve/http/target.hpp"

#include <optional>
#include <string_view>

namespace checkwatches::serve {

// What must hold of a request beside what Beast checks: it reads generously what RFC 9112 allows to be read
// so, and a proxy before us may read the same bytes otherwise. All pure.

// Checks the bytes of a header as they come: lines end in CR LF, no line goes on in the next, and there are
// no control characters.
class header_bytes {
public:
    std::optional<refusal> put(std::string_view bytes);

private:
    bool after_cr_ = false;
    bool at_line_start_ = false; // of any line but the first
};

// "GET", "/path", "HTTP/1.1".
struct request_line {
    std::string_view method{};
    std::string_view target{};
    std::string_view version{};
};
// Refused: 400 for what is no request line, 505, 501 for methods that nobody knows, 405, 414.
or_refusal<request_line> read_request_line(std::string_view line, std::size_t most_target);

// Refused: 400 for a Host that is missing or there twice, for a length that is ambiguous; 501 for a transfer
// coding; 417.
std::optional<refusal> check_fields(http_fields const& headers, bool is_http_11);

} // namespace checkwatches::serve
