#include "engine/net/connection.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>

namespace checkwatches::net {
namespace {

using asio::ip::tcp;

bool would_block(error_code ec)
{
    return ec == asio::error::would_block || ec == asio::error::try_again;
}

int bounded(std::size_t n)
{
    return static_cast<int>(std::min<std::size_t>(n, std::numeric_limits<int>::max()));
}

} // namespace

connection::connection(asio::any_io_executor const& executor, watchdog& dog, client_counters& counters)
    : counters_{counters},
      socket_{executor},
      limit_{dog, [this] {
                 error_code ignored;
                 socket_.close(ignored);
             }}
{}

error connection::refused(tcp::endpoint const& peer, error_code why) const
{
    bool const v6 = peer.address().is_v6();
    auto const address = peer.address().to_string();
    // Ours, not the tracker's: nothing was sent.
    if (why == asio::error::no_descriptors || why == boost::system::errc::too_many_files_open_in_system)
        return error{
            .kind = error_kind::deferred, .message = "this process has too many files open", .cause = why};
    return error{
        .kind = error_kind::connect_failed,
        .message = fmt::format(
            "no connection to {}{}{}:{}", v6 ? "[" : "", address, v6 ? "]" : "", peer.port()),
        .cause = why};
}

awaitable<result<void>> connection::connect(tcp::endpoint peer, std::chrono::milliseconds within)
{
    error_code ec;
    socket_.open(peer.protocol(), ec);
    if (!ec)
        socket_.non_blocking(true, ec);
    if (ec)
        co_return refused(peer, ec);
    limit_.start(phase::connect, within);
    auto const [failed] = co_await socket_.async_connect(peer, use_tuple);
    limit_.stop();
    if (limit_.expired())
        co_return limit_.reason();
    if (failed == asio::error::operation_aborted)
        throw boost::system::system_error{failed};
    if (failed)
        co_return refused(peer, failed);
    socket_.set_option(tcp::no_delay{true}, ec);
    ++counters_.connections;
    co_return result<void>{};
}

awaitable<result<void>> connection::secure(tls_trust& trust, web_url to, std::chrono::milliseconds within)
{
    peer_ = fmt::format("{}:{}", to.host, to.port);
    tls_ = trust.open(socket_.native_handle(), to.host, peer_);
    if (!tls_)
        co_return error{.kind = error_kind::tls_failed, .message = "no memory for TLS"};
    limit_.start(phase::handshake, within);
    for (;;) {
        ERR_clear_error();
        auto const state = tls_step(SSL_connect(tls_.get()));
        if (state == step::done)
            break;
        if (state == step::end || state == step::failed) {
            trust.forget(peer_);
            if (state == step::end)
                failure_ = tls_error(tls_.get());
            failure_.kind = error_kind::tls_failed;
            co_return failure_;
        }
        auto const [ec] = co_await until_ready(state);
        if (auto const ok = woken(ec); !ok)
            co_return ok.error();
    }
    limit_.stop();
    if (SSL_session_reused(tls_.get()))
        ++counters_.resumed;
    co_return result<void>{};
}

step connection::read(std::span<char> into, std::size_t& n)
{
    n = 0;
    ++counters_.reads;
    if (!tls_)
        return read_plain(into, n);
    ERR_clear_error();
    int const got = SSL_read(tls_.get(), into.data(), bounded(into.size()));
    auto const state = tls_step(got);
    auto const bytes = BIO_number_read(SSL_get_rbio(tls_.get()));
    counters_.bytes_in += bytes - tls_bytes_;
    tls_bytes_ = bytes;
    if (state == step::done)
        n = static_cast<std::size_t>(got);
    return state;
}

step connection::read_plain(std::span<char> into, std::size_t& n)
{
    error_code ec;
    n = socket_.read_some(asio::buffer(into.data(), into.size()), ec);
    counters_.bytes_in += n;
    if (!ec)
        return step::done;
    if (would_block(ec))
        return step::want_read;
    if (ec == asio::error::eof)
        return step::end;
    failure_ = error{.kind = error_kind::connect_failed, .message = "the connection broke", .cause = ec};
    return step::failed;
}

step connection::write(std::string_view from, std::size_t& n)
{
    n = 0;
    if (tls_) {
        ERR_clear_error();
        int const sent = SSL_write(tls_.get(), from.data(), bounded(from.size()));
        auto const state = tls_step(sent);
        if (state == step::done)
            n = static_cast<std::size_t>(sent);
        return state;
    }
    error_code ec;
    n = socket_.write_some(asio::buffer(from.data(), from.size()), ec);
    if (!ec)
        return step::done;
    if (would_block(ec))
        return step::want_write;
    failure_ = error{.kind = error_kind::connect_failed, .message = "the connection broke", .cause = ec};
    return step::failed;
}

bool connection::holds_more() const noexcept
{
    return tls_ && SSL_has_pending(tls_.get()) == 1;
}

void connection::rest() noexcept
{
    // OpenSSL frees its buffers after use, but a ticket that comes behind the handshake makes it allocate one
    // for writing (16 KB), which would stay until the next request.
    if (tls_)
        SSL_free_buffers(tls_.get());
}

bool connection::quiet()
{
    std::array<char, 1> byte{};
    std::size_t n = 0;
    return read(byte, n) == step::want_read;
}

step connection::tls_step(int returned)
{
    int const system = errno;
    if (returned > 0)
        return step::done;
    switch (SSL_get_error(tls_.get(), returned)) {
    case SSL_ERROR_WANT_READ: return step::want_read;
    case SSL_ERROR_WANT_WRITE: return step::want_write;
    case SSL_ERROR_ZERO_RETURN: return step::end;
    case SSL_ERROR_SYSCALL:
        failure_ = error{
            .kind = error_kind::connect_failed,
            .message = "the connection broke",
            .cause = error_code{system, boost::system::system_category()}};
        return step::failed;
    default: break;
    }
    // A peer that goes without TLS's own farewell: whatever it sent may have been cut by somebody else.
    if (ERR_GET_REASON(ERR_peek_last_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
        ERR_clear_error();
        failure_ = error{
            .kind = error_kind::connect_failed,
            .message = "the server closed the connection in the middle of TLS"};
    }
    else {
        failure_ = tls_error(tls_.get());
    }
    return step::failed;
}

result<void> connection::woken(error_code ec) const
{
    if (limit_.expired())
        return limit_.reason();
    if (ec == asio::error::operation_aborted)
        throw boost::system::system_error{ec};
    if (ec)
        return error{.kind = error_kind::connect_failed, .message = "the connection broke", .cause = ec};
    return result<void>{};
}

} // namespace checkwatches::net
