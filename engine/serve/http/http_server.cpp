#include "engine/serve/http/http_server.hpp"

#include "engine/core/join.hpp"
#include "engine/serve/http/http_session.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/steady_timer.hpp>

#include <fmt/format.h>

#include <charconv>
#include <list>
#include <utility>

namespace checkwatches::serve {
namespace {

using asio::ip::tcp;

constexpr int backlog = 1024;
constexpr std::chrono::milliseconds pause_after_failure{100};
// So many clients more than there may be are told so; who comes then is not even told.
constexpr std::size_t most_turned_away = 64;

std::string text_of(tcp::endpoint const& at)
{
    auto const address = at.address().to_string();
    return at.address().is_v6() ? fmt::format("[{}]:{}", address, at.port())
                                : fmt::format("{}:{}", address, at.port());
}

result<tcp::endpoint> read_address(std::string const& text)
{
    error const wrong{
        .kind = error_kind::usage,
        .message = fmt::format(
            "\"{}\" is no address to listen on: it is written as 127.0.0.1:8060 or [::1]:8060", text)};
    auto const colon = text.rfind(':');
    if (colon == std::string::npos || colon + 1 == text.size())
        return wrong;
    auto host = text.substr(0, colon);
    bool const is_v6 = host.starts_with('[') && host.ends_with(']');
    if (is_v6)
        host = host.substr(1, host.size() - 2);
    std::uint16_t port = 0;
    auto const [end, bad] = std::from_chars(text.data() + colon + 1, text.data() + text.size(), port);
    error_code ec;
    auto const address = asio::ip::make_address(host, ec);
    if (ec || bad != std::errc{} || end != text.data() + text.size() || address.is_v6() != is_v6)
        return wrong;
    return tcp::endpoint{address, port};
}

error cannot_listen(tcp::endpoint const& at, error_code why)
{
    return error{
        .kind = error_kind::storage,
        .message = fmt::format(
            "cannot listen on {} ({}); choose another address", text_of(at), why.message())};
}

} // namespace

class http_server::impl {
public:
    impl(asio::any_io_executor executor, http_settings settings, http_handler& handler, logger& log)
        : settings_{std::move(settings)},
          hosts_{settings_.hosts},
          log_{log},
          executor_{executor},
          dog_{executor},
          pause_{executor},
          ground_{
              .settings = settings_,
              .hosts = hosts_,
              .proxies = proxies_,
              .dog = dog_,
              .handler = handler,
              .log = log}
    {}
    ~impl() { stop(); }

    result<void> listen()
    {
        for (auto const& text : settings_.hosts)
            if (!read_host(text))
                return error{
                    .kind = error_kind::usage,
                    .message = fmt::format("\"{}\" is no name of a host, as bugs.example.org is", text)};
        for (auto const& text : settings_.proxies) {
            error_code ec;
            proxies_.push_back(asio::ip::make_address(text, ec));
            if (ec)
                return error{
                    .kind = error_kind::usage,
                    .message = fmt::format("\"{}\" is no IP address of a proxy", text)};
        }
        for (auto const& text : settings_.listen) {
            auto const at = read_address(text);
            if (!at)
                return at.error();
            if (auto const opened = open(*at); !opened)
                return opened;
        }
        return {};
    }

    std::vector<std::string> addresses() const
    {
        std::vector<std::string> out;
        for (auto const& one : acceptors_) {
            error_code ec;
            auto const at = one.local_endpoint(ec);
            if (!ec)
                out.push_back(text_of(at));
        }
        return out;
    }

    awaitable<void> run()
    {
        std::vector<awaitable<void>> all;
        for (auto& one : acceptors_)
            all.push_back(accept_from(one));
        co_await join(std::move(all));
        co_await see_off();
    }

    void stop()
    {
        if (ground_.is_stopping)
            return;
        ground_.is_stopping = true;
        error_code ignored;
        for (auto& one : acceptors_)
            one.close(ignored);
        pause_.cancel();
        for (auto& one : sessions_)
            one.session.stop();
    }

    std::size_t connections() const noexcept { return sessions_.size(); }
    std::size_t streams() const noexcept { return ground_.streams; }

private:
    struct entry {
        entry(tcp::socket client, session_ground& ground) : session{std::move(client), ground} {}
        http_session session;
        asio::cancellation_signal cancel;
    };

    result<void> open(tcp::endpoint const& at)
    {
        auto& one = acceptors_.emplace_back(executor_);
        error_code ec;
        one.open(at.protocol(), ec);
        if (!ec)
            one.set_option(tcp::acceptor::reuse_address{true}, ec);
        if (!ec && at.address().is_v6())
            one.set_option(asio::ip::v6_only{true}, ec);
        if (!ec)
            one.bind(at, ec);
        if (!ec)
            one.listen(backlog, ec);
        if (ec)
            return cannot_listen(at, ec);
        return {};
    }

    awaitable<void> accept_from(tcp::acceptor& acceptor)
    {
        while (acceptor.is_open()) {
            auto [ec, client] = co_await acceptor.async_accept(use_tuple);
            if (!ec) {
                cannot_accept_ = false;
                admit(std::move(client));
            }
            else if (acceptor.is_open() && ec != asio::error::connection_aborted)
                co_await wait_for_descriptors(ec);
        }
    }

    void admit(tcp::socket client)
    {
        if (sessions_.size() >= settings_.most_connections + most_turned_away)
            return;
        bool const is_welcome = sessions_.size() < settings_.most_connections;
        sessions_.emplace_back(std::move(client), ground_);
        auto const at = std::prev(sessions_.end());
        auto ended = [this, at](std::exception_ptr failure) { this->end(at, failure); };
        asio::co_spawn(
            executor_,
            at->session.run(is_welcome),
            asio::bind_cancellation_slot(at->cancel.slot(), std::move(ended)));
    }

    void end(std::list<entry>::iterator at, std::exception_ptr const& failure)
    {
        sessions_.erase(at);
        if (sessions_.empty() && ground_.is_stopping)
            pause_.cancel();
        if (ground_.is_stopping)
            return;
        try {
            if (failure)
                std::rethrow_exception(failure);
        }
        catch (std::exception const& why) {
            log_.write(log_level::notice, "an HTTP client was cut off", {{"why", why.what()}});
        }
    }

    awaitable<void> wait_for_descriptors(error_code why)
    {
        if (!std::exchange(cannot_accept_, true))
            log_.write(log_level::error, "cannot take HTTP clients", {{"why", why.message()}});
        asio::steady_timer pause{executor_, pause_after_failure};
        co_await pause.async_wait(use_tuple);
    }

    awaitable<void> see_off()
    {
        if (!sessions_.empty()) {
            pause_.expires_after(settings_.linger);
            co_await pause_.async_wait(use_tuple);
        }
        if (!sessions_.empty())
            log_.write(log_level::notice, "HTTP clients were cut off", {{"clients", sessions_.size()}});
        for (auto& left : sessions_)
            left.cancel.emit(asio::cancellation_type::terminal);
        while (!sessions_.empty()) {
            pause_.expires_at(asio::steady_timer::time_point::max());
            co_await pause_.async_wait(use_tuple);
        }
    }

    http_settings settings_;
    known_hosts hosts_;
    std::vector<asio::ip::address> proxies_;
    logger& log_;
    asio::any_io_executor executor_;
    net::watchdog dog_;
    asio::steady_timer pause_; // of see_off()
    session_ground ground_;
    std::list<tcp::acceptor> acceptors_;
    std::list<entry> sessions_;
    bool cannot_accept_ = false; // and it was said
};

http_server::http_server(
    asio::any_io_executor executor, http_settings settings, http_handler& handler, logger& log)
    : impl_{std::make_unique<impl>(std::move(executor), std::move(settings), handler, log)}
{}
http_server::~http_server() = default;

result<void> http_server::listen()
{
    return impl_->listen();
}
std::vector<std::string> http_server::addresses() const
{
    return impl_->addresses();
}
awaitable<void> http_server::run()
{
    return impl_->run();
}
void http_server::stop()
{
    impl_->stop();
}
std::size_t http_server::connections() const noexcept
{
    return impl_->connections();
}
std::size_t http_server::streams() const noexcept
{
    return impl_->streams();
}

} // namespace checkwatches::serve
