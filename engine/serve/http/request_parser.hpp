#pragma once

#include "engine/serve/http/message.hpp"
#include "engine/serve/http/target.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

namespace checkwatches::serve {

// How large a request may be.
struct request_bounds {
    std::size_t most_header = 16 * 1024; // bytes, the request line included; and of what is around chunks
    std::size_t most_target = 8 * 1024;  // bytes
    std::size_t most_body = 256 * 1024;  // bytes
    std::size_t most_arguments = 64;     // of the query
};

// Reads one request from bytes that come in any pieces; lives only while one is read. Whatever can be read in
// two ways (RFC 9112 §11) is refused. Knows no sockets; Beast stays in request_parser.cpp.
class request_parser {
public:
    explicit request_parser(request_bounds const& bounds);
    ~request_parser();

    // Takes of `bytes` what belongs to this request, and returns how many that were: those behind it are the
    // next one's. Nothing is taken once the request is whole or refused.
    std::size_t put(std::string_view bytes);

    bool is_whole() const noexcept;
    std::optional<refusal> const& refused() const noexcept;
    // Some of it has come, more than an empty line.
    bool has_begun() const noexcept;
    // The header is there, and the client waits to be told that it may send the body.
    bool wants_continue() const noexcept;

    // Of the request line and the header; as false as can be before they are there.
    bool is_http_11() const noexcept;
    bool is_head() const noexcept;
    bool keeps_alive() const noexcept;

    // The request, without what only the connection knows; only where whole.
    http_request take();

private:
    class impl;
    std::unique_ptr<impl> impl_;
};

} // namespace checkwatches::serve
