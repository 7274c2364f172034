#include "engine/serve/control_session.hpp"

#include "engine/core/join.hpp"
#include "engine/serve/control_event.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <fmt/format.h>

#include <exception>

namespace checkwatches::serve {

namespace json = boost::json;

control_session::control_session(
    socket s,
    std::string actor,
    session_limits const& limits,
    net::watchdog& dog,
    control_handler& handler,
    logger& log)
    : socket_{std::move(s)},
      actor_{std::move(actor)},
      limits_{limits},
      dog_{dog},
      handler_{handler},
      log_{log}
{}

awaitable<void> control_session::run()
{
    std::vector<awaitable<void>> halves;
    halves.push_back(serve());
    halves.push_back(write_out());
    co_await join(std::move(halves));
}

awaitable<void> control_session::serve()
{
    auto request = co_await receive();
    result<json::object> done = json::object{};
    if (!request)
        done = request.error();
    else
        done = co_await answer(std::move(*request));
    put(done ? event_line(done_event, std::move(*done)) : event_line(error_event, json_of(done.error())));
    is_last_ = true;
    news_.call_all();
}

awaitable<result<control_request>> control_session::receive()
{
    std::string line;
    net::deadline limit{dog_, [this] { socket_.cancel(); }};
    limit.start(net::phase::data, limits_.request_time);
    auto into = asio::dynamic_buffer(line, most_request_line);
    auto [ec, size] = co_await asio::async_read_until(socket_, into, '\n', use_tuple);
    if (limit.expired())
        co_return error{
            .kind = error_kind::usage,
            .message = fmt::format("no whole request within {} ms", limits_.request_time.count())};
    if (ec == asio::error::not_found)
        co_return error{
            .kind = error_kind::usage,
            .message = fmt::format("the request is longer than {} bytes", most_request_line)};
    if (ec)
        co_return error{.kind = error_kind::usage, .message = "the request has no end", .cause = ec};
    co_return read_request(std::string_view{line}.substr(0, size));
}

// Whatever goes wrong in one call is that call's answer and ends no other.
awaitable<result<json::object>> control_session::answer(control_request what)
{
    std::string failure;
    try {
        co_return co_await handler_.handle(std::move(what), actor_, *this);
    }
    catch (boost::system::system_error const& failed) {
        if (failed.code() == asio::error::operation_aborted)
            throw;
        failure = failed.what();
    }
    catch (std::exception const& failed) {
        failure = failed.what();
    }
    log_.write(log_level::error, "a control call failed", {{"why", failure}});
    co_return error{.kind = error_kind::storage, .message = std::move(failure)};
}

void control_session::tell(std::string_view event, json_text fields)
{
    if (unsent_.size() < limits_.most_unsent)
        put(event_line(event, std::move(fields)));
}

awaitable<void> control_session::send(std::string_view event, json_text fields)
{
    auto line = event_line(event, std::move(fields));
    while (unsent_.size() >= limits_.most_unsent && !gone_) {
        net::waiter me{socket_.get_executor()};
        co_await room_.wait(me);
    }
    put(std::move(line));
}

void control_session::put(std::string line)
{
    if (gone_)
        return;
    unsent_ += line;
    news_.call_all();
}

void control_session::leave()
{
    gone_ = true;
    unsent_.clear();
    room_.call_all();
}

awaitable<void> control_session::write_out()
{
    net::deadline limit{dog_, [this] { socket_.cancel(); }};
    for (;;) {
        while (unsent_.empty() && !is_last_) {
            net::waiter me{socket_.get_executor()};
            co_await news_.wait(me);
        }
        if (unsent_.empty())
            co_return;
        auto const text = std::exchange(unsent_, {});
        room_.call_all();
        limit.start(net::phase::data, limits_.reply_time);
        auto const [ec, written] = co_await asio::async_write(socket_, asio::buffer(text), use_tuple);
        limit.stop();
        if (ec)
            co_return leave();
    }
}

} // namespace checkwatches::serve
