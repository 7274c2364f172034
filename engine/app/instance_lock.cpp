#include "engine/app/instance_lock.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <unistd.h>

namespace checkwatches::app {
namespace {

std::string path_of(std::string const& database)
{
    return database + ".lock";
}

error cannot(std::string const& what, std::string const& path)
{
    return error{
        .kind = error_kind::storage,
        .message = what + " " + path,
        .cause = error_code{errno, boost::system::system_category()}};
}

int lock_now(int file)
{
    int got = 0;
    do {
        got = ::flock(file, LOCK_EX | LOCK_NB);
    } while (got != 0 && errno == EINTR);
    return got;
}

} // namespace

result<std::optional<instance_lock>> instance_lock::try_take(std::string const& database)
{
    auto const path = path_of(database);
    int const file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0)
        return cannot("cannot make the lock file", path);
    instance_lock held{file};
    if (lock_now(file) != 0) {
        if (errno == EWOULDBLOCK)
            return std::nullopt;
        return cannot("cannot lock", path);
    }
    auto const pid = std::to_string(::getpid()) + "\n";
    bool const written = ::ftruncate(file, 0) == 0
                         && ::pwrite(file, pid.data(), pid.size(), 0) == static_cast<ssize_t>(pid.size());
    if (!written)
        return cannot("cannot write", path);
    return std::optional{std::move(held)};
}

long instance_lock::holder(std::string const& database)
{
    int const file = ::open(path_of(database).c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return 0;
    std::array<char, 24> text{};
    auto const size = ::pread(file, text.data(), text.size(), 0);
    ::close(file);
    long pid = 0;
    if (size > 0)
        std::from_chars(text.data(), text.data() + size, pid);
    return pid;
}

instance_lock::~instance_lock()
{
    if (file_ >= 0)
        ::close(file_);
}

result<void> make_folder_of(std::string const& database)
{
    auto const folder = std::filesystem::path{database}.parent_path();
    std::error_code why;
    if (!folder.empty())
        std::filesystem::create_directories(folder, why);
    if (why)
        return error{
            .kind = error_kind::storage,
            .message = "cannot make the folder " + folder.string() + ": " + why.message()};
    return {};
}

} // namespace checkwatches::app
