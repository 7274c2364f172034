#pragma once

#include "engine/core/async.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace checkwatches::serve {

using http_fields = std::vector<std::pair<std::string, std::string>>;

// The first field of this name, compared without case; empty where there is none.
std::string_view find_field(http_fields const& fields, std::string_view name) noexcept;

// A request that was read whole, and is as it must be (RFC 9112): one Host that is ours, no ambiguous length,
// a target in origin form without control characters.
struct http_request {
    std::string method{};
    // The path without its query, as it came, and its parts, decoded: "/api/v1/bugs/7" has "api", "v1",
    // "bugs", "7". No part is "", "." or ".."; a trailing slash is no part.
    std::string path{};
    std::vector<std::string> parts{};
    http_fields query{}; // names and values, decoded
    http_fields headers{};
    std::string body{};
    std::string peer{};     // the client's IP address; behind a trusted proxy the one that it names
    bool is_secure = false; // it came over TLS, by what a trusted proxy says

    // The first value of this name in the query; empty where there is none.
    std::string_view argument(std::string_view name) const noexcept { return find_field(query, name); }
    std::string_view header(std::string_view name) const noexcept { return find_field(headers, name); }
    // The value of a cookie; empty where there is none.
    std::string_view cookie(std::string_view name) const noexcept;
};

// The fields of a form (application/x-www-form-urlencoded), or of a query string, decoded; nothing where an
// escape is broken, the text is no UTF-8 or holds a NUL, or there are more than most_form_fields.
inline constexpr std::size_t most_form_fields = 1'024;
std::optional<http_fields> read_form(std::string_view text);

// Where a stream of events is written to. All calls are made on the loop's thread.
class http_stream {
public:
    virtual ~http_stream() = default;
    // Returns when the client has taken it; false: the client has gone, or takes nothing any more.
    virtual awaitable<bool> write(std::string_view text) = 0;
    // The server is to stop: the stream should end.
    virtual bool is_closing() const noexcept = 0;
};

struct http_answer {
    unsigned status = 200;
    http_fields headers{}; // beside Date, Content-Length, Connection and what protects a browser
    std::string body{};
    std::shared_ptr<std::string const> shared_body{}; // in place of `body`: what many are sent
    // In place of a body: called once the header is sent, until it returns; then the connection ends.
    // Cancelled when the client goes.
    std::function<awaitable<void>(http_stream& to)> stream{};
};

// An answer that sends the client on to another place of ours, which it asks for by GET.
http_answer see_other(std::string location);

// Who answers requests. HEAD is asked as GET, and its body left out by the server.
class http_handler {
public:
    virtual ~http_handler() = default;
    // What it throws is answered 500 and logged. Cancelled when the client goes; one that
    // has only closed its sending half still gets what comes within a moment.
    virtual awaitable<http_answer> answer(http_request rq) = 0;
};

} // namespace checkwatches::serve
