#include "asio_connections.hpp"

#include "engine/core/async.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include <fmt/format.h>

#include <exception>
#include <vector>

using namespace checkwatches;
using asio::ip::tcp;
using stream_type = asio::ssl::stream<tcp::socket>;

struct asio_connections::impl {
    explicit impl(std::string const& ca)
    {
        tls.load_verify_file(ca);
        tls.set_verify_mode(asio::ssl::verify_peer);
        SSL_CTX_set_mode(tls.native_handle(), SSL_MODE_RELEASE_BUFFERS);
    }

    awaitable<void> get(web_url url)
    {
        auto& one = *kept.emplace_back(std::make_unique<stream_type>(loop, tls));
        tcp::endpoint const peer{asio::ip::make_address(url.host), url.port};
        co_await one.next_layer().async_connect(peer, use_awaitable);
        co_await one.async_handshake(stream_type::client, use_awaitable);
        auto const request = fmt::format(
            "GET {} HTTP/1.1\r\nHost: {}\r\n\r\n", url.target(), url.authority());
        co_await asio::async_write(one, asio::buffer(request), use_awaitable);
        // Shared by all: nothing is kept of what is read but the last bytes, which show a JSON text's end.
        char last = 0;
        while (last != '}') {
            auto const n = co_await one.async_read_some(asio::buffer(buffer), use_awaitable);
            last = buffer[n - 1];
        }
    }

    asio::io_context loop{1};
    asio::ssl::context tls{asio::ssl::context::tls_client};
    std::vector<char> buffer = std::vector<char>(64 * 1024);
    std::vector<std::unique_ptr<stream_type>> kept;
};

asio_connections::asio_connections(std::string const& ca) : impl_{std::make_unique<impl>(ca)} {}

asio_connections::~asio_connections() = default;

void asio_connections::open(std::span<web_url const> to)
{
    for (auto const& url : to)
        asio::co_spawn(impl_->loop, impl_->get(url), [](std::exception_ptr e) {
            if (e)
                std::rethrow_exception(e);
        });
    impl_->loop.restart();
    impl_->loop.run();
}

std::size_t asio_connections::count() const
{
    return impl_->kept.size();
}
