#include "engine/serve/http/http_session.hpp"

#include "engine/serve/http/negotiation.hpp"
#include "engine/serve/http/problem.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/write.hpp>
#include <boost/system/system_error.hpp>

#include <utility>

namespace checkwatches::serve {

using net::phase;

namespace {

// What a client may still send after the answer that ends its connection.
constexpr std::size_t most_left_over = 1 << 20;

bool would_block(error_code ec)
{
    return ec == asio::error::would_block || ec == asio::error::try_again;
}

http_answer refused(refusal const& why)
{
    auto out = problem(why.status, why.detail);
    if (why.status == 405)
        out.headers.emplace_back("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
    if (why.status == 503)
        out.headers.emplace_back("Retry-After", "10");
    return out;
}

} // namespace

http_session::http_session(socket s, session_ground& ground)
    : socket_{std::move(s)},
      ground_{ground},
      limit_{ground.dog, [this] {
                 error_code ignored;
                 socket_.cancel(ignored);
             }}
{}

awaitable<void> http_session::run(bool is_welcome)
{
    error_code ec;
    socket_.non_blocking(true, ec);
    socket_.set_option(asio::ip::tcp::no_delay{true}, ec);
    if (is_welcome) {
        co_await serve();
        co_return;
    }
    refuse(503, "there are too many connections");
    bool const is_told = co_await answer();
    if (is_told)
        co_await see_off();
}

void http_session::stop()
{
    error_code ignored;
    if (is_idle_)
        socket_.cancel(ignored);
}

awaitable<void> http_session::serve()
{
    for (;;) {
        auto const got = co_await receive();
        if (got == reading::gone)
            co_return;
        bool const is_sent = co_await answer();
        if (!is_sent)
            co_return;
        if (!how_.keep_alive)
            break;
    }
    co_await see_off();
}

// Reads the next request into rq_, or why it is none into refusal_.
awaitable<http_session::reading> http_session::receive()
{
    rq_.reset();
    refusal_.reset();
    how_ = {};
    if (rest_.empty()) {
        bool const is_there = co_await wait_idle();
        if (!is_there)
            co_return reading::gone;
    }
    request_parser parser{ground_.settings.request};
    auto const late = net::steady_time::clock::now() + ground_.settings.request_time;
    bool said_continue = false;
    auto some = std::exchange(rest_, {});
    auto used = parser.put(some);
    for (;;) {
        if (parser.is_whole() || parser.refused()) {
            rest_ = some.substr(used);
            co_return take(parser);
        }
        if (parser.wants_continue() && !said_continue) {
            said_continue = true;
            bool const is_sent = co_await put("HTTP/1.1 100 Continue\r\n\r\n", "");
            if (!is_sent)
                co_return reading::gone;
        }
        auto const left = late - net::steady_time::clock::now();
        bool const in_time = co_await is_readable(std::chrono::ceil<std::chrono::milliseconds>(left));
        if (!in_time)
            co_return refuse(408, "the request did not arrive whole in time");
        auto const n = read_some();
        if (!n && parser.has_begun())
            co_return refuse(400, "the request has no end");
        if (!n)
            co_return reading::gone;
        some.assign(ground_.buffer.data(), *n);
        used = parser.put(some);
    }
}

// False: time is up. What is wrong with the connection is for the read to find.
awaitable<bool> http_session::is_readable(std::chrono::milliseconds within)
{
    limit_.start(phase::data, within);
    auto const [ec] = co_await socket_.async_wait(socket::wait_read, use_tuple);
    limit_.stop();
    if (limit_.expired())
        co_return false;
    if (ec == asio::error::operation_aborted && !is_idle_)
        throw boost::system::system_error{ec};
    co_return true;
}

awaitable<bool> http_session::wait_idle()
{
    if (ground_.is_stopping)
        co_return false;
    is_idle_ = true;
    bool const in_time = co_await is_readable(ground_.settings.idle_time);
    is_idle_ = false;
    co_return in_time && !ground_.is_stopping;
}

// How many bytes came; nothing where there will be no more.
std::optional<std::size_t> http_session::read_some()
{
    error_code ec;
    auto const n = socket_.read_some(asio::buffer(ground_.buffer), ec);
    if (would_block(ec))
        return 0;
    return ec ? std::nullopt : std::optional{n};
}

http_session::reading http_session::refuse(unsigned status, std::string detail)
{
    refusal_ = refusal{status, std::move(detail)};
    how_.keep_alive = false;
    return reading::refused;
}

http_session::reading http_session::take(request_parser& parser)
{
    how_.is_head = parser.is_head();
    how_.is_http_11 = parser.is_http_11();
    if (parser.refused())
        return refuse(parser.refused()->status, parser.refused()->detail);
    how_.keep_alive = parser.keeps_alive();
    rq_ = parser.take();
    how_.gzip = accepts_gzip(rq_->header("Accept-Encoding"));
    if (rq_->method == "GET")
        how_.if_none_match = rq_->header("If-None-Match");
    check_origin();
    return refusal_ ? reading::refused : reading::whole;
}

void http_session::check_origin()
{
    error_code ec;
    auto const local = socket_.local_endpoint(ec);
    auto const remote = socket_.remote_endpoint(ec);
    auto const host = read_host(rq_->header("Host"));
    if (!host)
        refuse(400, "Host is no name of a host");
    else if (!ground_.hosts.knows(*host, local))
        refuse(421, "this is not the host that is asked for");
    auto const from = origin_of(remote.address(), rq_->headers, ground_.proxies);
    rq_->peer = from.peer;
    rq_->is_secure = from.is_secure;
}

// False: the client has gone.
awaitable<bool> http_session::answer()
{
    std::optional<http_answer> what;
    if (refusal_)
        what = refused(*refusal_);
    else
        what = co_await ask(std::move(*rq_));
    rq_.reset();
    if (!what)
        co_return false;
    if (ground_.is_stopping)
        how_.keep_alive = false;
    co_return co_await send(std::move(*what));
}

awaitable<bool> http_session::put(std::string_view head, std::string_view body)
{
    std::array<asio::const_buffer, 2> const both{
        asio::buffer(head.data(), head.size()), asio::buffer(body.data(), body.size())};
    limit_.start(phase::data, ground_.settings.reply_time);
    auto const [ec, n] = co_await asio::async_write(socket_, both, use_tuple);
    limit_.stop();
    co_return !ec;
}

awaitable<bool> http_session::write(std::string_view text)
{
    co_return co_await put(text, {});
}

// What the client still sends is read, or the system would tell it that the connection broke, and it would
// not read the answer.
awaitable<void> http_session::see_off()
{
    error_code ec;
    socket_.shutdown(socket::shutdown_send, ec);
    auto const late = net::steady_time::clock::now() + ground_.settings.grace;
    for (std::size_t dropped = 0; !ec && dropped < most_left_over;) {
        auto const left = late - net::steady_time::clock::now();
        bool const in_time = co_await is_readable(std::chrono::ceil<std::chrono::milliseconds>(left));
        if (!in_time)
            co_return;
        auto const n = read_some();
        if (!n)
            co_return;
        dropped += *n;
    }
}

} // namespace checkwatches::serve
