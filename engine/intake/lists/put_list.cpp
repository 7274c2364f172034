#include "engine/intake/lists/list_folder.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace checkwatches::intake {
namespace {

error trouble(std::string const& what, std::string const& path)
{
    return error{
        .kind = error_kind::storage,
        .message = fmt::format("cannot {} {}: {}", what, path, std::strerror(errno))};
}

std::string_view ending(list_format format)
{
    switch (format) {
    case list_format::json: return ".json";
    case list_format::toml: return ".toml";
    case list_format::lines: return ".txt";
    }
    return {};
}

class descriptor {
public:
    explicit descriptor(int file) : file_{file} {}
    descriptor(descriptor const&) = delete;
    ~descriptor()
    {
        if (file_ >= 0)
            ::close(file_);
    }

    int get() const noexcept { return file_; }

private:
    int file_;
};

// Holds what is done for one name until it goes; a file that is locked stays, so that nobody locks another
// one of the same name.
result<int> lock_name(std::string const& folder, std::string const& name)
{
    auto const path = folder + "/." + name + ".lock";
    int const file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (file < 0)
        return trouble("make the lock", path);
    while (::flock(file, LOCK_EX) != 0)
        if (errno != EINTR) {
            ::close(file);
            return trouble("take the lock", path);
        }
    return file;
}

result<void> write_all(int to, std::string_view text, std::string const& path)
{
    while (!text.empty()) {
        auto const n = ::write(to, text.data(), text.size());
        if (n < 0 && errno != EINTR)
            return trouble("write", path);
        if (n > 0)
            text.remove_prefix(static_cast<std::size_t>(n));
    }
    if (::fsync(to) != 0)
        return trouble("write", path);
    return {};
}

// The name is new until it is on the disk, too.
result<void> settle(std::string const& folder)
{
    descriptor const open{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (open.get() < 0 || ::fsync(open.get()) != 0)
        return trouble("write", folder);
    return {};
}

// Removes the files of a list, but for `but`; whether there was one.
result<bool> remove_others(std::string const& folder, std::string const& name, std::string const& but)
{
    bool any = false;
    for (auto const* const end : {"", ".json", ".toml", ".txt", ".list"}) {
        auto const path = folder + "/" + name + end;
        if (path == but)
            continue;
        if (::unlink(path.c_str()) == 0)
            any = true;
        else if (errno != ENOENT && errno != EISDIR)
            return trouble("remove", path);
    }
    return any;
}

} // namespace

result<std::string>
put_list(std::string const& folder, std::string const& name, list_format format, std::string_view text)
{
    std::error_code why;
    std::filesystem::create_directories(folder, why);
    if (why)
        return error{
            .kind = error_kind::storage,
            .message = fmt::format("cannot make the folder {}: {}", folder, why.message())};
    auto const lock = lock_name(folder, name);
    if (!lock)
        return lock.error();
    descriptor const held{*lock};
    auto path = folder + "/" + name + std::string{ending(format)};
    auto const fresh = folder + "/." + name + ".fresh";
    {
        descriptor const to{
            ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644)};
        if (to.get() < 0)
            return trouble("make", fresh);
        if (auto const written = write_all(to.get(), text, fresh); !written) {
            ::unlink(fresh.c_str());
            return written.error();
        }
    }
    if (::rename(fresh.c_str(), path.c_str()) != 0) {
        auto failed = trouble("put the list at", path);
        ::unlink(fresh.c_str());
        return failed;
    }
    if (auto const others = remove_others(folder, name, path); !others)
        return others.error();
    if (auto const settled = settle(folder); !settled)
        return settled.error();
    return path;
}

result<bool> remove_list(std::string const& folder, std::string const& name)
{
    auto const lock = lock_name(folder, name);
    if (!lock)
        return lock.error();
    descriptor const held{*lock};
    auto removed = remove_others(folder, name, {});
    if (removed && *removed)
        if (auto const settled = settle(folder); !settled)
            return settled.error();
    return removed;
}

} // namespace checkwatches::intake
