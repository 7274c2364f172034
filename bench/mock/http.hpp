#pragma once

#include "bench/mock/text.hpp"
#include "engine/core/async.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace checkwatches::mock {

// A request as it was read.
struct request {
    std::string method{};
    std::string target{}; // as it was sent
    std::string path{};   // decoded, without the query
    form query{};         // decoded
    std::vector<std::pair<std::string, std::string>> headers{};
    std::string body{};
    bool keep_alive = true;

    // The first header of this name, compared without case; empty where there is none.
    std::string_view header(std::string_view name) const noexcept;
    // The value of a cookie, or nothing.
    std::string_view cookie(std::string_view name) const noexcept;
    // User and password of HTTP Basic; empty where there is none.
    std::pair<std::string, std::string> basic() const;
};

// A request from its parts; tests use it to ask a site without a socket.
request make_request(std::string method, std::string target, std::string body = {});

// Which version of a bug an answer tells.
struct told {
    int id{};
    std::uint32_t version{};
};

// In the place of a header's name: here stands Content-Length or Transfer-Encoding.
inline constexpr std::string_view framing_mark = "#framing";

struct answer {
    enum class framing {
        chunked,
        length,
        none, // HEAD, 304
    };
    unsigned status = 200;
    std::string reason{}; // empty: the usual one
    std::vector<std::pair<std::string, std::string>> headers{};
    std::string body{};
    framing frame = framing::chunked;
    bool close = false;
    std::vector<told> tells{};
};

// The usual reason phrase, in Apache's words.
std::string_view reason_of(unsigned status) noexcept;

// Head and framed body as they go to the wire.
std::string serialize(answer const& a);

// Reads one request; false at the end of the connection or where it is no HTTP. At most 1 MiB of header and
// 16 MiB of body are taken.
awaitable<bool> read_request(asio::ip::tcp::socket& socket, boost::beast::flat_buffer& buffer, request& into);

} // namespace checkwatches::mock
