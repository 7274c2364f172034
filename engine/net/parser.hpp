#pragma once

#include "engine/core/error.hpp"
#include "engine/net/client.hpp"
#include "engine/net/settings.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace checkwatches::net {

// One answer as it came over the wire: the body still has its content coding.
struct raw_reply {
    unsigned status{};
    header_list headers{};
    std::string body{};
    bool keep_alive = false; // the connection may be used again
};

// Reads one answer from bytes that come in any pieces; lives only while one is read. Interim answers (1xx)
// are passed over. Beast stays in parser.cpp.
class reply_parser {
public:
    // `to_method`: of the request, since the answer to HEAD and CONNECT has no body.
    reply_parser(settings const& limits, std::string_view to_method);
    ~reply_parser();

    // Takes all of `bytes`. Errors: too_large, protocol_error.
    result<void> put(std::string_view bytes);
    // The peer has ended the connection: right only where nothing else told the end of the body.
    result<void> put_end();

    bool done() const noexcept;
    // The answer; only where done.
    raw_reply take();

private:
    class impl;
    std::unique_ptr<impl> impl_;
};

} // namespace checkwatches::net
