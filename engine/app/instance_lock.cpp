#include "engine/app/instance_lock.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace checkwatches::app {
namespace {

error cannot(std::string const& what, std::string const& path)
{
    return error{
        .kind = error_kind::storage,
        .message = what + " " + path,
        .cause = error_code{errno, boost::system::system_category()}};
}

// The process id that the holder wrote into the file; 0 where there is none.
long holder_of(int file)
{
    std::array<char, 24> text{};
    auto const size = ::pread(file, text.data(), text.size(), 0);
    long pid = 0;
    if (size > 0)
        std::from_chars(text.data(), text.data() + size, pid);
    return pid;
}

} // namespace

result<instance_lock>
instance_lock::take(std::string const& database, std::function<void(long)> const& on_wait)
{
    auto const path = database + ".lock";
    int const file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0)
        return cannot("cannot make the lock file", path);
    instance_lock held{file};

    int got = ::flock(file, LOCK_EX | LOCK_NB);
    if (got != 0 && errno == EWOULDBLOCK) {
        on_wait(holder_of(file));
        do {
            got = ::flock(file, LOCK_EX);
        } while (got != 0 && errno == EINTR);
    }
    if (got != 0)
        return cannot("cannot lock", path);

    auto const pid = std::to_string(::getpid()) + "\n";
    bool const written = ::ftruncate(file, 0) == 0
                         && ::pwrite(file, pid.data(), pid.size(), 0) == static_cast<ssize_t>(pid.size());
    if (!written)
        return cannot("cannot write", path);
    return held;
}

instance_lock::~instance_lock()
{
    if (file_ >= 0)
        ::close(file_);
}

} // namespace checkwatches::app
