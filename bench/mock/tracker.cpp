#include "bench/mock/tracker.hpp"

#include "bench/mock/http.hpp"
#include "bench/mock/kinds.hpp"
#include "bench/mock/misbehave.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace checkwatches::mock {

namespace {

using asio::ip::tcp;
// The listening socket and the one that keeps its port while it is away share the port.
using reuse_port = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

constexpr int backlog = 4096;
constexpr unsigned not_modified = 304;

void take_port(tcp::acceptor& acceptor, tcp::endpoint const& place)
{
    acceptor.open(place.protocol());
    acceptor.set_option(tcp::acceptor::reuse_address{true});
    acceptor.set_option(reuse_port{true});
    acceptor.bind(place);
}

} // namespace

// A connection's place among the open ones.
struct tracker::seat {
    seat(tracker& at, tcp::socket& socket) : at_(at), socket_(socket)
    {
        at_.open_.insert(&socket_);
        ++at_.counts_.connections;
        at_.counts_.open = at_.open_.size();
        at_.counts_.most_open = std::max(at_.counts_.most_open, at_.counts_.open);
    }
    ~seat()
    {
        at_.open_.erase(&socket_);
        at_.counts_.open = at_.open_.size();
    }
    seat(seat const&) = delete;
    seat& operator=(seat const&) = delete;

    tracker& at_;
    tcp::socket& socket_;
};

tracker::tracker(asio::any_io_executor executor, tracker_options options)
    : executor_(std::move(executor)),
      options_(std::move(options)),
      bugs_(options_),
      dice_(options_.seed + 1),
      acceptor_(executor_),
      guard_(executor_),
      stepper_(executor_)
{
    take_port(acceptor_, tcp::endpoint{asio::ip::address_v4::loopback(), 0});
    place_ = acceptor_.local_endpoint();
    acceptor_.listen(backlog);
    origin_ = fmt::format("http://127.0.0.1:{}", place_.port());
    site_ = make_site(site_ground{.options = options_, .bugs = bugs_, .origin = origin_});
}

std::string tracker::api() const
{
    auto const path = find_kind(options_.kind)->api_path;
    return path.empty() ? std::string{} : origin_ + std::string{path};
}

// A coroutine of this tracker holds it until it ends; an exception in one is a bug and comes out of run().
template <class Coroutine>
void tracker::spawn(Coroutine coroutine)
{
    auto held = [](std::shared_ptr<tracker>, Coroutine op) -> awaitable<void> { co_await std::move(op); };
    asio::co_spawn(executor_, held(shared_from_this(), std::move(coroutine)), [](std::exception_ptr failure) {
        if (failure)
            std::rethrow_exception(failure);
    });
}

void tracker::start()
{
    spawn(accept_all());
    if (options_.step_every.count() > 0)
        spawn(step_by_time());
    follow_plan();
}

void tracker::stop()
{
    error_code ignored;
    stopped_ = true;
    acceptor_.close(ignored);
    guard_.close(ignored);
    stepper_.cancel();
    reset_all();
}

void tracker::set_fault(fault_plan plan)
{
    plan.seen = 0;
    options_.fault = plan;
    follow_plan();
}

void tracker::reset_all()
{
    for (auto* socket : open_)
        reset_connection(*socket);
}

// Listens or does not, as the fault of the next request has it.
void tracker::follow_plan()
{
    if (stopped_)
        return;
    bool const listening = acceptor_.is_open();
    bool const refusing = options_.fault.now() == fault::refuse;
    if (refusing && listening) {
        take_port(guard_, place_);
        acceptor_.close();
        reset_all();
    }
    else if (!refusing && !listening) {
        take_port(acceptor_, place_);
        acceptor_.listen(backlog);
        guard_.close();
        spawn(accept_all());
    }
}

awaitable<void> tracker::accept_all()
{
    for (;;) {
        auto [ec, socket] = co_await acceptor_.async_accept(use_tuple);
        if (ec == asio::error::operation_aborted || stopped_)
            co_return;
        if (ec) { // no descriptor is left; one may be soon
            asio::steady_timer pause{executor_, std::chrono::milliseconds{10}};
            co_await pause.async_wait(use_tuple);
            continue;
        }
        if (options_.fault.now() == fault::reset) {
            options_.fault.next();
            ++counts_.connections;
            reset_connection(socket);
            continue;
        }
        spawn(converse(std::move(socket)));
    }
}

awaitable<void> tracker::converse(tcp::socket socket)
{
    seat const taken{*this, socket};
    error_code ignored;
    socket.set_option(tcp::no_delay{true}, ignored);
    boost::beast::flat_buffer buffer;
    request rq;
    for (;;) {
        bool const got = co_await read_request(socket, buffer, rq);
        if (!got)
            co_return;
        ++counts_.requests;
        ++counts_.waiting;
        counts_.most_waiting = std::max(counts_.most_waiting, counts_.waiting);
        bool const goes_on = co_await exchange(socket, rq);
        --counts_.waiting;
        follow_plan();
        if (!goes_on)
            co_return;
    }
}

awaitable<bool> tracker::exchange(tcp::socket& socket, request const& rq)
{
    auto const due = options_.fault.next();
    if (due == fault::reset || due == fault::refuse) {
        reset_connection(socket);
        co_return false;
    }
    auto wait = options_.latency;
    if (options_.jitter.count() > 0)
        wait += std::chrono::milliseconds{dice_.roll(static_cast<std::size_t>(options_.jitter.count()))};
    if (wait.count() > 0) {
        asio::steady_timer timer{executor_, wait};
        co_await timer.async_wait(use_tuple);
    }
    auto const made = site_->serve(rq);
    if (made.status == not_modified)
        ++counts_.not_modified;
    auto delivers = [&] {
        // A 304 tells a version as well: the client is told that this is what it has.
        for (auto const& [id, version] : made.tells)
            bugs_.record_served(id, version);
    };
    occasion const here{.target = rq.target, .good = made, .options = options_, .delivers = delivers};
    bool const goes_on = co_await misbehave(socket, due, here);
    co_return goes_on&& rq.keep_alive && !stopped_;
}

awaitable<void> tracker::step_by_time()
{
    auto next = std::chrono::steady_clock::now();
    while (!stopped_) {
        next += options_.step_every;
        stepper_.expires_at(next);
        auto const [ec] = co_await stepper_.async_wait(use_tuple);
        if (ec)
            co_return;
        step(1);
    }
}

} // namespace checkwatches::mock
