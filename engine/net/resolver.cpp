#include "engine/net/resolver.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>

#include <ares.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <netinet/in.h>
#include <stdexcept>
#include <utility>

namespace checkwatches::net {
namespace {

using namespace std::chrono_literals;
using descriptor_type = asio::posix::stream_descriptor;

constexpr int receive_buffer = 1 << 20; // bytes; the answers come as close together as the questions went
constexpr std::size_t most_kept = 10'000;
constexpr std::chrono::milliseconds longest_look_away = 500ms; // a new question may be due before an old one
constexpr std::chrono::seconds shortest_life = 30s;
constexpr std::chrono::seconds longest_life = 600s;
constexpr std::chrono::seconds missing_life = 30s;
constexpr std::chrono::seconds failed_life = 5s;

std::optional<asio::ip::address> to_address(sockaddr const& from)
{
    if (from.sa_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &from, sizeof v4);
        return asio::ip::address_v4{ntohl(v4.sin_addr.s_addr)};
    }
    if (from.sa_family == AF_INET6) {
        sockaddr_in6 v6{};
        std::memcpy(&v6, &from, sizeof v6);
        asio::ip::address_v6::bytes_type bytes;
        std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
        return asio::ip::address_v6{bytes, v6.sin6_scope_id};
    }
    return std::nullopt;
}

// What needs no name server (RFC 6761 §6.3 for localhost).
std::optional<address_list> known_without_asking(std::string const& host)
{
    error_code not_an_address;
    auto const literal = asio::ip::make_address(host, not_an_address);
    if (!not_an_address)
        return address_list{literal};
    if (host == "localhost" || host.ends_with(".localhost"))
        return address_list{asio::ip::address_v6::loopback(), asio::ip::address_v4::loopback()};
    return std::nullopt;
}

// How questions end that were, or may have been, too many for the name servers or for the way to them. c-ares
// says ECONNREFUSED also where all servers answered REFUSED, and ENODATA also where one of a name's two
// questions was refused and the other has no answer: a name that has none is asked for twice in a crowd.
bool could_not_cope(int status)
{
    return status == ARES_EREFUSED || status == ARES_ECONNREFUSED || status == ARES_ESERVFAIL
           || status == ARES_ETIMEOUT || status == ARES_ENODATA;
}

} // namespace

address_list interleaved(address_list const& found)
{
    address_list v6;
    address_list v4;
    for (auto const& a : found)
        (a.is_v6() ? v6 : v4).push_back(a);
    address_list out;
    for (std::size_t i = 0; i != std::max(v6.size(), v4.size()); ++i) {
        if (i < v6.size())
            out.push_back(v6[i]);
        if (i < v4.size())
            out.push_back(v4[i]);
    }
    return out;
}

struct resolver::lookup {
    resolver& owner;
    std::string host;
    bool asking = true;
    bool crowded = false; // asked for among many others
    address_list addresses{};
    std::string failure{};
    steady_time expires{};
    line waiting{};
};

struct resolver::watched {
    int number;
    descriptor_type descriptor;
    bool want_read = false;
    bool want_write = false;
    bool reading = false;
    bool writing = false;
};

resolver::resolver(asio::any_io_executor const& executor, watchdog& dog, std::string const& servers)
    : executor_{executor},
      pace_{std::chrono::steady_clock::now()},
      retry_{dog, [this] { retry(); }},
      pause_{dog, [this] { pump(); }}
{
    ares_options options{};
    options.timeout = 2000;
    options.tries = 3;
    options.socket_receive_buffer_size = receive_buffer;
    options.flags = servers.empty() ? 0 : ARES_FLAG_NOSEARCH;
    options.sock_state_cb_data = this;
    options.sock_state_cb = [](void* self, ares_socket_t descriptor, int read, int write) {
        static_cast<resolver*>(self)->watch(descriptor, read != 0, write != 0);
    };
    int rc = ares_init_options(
        &channel_,
        &options,
        ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_FLAGS | ARES_OPT_SOCK_STATE_CB | ARES_OPT_SOCK_RCVBUF);
    if (rc == ARES_SUCCESS && !servers.empty()) {
        rc = ares_set_servers_ports_csv(channel_, servers.c_str());
        if (rc != ARES_SUCCESS)
            ares_destroy(channel_);
    }
    if (rc != ARES_SUCCESS)
        throw std::runtime_error{fmt::format("cannot set up name look-up: {}", ares_strerror(rc))};
}

resolver::~resolver()
{
    // Calls every pending look-up back, and `watch` for every socket.
    pumping_ = true;
    ares_destroy(channel_);
}

awaitable<result<address_list>> resolver::resolve(std::string host, std::chrono::milliseconds within)
{
    if (auto known = known_without_asking(host))
        co_return std::move(*known);
    auto const until = std::chrono::steady_clock::now() + within;
    for (;;) {
        auto const& l = look_up(host, std::chrono::steady_clock::now());
        if (!l.asking && l.failure.empty())
            co_return l.addresses;
        if (!l.asking)
            co_return error{
                .kind = error_kind::connect_failed, .message = fmt::format("{}: {}", host, l.failure)};
        waiter me{executor_};
        auto const called = co_await lookups_.at(host)->waiting.wait(me, until);
        if (!called)
            co_return timeout_error(phase::resolve, within);
    }
}

// The name's entry; where there is none, or an old one, a new question is on its way.
resolver::lookup& resolver::look_up(std::string const& host, steady_time now)
{
    auto& at = lookups_[host];
    if (at && (at->asking || at->expires > now))
        return *at;
    at = std::make_unique<lookup>(lookup{.owner = *this, .host = host});
    auto& fresh = *at;
    queue_.push_back(&fresh);
    if (lookups_.size() > most_kept)
        purge(now);
    pump();
    return fresh;
}

void resolver::pump()
{
    // c-ares may answer inside the question, and the answer pumps again.
    if (std::exchange(pumping_, true))
        return;
    while (!queue_.empty() && pace_.may_ask(std::chrono::steady_clock::now())) {
        auto& next = *queue_.front();
        queue_.pop_front();
        ask(next);
    }
    pumping_ = false;
    if (!queue_.empty() && pace_.opens_soon())
        pause_.start(phase::resolve, question_pace::pause);
    // c-ares walks through all its questions to tell: not for each of them.
    if (!retry_.running())
        await_retry();
}

void resolver::await_retry()
{
    timeval left{};
    if (!ares_timeout(channel_, nullptr, &left))
        return;
    auto const wait = std::chrono::ceil<std::chrono::milliseconds>(
        std::chrono::seconds{left.tv_sec} + std::chrono::microseconds{left.tv_usec});
    retry_.start(phase::resolve, std::min(wait, longest_look_away));
}

// Asks again what was not answered in time, if anything.
void resolver::retry()
{
    timeval left{};
    if (!ares_timeout(channel_, nullptr, &left))
        return;
    if (left.tv_sec == 0 && left.tv_usec == 0) {
        pace_.timed_out();
        process(ARES_SOCKET_BAD, ARES_SOCKET_BAD);
    }
    else {
        await_retry();
    }
}

void resolver::ask(lookup& l)
{
    l.crowded = pace_.ask();
    ares_addrinfo_hints hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = ARES_AI_NOSORT;
    ares_getaddrinfo(
        channel_,
        l.host.c_str(),
        nullptr,
        &hints,
        [](void* arg, int status, int, ares_addrinfo* found) {
            std::unique_ptr<ares_addrinfo, decltype(&ares_freeaddrinfo)> const guard{
                found, &ares_freeaddrinfo};
            auto& asked = *static_cast<lookup*>(arg);
            asked.owner.finish(asked, status, found);
        },
        &l);
}

void resolver::finish(lookup& l, int status, ares_addrinfo const* found)
{
    if (l.crowded && could_not_cope(status)) {
        pace_.refused();
        queue_.push_back(&l);
        pump();
        return;
    }
    pace_.answered();
    auto life = longest_life;
    address_list all;
    for (auto const* node = found ? found->nodes : nullptr; node; node = node->ai_next) {
        life = std::min(life, std::chrono::seconds{node->ai_ttl});
        if (auto const a = to_address(*node->ai_addr); a && std::ranges::find(all, *a) == all.end())
            all.push_back(*a);
    }
    l.addresses = interleaved(all);
    life = std::max(life, shortest_life);
    if (l.addresses.empty()) {
        bool const missing = status == ARES_ENOTFOUND || status == ARES_ENODATA || status == ARES_SUCCESS;
        l.failure = ares_strerror(status == ARES_SUCCESS ? ARES_ENODATA : status);
        life = missing ? missing_life : failed_life;
    }
    l.expires = std::chrono::steady_clock::now() + life;
    l.asking = false;
    l.waiting.call_all();
    pump();
}

// c-ares tells which of its sockets it waits for; with neither it is about to close the socket itself.
void resolver::watch(int descriptor, bool read, bool write)
{
    auto at = sockets_.find(descriptor);
    if (!read && !write) {
        if (at != sockets_.end()) {
            at->second->descriptor.release();
            sockets_.erase(at);
        }
        return;
    }
    if (at == sockets_.end()) {
        auto made = std::make_shared<watched>(watched{descriptor, descriptor_type{executor_, descriptor}});
        at = sockets_.emplace(descriptor, std::move(made)).first;
    }
    auto const on = at->second;
    on->want_read = read;
    on->want_write = write;
    if (read && !on->reading)
        wait(on, true);
    if (write && !on->writing)
        wait(on, false);
}

void resolver::wait(std::shared_ptr<watched> const& on, bool read)
{
    (read ? on->reading : on->writing) = true;
    auto woken = [this, weak = std::weak_ptr{on}, read](error_code ec) {
        auto const alive = weak.lock();
        if (!alive || ec)
            return;
        (read ? alive->reading : alive->writing) = false;
        process(read ? alive->number : ARES_SOCKET_BAD, read ? ARES_SOCKET_BAD : alive->number);
        // Processing may have closed this socket.
        auto const still = sockets_.find(alive->number);
        if (still == sockets_.end() || still->second != alive)
            return;
        if (read && alive->want_read && !alive->reading)
            wait(alive, true);
        if (!read && alive->want_write && !alive->writing)
            wait(alive, false);
    };
    on->descriptor.async_wait(
        read ? descriptor_type::wait_read : descriptor_type::wait_write, std::move(woken));
}

void resolver::process(int readable, int writable)
{
    ares_process_fd(channel_, readable, writable);
    pump();
}

void resolver::purge(steady_time now)
{
    std::erase_if(lookups_, [&](auto const& entry) {
        return !entry.second->asking && (entry.second->expires <= now || lookups_.size() > most_kept);
    });
}

} // namespace checkwatches::net
