#include "engine/serve/control_server.hpp"

#include "engine/serve/control_address.hpp"
#include "engine/serve/control_event.hpp"
#include "engine/serve/local_user.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>

#include <fmt/format.h>

#include <cerrno>
#include <list>
#include <map>
#include <optional>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace checkwatches::serve {
namespace {

using protocol = asio::local::stream_protocol;

constexpr int backlog = 1024;
constexpr std::chrono::milliseconds pause_after_failure{100};

// Takes away the socket that a crashed owner left. Anything else in its place is somebody's file.
result<void> remove_stale(std::string const& path)
{
    struct stat about{};
    if (::lstat(path.c_str(), &about) != 0)
        return {};
    if (!S_ISSOCK(about.st_mode))
        return error{
            .kind = error_kind::storage,
            .message = path + " is in the way of the control socket: it is no socket"};
    ::unlink(path.c_str());
    return {};
}

// Who the client is; nothing where that is neither us nor root.
std::optional<uid_t> known_user(protocol::socket& client)
{
    ucred who{};
    socklen_t size = sizeof who;
    if (::getsockopt(client.native_handle(), SOL_SOCKET, SO_PEERCRED, &who, &size) != 0)
        return std::nullopt;
    return who.uid == ::geteuid() || who.uid == 0 ? std::optional{who.uid} : std::nullopt;
}

// Says why in one piece, as far as the client takes it at once.
void turn_away(protocol::socket& client, std::string why)
{
    auto const line = event_line(
        error_event, json_of(error{.kind = error_kind::usage, .message = std::move(why)}));
    error_code ignored;
    client.non_blocking(true, ignored);
    client.write_some(asio::buffer(line), ignored);
}

} // namespace

class control_server::impl {
public:
    impl(asio::any_io_executor executor, control_settings settings, control_handler& handler, logger& log)
        : settings_{std::move(settings)},
          handler_{handler},
          log_{log},
          executor_{executor},
          dog_{executor},
          acceptor_{executor},
          pause_{executor},
          names_{{0, local_user(0)}, {::geteuid(), local_user(::geteuid())}}
    {}
    ~impl() { stop(); }

    result<void> listen()
    {
        auto address = control_address::of(settings_.path);
        if (!address)
            return address.error();
        if (auto const clear = remove_stale(address->path()); !clear)
            return clear;
        error_code ec;
        acceptor_.open(protocol{}, ec);
        if (!ec)
            acceptor_.bind(address->endpoint(), ec);
        if (!ec && ::chmod(address->path().c_str(), S_IRUSR | S_IWUSR) != 0)
            ec.assign(errno, boost::system::system_category());
        // Until here nobody can connect, whatever the mode was.
        if (!ec)
            acceptor_.listen(backlog, ec);
        if (ec)
            return error{
                .kind = error_kind::storage,
                .message = "cannot listen on the control socket " + settings_.path,
                .cause = ec};
        address_.emplace(std::move(*address));
        return {};
    }

    awaitable<void> run()
    {
        while (acceptor_.is_open()) {
            auto [ec, client] = co_await acceptor_.async_accept(use_tuple);
            if (!ec)
                admit(std::move(client));
            else if (acceptor_.is_open())
                co_await wait_for_descriptors(ec);
        }
        co_await see_off();
    }

    void stop()
    {
        if (!acceptor_.is_open())
            return;
        error_code ignored;
        acceptor_.close(ignored);
        pause_.cancel();
        if (address_)
            ::unlink(address_->path().c_str());
    }

    std::size_t clients() const noexcept { return sessions_.size(); }

private:
    struct entry {
        entry(
            protocol::socket client,
            std::string actor,
            session_limits const& limits,
            net::watchdog& dog,
            control_handler& handler,
            logger& log)
            : session{std::move(client), std::move(actor), limits, dog, handler, log}
        {}

        control_session session;
        asio::cancellation_signal cancel{};
    };

    void admit(protocol::socket client)
    {
        auto const who = known_user(client);
        if (!who) {
            turn_away(client, "the control socket is for the user that runs the instance");
            return;
        }
        if (sessions_.size() >= settings_.most_clients) {
            turn_away(client, fmt::format("{} clients are being served already", sessions_.size()));
            return;
        }
        sessions_.emplace_back(std::move(client), names_.at(*who), settings_.each, dog_, handler_, log_);
        auto const at = std::prev(sessions_.end());
        auto ended = [this, at](std::exception_ptr failure) { this->end(at, failure); };
        asio::co_spawn(
            executor_, at->session.run(), asio::bind_cancellation_slot(at->cancel.slot(), std::move(ended)));
    }

    void end(std::list<entry>::iterator at, std::exception_ptr const& failure)
    {
        sessions_.erase(at);
        if (sessions_.empty())
            pause_.cancel();
        try {
            if (failure)
                std::rethrow_exception(failure);
        }
        catch (std::exception const& why) {
            log_.write(log_level::notice, "a control client was cut off", {{"why", why.what()}});
        }
    }

    awaitable<void> wait_for_descriptors(error_code why)
    {
        log_.write(log_level::error, "cannot take a control client", {{"why", why.message()}});
        pause_.expires_after(pause_after_failure);
        co_await pause_.async_wait(use_tuple);
    }

    awaitable<void> see_off()
    {
        if (!sessions_.empty()) {
            pause_.expires_after(settings_.linger);
            co_await pause_.async_wait(use_tuple);
        }
        for (auto& left : sessions_)
            left.cancel.emit(asio::cancellation_type::terminal);
        while (!sessions_.empty()) {
            pause_.expires_at(asio::steady_timer::time_point::max());
            co_await pause_.async_wait(use_tuple);
        }
    }

    control_settings settings_;
    control_handler& handler_;
    logger& log_;
    asio::any_io_executor executor_;
    net::watchdog dog_;
    protocol::acceptor acceptor_;
    asio::steady_timer pause_;                 // of run(): after a failure, and for the last clients
    std::map<uid_t, std::string> const names_; // of those who may connect: looking them up can take a while
    std::optional<control_address> address_;
    std::list<entry> sessions_;
};

control_server::control_server(
    asio::any_io_executor executor, control_settings settings, control_handler& handler, logger& log)
    : impl_{std::make_unique<impl>(std::move(executor), std::move(settings), handler, log)}
{}
control_server::~control_server() = default;

result<void> control_server::listen()
{
    return impl_->listen();
}

awaitable<void> control_server::run()
{
    return impl_->run();
}

void control_server::stop()
{
    impl_->stop();
}

std::size_t control_server::clients() const noexcept
{
    return impl_->clients();
}

} // namespace checkwatches::serve
