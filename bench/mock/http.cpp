#include "bench/mock/http.hpp"

#include "engine/core/ascii.hpp"
#include "engine/core/error.hpp"
#include "engine/core/url.hpp"

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace checkwatches::mock {

namespace {

namespace beast = boost::beast;

// mod_cgi passes on what it reads from the program in pieces of this size.
constexpr std::size_t chunk_size = 8000;
constexpr std::size_t header_limit = std::size_t{1} << 20U;
constexpr std::size_t body_limit = std::size_t{16} << 20U;

void append_chunks(std::string& out, std::string_view body)
{
    while (!body.empty()) {
        auto const piece = body.substr(0, chunk_size);
        fmt::format_to(std::back_inserter(out), "{:x}\r\n", piece.size());
        out += piece;
        out += "\r\n";
        body.remove_prefix(piece.size());
    }
    out += "0\r\n\r\n";
}

void take_apart(request& rq)
{
    auto const mark = std::min(rq.target.find('?'), rq.target.size());
    rq.path = percent_decode(std::string_view{rq.target}.substr(0, mark));
    rq.query = parse_form(std::string_view{rq.target}.substr(std::min(mark + 1, rq.target.size())));
}

using parser = beast::http::request_parser<beast::http::string_body>;

request from_message(parser::value_type const& message)
{
    request rq;
    rq.method = message.method_string();
    rq.target = message.target();
    rq.body = message.body();
    rq.keep_alive = message.keep_alive();
    for (auto const& f : message)
        rq.headers.emplace_back(f.name_string(), f.value());
    take_apart(rq);
    return rq;
}

} // namespace

std::string_view request::header(std::string_view name) const noexcept
{
    for (auto const& [key, value] : headers)
        if (same_word(key, name))
            return value;
    return {};
}

std::string_view request::cookie(std::string_view name) const noexcept
{
    for (auto part : split(header("Cookie"), ';')) {
        part.remove_prefix(std::min(part.find_first_not_of(' '), part.size()));
        auto const equals = part.find('=');
        if (equals != std::string_view::npos && part.substr(0, equals) == name)
            return part.substr(equals + 1);
    }
    return {};
}

std::pair<std::string, std::string> request::basic() const
{
    auto const value = header("Authorization");
    if (!value.starts_with("Basic "))
        return {};
    auto const plain = base64_decode(value.substr(6));
    auto const colon = std::min(plain.find(':'), plain.size());
    return {plain.substr(0, colon), plain.substr(std::min(colon + 1, plain.size()))};
}

request make_request(std::string method, std::string target, std::string body)
{
    request rq{.method = std::move(method), .target = std::move(target), .body = std::move(body)};
    take_apart(rq);
    return rq;
}

std::string_view reason_of(unsigned status) noexcept
{
    switch (status) {
    case 200: return "OK";
    case 302: return "Found";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 414: return "Request-URI Too Long";
    case 415: return "Unsupported Media Type";
    case 429: return "Too Many Requests";
    case 500: return "Internal Server Error";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    default: return "Unknown";
    }
}

std::string serialize(answer const& a)
{
    std::string out;
    out.reserve(512 + a.body.size() + a.body.size() / 500);
    auto const reason = a.reason.empty() ? reason_of(a.status) : std::string_view{a.reason};
    fmt::format_to(std::back_inserter(out), "HTTP/1.1 {} {}\r\n", a.status, reason);
    for (auto const& [name, value] : a.headers) {
        if (name != framing_mark) {
            fmt::format_to(std::back_inserter(out), "{}: {}\r\n", name, value);
            continue;
        }
        if (a.close)
            out += "Connection: close\r\n";
        if (a.frame == answer::framing::chunked)
            out += "Transfer-Encoding: chunked\r\n";
        else if (a.frame == answer::framing::length)
            fmt::format_to(std::back_inserter(out), "Content-Length: {}\r\n", a.body.size());
    }
    out += "\r\n";
    if (a.frame == answer::framing::chunked)
        append_chunks(out, a.body);
    else if (a.frame == answer::framing::length)
        out += a.body;
    return out;
}

awaitable<bool> read_request(asio::ip::tcp::socket& socket, beast::flat_buffer& buffer, request& into)
{
    parser incoming;
    incoming.header_limit(header_limit);
    incoming.body_limit(body_limit);
    incoming.eager(true);
    for (;;) {
        if (buffer.size() != 0) {
            error_code ec;
            buffer.consume(incoming.put(buffer.data(), ec));
            if (ec && ec != beast::http::error::need_more)
                co_return false;
            if (incoming.is_done())
                break;
        }
        auto const room = buffer.prepare(8192);
        auto const [ec, n] = co_await socket.async_read_some(room, use_tuple);
        if (ec)
            co_return false;
        buffer.commit(n);
    }
    into = from_message(incoming.get());
    co_return true;
}

} // namespace checkwatches::mock
