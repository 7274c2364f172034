#include "engine/app/log_sink.hpp"

#include <cerrno>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace checkwatches::app {
namespace {

constexpr int patience_ms = 100;

// Writes some of it. A pipe that is ready takes a line in one piece (log_line.hpp cuts it to fit), and so
// without a wait; a socket may not, and is told.
ssize_t write_some(int file, std::string_view bytes)
{
    auto const sent = ::send(file, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    return sent < 0 && errno == ENOTSOCK ? ::write(file, bytes.data(), bytes.size()) : sent;
}

} // namespace

void log_sink::sink_it_(spdlog::details::log_msg const& message)
{
    spdlog::memory_buf_t line;
    if (torn_)
        line.push_back('\n');
    formatter_->format(message, line);
    took_it_ = write_all({line.data(), line.size()});
}

bool log_sink::is_ready() const
{
    pollfd wanted{.fd = file_, .events = POLLOUT, .revents = 0};
    return ::poll(&wanted, 1, took_it_ ? patience_ms : 0) == 1 && (wanted.revents & POLLOUT) != 0;
}

bool log_sink::write_all(std::string_view bytes)
{
    while (!bytes.empty()) {
        if (!is_ready())
            return false;
        auto const written = write_some(file_, bytes);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
        torn_ = !bytes.empty();
    }
    return true;
}

} // namespace checkwatches::app
