// How a session has a request answered, and sends what comes of it.

#include "engine/serve/http/http_session.hpp"
#include "engine/serve/http/problem.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include <exception>
#include <utility>

namespace checkwatches::serve {
namespace {

// A client of a stream has nothing to say.
constexpr std::size_t most_said_to_stream = 64 * 1024;

std::string text_of(std::exception_ptr const& failure)
{
    try {
        std::rethrow_exception(failure);
    }
    catch (std::exception const& why) {
        return why.what();
    }
}

awaitable<void> throw_if_cancelled()
{
    auto const state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none)
        throw boost::system::system_error{asio::error::operation_aborted};
}

} // namespace

struct http_session::stream_counter {
    explicit stream_counter(std::size_t& count) : count_{count} { ++count_; }
    ~stream_counter() { --count_; }
    stream_counter(stream_counter const&) = delete;
    stream_counter& operator=(stream_counter const&) = delete;
    std::size_t& count_;
};

// Nothing where the client has gone.
awaitable<std::optional<http_answer>> http_session::ask(http_request rq)
{
    auto const executor = co_await asio::this_coro::executor;
    auto race = asio::experimental::make_parallel_group(
        asio::co_spawn(executor, ask_handler(std::move(rq)), asio::deferred),
        asio::co_spawn(executor, watch(), asio::deferred));
    auto [order, failure, got, ignored] = co_await race.async_wait(
        asio::experimental::wait_for_one(), use_awaitable);
    co_await throw_if_cancelled();
    if (order[0] != 0)
        co_return std::nullopt;
    if (!failure)
        co_return std::move(got);
    ground_.log.write(log_level::error, "a request failed", {{"why", text_of(failure)}});
    co_return problem(500, "the server could not answer; its log says why");
}

// A handler may throw before it first waits.
awaitable<http_answer> http_session::ask_handler(http_request rq)
{
    co_return co_await ground_.handler.answer(std::move(rq));
}

// Returns once the client has gone. One that has only closed its sending half still gets what comes soon.
awaitable<void> http_session::watch()
{
    asio::steady_timer pause{co_await asio::this_coro::executor};
    for (;;) {
        auto const [failed] = co_await socket_.async_wait(socket::wait_read, use_tuple);
        if (failed)
            co_return;
        char byte{};
        error_code ec;
        socket_.receive(asio::buffer(&byte, 1), socket::message_peek, ec);
        if (ec == asio::error::would_block)
            continue;
        if (ec && ec != asio::error::eof)
            co_return;
        // Where the next request has come already, its end cannot be seen before it is read.
        pause.expires_at(asio::steady_timer::time_point::max());
        if (ec)
            pause.expires_after(ground_.settings.grace);
        co_await pause.async_wait(use_awaitable);
        co_return;
    }
}

// False: the client has gone, or the answer was its last.
awaitable<bool> http_session::send(http_answer what)
{
    if (what.stream && ground_.streams >= ground_.settings.most_streams) {
        what = problem(503, "there are too many streams");
        what.headers.emplace_back("Retry-After", "10");
        how_.keep_alive = false;
    }
    auto const reply = make_reply(std::move(what), how_, utc_now());
    how_.keep_alive = reply.keep_alive;
    if (!reply.stream)
        co_return co_await put(reply.head, reply.content());
    stream_counter const me{ground_.streams};
    bool const is_sent = co_await put(reply.head, {});
    if (is_sent)
        co_await run_stream(reply.stream);
    co_return is_sent;
}

awaitable<void> http_session::run_stream(std::function<awaitable<void>(http_stream&)> const& stream)
{
    auto const executor = co_await asio::this_coro::executor;
    auto race = asio::experimental::make_parallel_group(
        asio::co_spawn(executor, stream(*this), asio::deferred),
        asio::co_spawn(executor, drain(), asio::deferred));
    auto [order, failure, ignored] = co_await race.async_wait(
        asio::experimental::wait_for_one(), use_awaitable);
    co_await throw_if_cancelled();
    if (order[0] == 0 && failure)
        ground_.log.write(log_level::error, "a stream failed", {{"why", text_of(failure)}});
}

// Returns once the client of a stream has gone, or talks too much.
awaitable<void> http_session::drain()
{
    for (std::size_t dropped = 0; dropped < most_said_to_stream;) {
        auto const [failed] = co_await socket_.async_wait(socket::wait_read, use_tuple);
        if (failed)
            co_return;
        auto const n = read_some();
        if (!n)
            co_return;
        dropped += *n;
    }
}

} // namespace checkwatches::serve
