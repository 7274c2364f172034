#include "engine/net/dialer.hpp"

#include "engine/net/exchange.hpp"
#include "engine/net/line.hpp"
#include "engine/net/proxy.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/system/system_error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <utility>
#include <vector>

namespace checkwatches::net {
namespace {

using asio::ip::tcp;
using std::chrono::steady_clock;

// RFC 8305 §5: how long an address has before the next one is tried beside it.
constexpr std::chrono::milliseconds head_start{250};
constexpr std::size_t most_addresses = 8;

// What ends an attempt that did not connect; the group takes any exception for "not this one".
struct lost : std::exception {};

} // namespace

// Several addresses of one host, tried one beside the other.
struct dialer::race {
    address_list addresses;
    std::uint16_t port;
    steady_time begin;
    steady_time end;
    line waiting{}; // attempts whose turn has not come
    std::unique_ptr<connection> winner{};
    error failure{.kind = error_kind::connect_failed, .message = "no address could be tried"};
};

dialer::dialer(
    asio::any_io_executor executor,
    settings const& s,
    watchdog& dog,
    client_counters& counters,
    std::span<char> buffer)
    : executor_{std::move(executor)},
      settings_{s},
      dog_{dog},
      counters_{counters},
      buffer_{buffer},
      resolver_{executor_, dog, s.dns_servers},
      trust_{s.ca_file}
{}

awaitable<result<std::unique_ptr<connection>>> dialer::dial(web_url to, steady_time end)
{
    auto const proxy = proxy_for(settings_.proxy, to);
    auto const& first = proxy ? *proxy : to;
    auto made = co_await reach(first.host, first.port, end);
    if (!made)
        co_return made.error();
    if (to.scheme == "http")
        co_return made;
    auto& over = **made;
    if (proxy) {
        auto const open = co_await tunnel(over, to);
        if (!open)
            co_return open.error();
    }
    auto const secured = co_await over.secure(trust_, to, settings_.handshake_timeout);
    if (!secured)
        co_return secured.error();
    co_return made;
}

awaitable<result<std::unique_ptr<connection>>>
dialer::reach(std::string host, std::uint16_t port, steady_time end)
{
    auto const left = std::max(
        std::chrono::ceil<std::chrono::milliseconds>(end - steady_clock::now()),
        std::chrono::milliseconds::zero());
    auto addresses = co_await resolver_.resolve(std::move(host), std::min(settings_.resolve_timeout, left));
    if (!addresses)
        co_return addresses.error();
    if (addresses->size() > most_addresses)
        addresses->resize(most_addresses);
    if (addresses->size() > 1)
        co_return co_await try_all(std::move(*addresses), port, end);

    auto only = make(end);
    tcp::endpoint const peer{addresses->front(), port};
    auto const connected = co_await only->connect(peer, settings_.connect_timeout);
    if (!connected)
        co_return connected.error();
    co_return std::move(only);
}

awaitable<result<std::unique_ptr<connection>>>
dialer::try_all(address_list to, std::uint16_t port, steady_time end)
{
    race all{.addresses = std::move(to), .port = port, .begin = steady_clock::now(), .end = end};
    using attempt_type = decltype(asio::co_spawn(executor_, attempt(all, 0), asio::deferred));
    std::vector<attempt_type> attempts;
    for (std::size_t i = 0; i != all.addresses.size(); ++i)
        attempts.push_back(asio::co_spawn(executor_, attempt(all, i), asio::deferred));
    auto group = asio::experimental::make_parallel_group(std::move(attempts));
    co_await group.async_wait(asio::experimental::wait_for_one_success(), use_awaitable);
    if (all.winner)
        co_return std::move(all.winner);
    auto const state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none)
        throw boost::system::system_error{asio::error::operation_aborted};
    co_return std::move(all.failure);
}

awaitable<void> dialer::attempt(race& in, std::size_t which)
{
    if (which != 0) {
        waiter me{executor_};
        co_await in.waiting.wait(me, in.begin + head_start * which);
    }
    auto mine = make(in.end);
    tcp::endpoint const peer{in.addresses[which], in.port};
    auto const connected = co_await mine->connect(peer, settings_.connect_timeout);
    if (connected && !in.winner) {
        in.winner = std::move(mine);
        co_return;
    }
    if (!connected)
        in.failure = connected.error();
    in.waiting.call_next();
    throw lost{};
}

awaitable<result<void>> dialer::tunnel(connection& over, web_url to)
{
    bool const v6 = to.host.find(':') != std::string::npos;
    auto const place = fmt::format("{}{}{}:{}", v6 ? "[" : "", to.host, v6 ? "]" : "", to.port);
    auto const message = fmt::format(
        "CONNECT {0} HTTP/1.1\r\nHost: {0}\r\nUser-Agent: {1}\r\n\r\n", place, settings_.user_agent);
    bool answered = false;
    auto const reply = co_await exchange(over, "CONNECT", message, settings_, buffer_, answered);
    if (!reply)
        co_return reply.error();
    if (reply->status / 100 != 2)
        co_return error{
            .kind = error_kind::connect_failed,
            .message = fmt::format("the proxy refused the tunnel with status {}", reply->status)};
    co_return result<void>{};
}

std::unique_ptr<connection> dialer::make(steady_time end)
{
    auto made = std::make_unique<connection>(executor_, dog_, counters_);
    made->limit().overall(end, settings_.total_timeout);
    return made;
}

} // namespace checkwatches::net
