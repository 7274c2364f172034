#include "engine/intake/lists/folder_watch.hpp"

#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <sys/inotify.h>
#include <unistd.h>

namespace checkwatches::intake {

folder_watch::folder_watch(asio::any_io_executor const& executor)
    : descriptor_{::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)}
{
    if (descriptor_ >= 0)
        events_.emplace(executor, descriptor_);
}

void folder_watch::follow(std::string const& folder) const noexcept
{
    if (descriptor_ < 0)
        return;
    ::inotify_add_watch(
        descriptor_,
        folder.c_str(),
        IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF);
}

awaitable<void> folder_watch::changed()
{
    co_await events_->async_wait(asio::posix::stream_descriptor::wait_read, asio::use_awaitable);
    std::array<char, 4096> ignored{};
    while (::read(descriptor_, ignored.data(), ignored.size()) > 0) {
    }
}

} // namespace checkwatches::intake
