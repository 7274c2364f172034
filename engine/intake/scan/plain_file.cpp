#include "engine/intake/scan/plain_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace checkwatches::intake::scan {

plain_file::plain_file(std::string const& path)
    : fd_{::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)}
{}

plain_file::~plain_file()
{
    if (fd_ >= 0)
        ::close(fd_);
}

ssize_t plain_file::read(char* into, std::size_t size) const
{
    std::size_t filled = 0;
    while (filled != size) {
        auto const got = ::read(fd_, into + filled, size - filled);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        filled += static_cast<std::size_t>(got);
    }
    return static_cast<ssize_t>(filled);
}

} // namespace checkwatches::intake::scan
