#include "engine/serve/control_client.hpp"

#include "engine/net/deadline.hpp"
#include "engine/serve/control_address.hpp"
#include "engine/serve/control_event.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/write.hpp>

#include <fmt/format.h>

#include <sys/socket.h>
#include <sys/time.h>

namespace checkwatches::serve {
namespace {

namespace json = boost::json;
using protocol = asio::local::stream_protocol;

constexpr int connect_seconds = 10;

bool nobody_listens(error_code ec)
{
    return ec == boost::system::errc::no_such_file_or_directory || ec == asio::error::connection_refused;
}

bool has_left(error_code ec)
{
    return ec == asio::error::eof || ec == asio::error::broken_pipe || ec == asio::error::connection_reset;
}

error unreachable(std::string const& path, error_code why)
{
    return error{
        .kind = error_kind::storage,
        .message = "cannot talk to the running instance at " + path,
        .cause = why};
}

// Not async_connect: a Unix socket whose backlog is full does not tell when there is room again, but a
// blocking connect waits for it.
error_code connect(protocol::socket& socket, protocol::endpoint const& to)
{
    error_code ec;
    socket.open(protocol{}, ec);
    timeval const limit{.tv_sec = connect_seconds, .tv_usec = 0};
    if (!ec)
        ::setsockopt(socket.native_handle(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    if (!ec)
        socket.connect(to, ec);
    return ec;
}

// The events of one answer, as they come.
class answer {
public:
    answer(protocol::socket& from, std::optional<std::chrono::milliseconds> patience)
        : from_{from},
          patience_{patience},
          dog_{from.get_executor()},
          limit_{dog_, [this] { from_.cancel(); }}
    {}

    // The next event; nothing: the instance has left.
    awaitable<result<std::optional<json::object>>> next()
    {
        buffer_.erase(0, std::exchange(taken_, 0));
        if (patience_)
            limit_.start(net::phase::data, *patience_);
        auto into = asio::dynamic_buffer(buffer_, most_event_line);
        auto const [ec, size] = co_await asio::async_read_until(from_, into, '\n', use_tuple);
        limit_.stop();
        if (limit_.expired())
            co_return error{
                .kind = error_kind::timeout,
                .message = fmt::format("the running instance said nothing for {} ms", patience_->count())};
        if (has_left(ec))
            co_return std::nullopt;
        if (ec)
            co_return error{
                .kind = error_kind::storage, .message = "cannot read from the running instance", .cause = ec};
        taken_ = size;
        auto event = read_event(std::string_view{buffer_}.substr(0, size));
        if (!event)
            co_return event.error();
        co_return std::move(*event);
    }

private:
    protocol::socket& from_;
    std::optional<std::chrono::milliseconds> patience_;
    net::watchdog dog_;
    net::deadline limit_;
    std::string buffer_;
    std::size_t taken_ = 0;
};

} // namespace

awaitable<result<std::optional<json::object>>> ask_instance(
    std::string path,
    control_request request,
    on_event tell,
    std::optional<std::chrono::milliseconds> patience)
{
    protocol::socket socket{co_await asio::this_coro::executor};
    auto const address = control_address::of(path);
    if (!address)
        co_return address.error();
    if (auto const ec = connect(socket, address->endpoint())) {
        if (nobody_listens(ec))
            co_return std::nullopt;
        co_return unreachable(path, ec);
    }
    auto const line = request_line(request);
    auto const [ec, written] = co_await asio::async_write(socket, asio::buffer(line), use_tuple);
    // Who was turned away may find the socket closed, and the reason in it.
    if (ec && !has_left(ec))
        co_return unreachable(path, ec);

    answer events{socket, patience};
    for (;;) {
        auto event = co_await events.next();
        if (!event || !*event)
            co_return event;
        auto const name = name_of(**event);
        if (name == error_event)
            co_return error_of(**event);
        if (name == done_event)
            co_return event;
        tell(**event);
    }
}

} // namespace checkwatches::serve
