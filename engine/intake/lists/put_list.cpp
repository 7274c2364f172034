#include "engine/intake/lists/list_folder.hpp"
#include "engine/intake/lists/plain_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace checkwatches::intake {
namespace {

using namespace std::chrono_literals;

constexpr auto longest_wait = 2s; // for a lock
constexpr auto tries_every = 5ms;

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

error refusal(std::string const& path, std::string_view why)
{
    return error{.kind = error_kind::usage, .message = fmt::format("{} stays as it is: {}", path, why)};
}

// A lock's file: a new one, or the one that is there.
descriptor open_lock(std::string const& path, std::vector<std::string> const& closed)
{
    descriptor made{::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644)};
    if (made || errno != EEXIST)
        return made;
    auto const seen = see_file(path, O_NOFOLLOW);
    struct stat about{};
    if (!seen || ::fstat(seen.get(), &about) != 0)
        return descriptor{-1};
    if (!S_ISREG(about.st_mode) || is_one_of(about, closed)) {
        errno = EINVAL;
        return descriptor{-1};
    }
    return open_seen(seen, O_RDWR);
}

bool is_still_at(std::string const& path, int file)
{
    struct stat opened{};
    struct stat there{};
    return ::fstat(file, &opened) == 0 && ::lstat(path.c_str(), &there) == 0
           && identity_of(opened) == identity_of(there);
}

std::string lock_of(std::string const& folder, std::string const& name)
{
    return folder + "/." + name + ".lock";
}

// Holds what is done for one name until it goes. Who removes a list removes its lock, too, so that the file
// that is locked may be none any more.
result<descriptor>
lock_name(std::string const& folder, std::string const& name, std::vector<std::string> const& closed)
{
    auto const path = lock_of(folder, name);
    auto const until = std::chrono::steady_clock::now() + longest_wait;
    for (;;) {
        auto file = open_lock(path, closed);
        if (!file && errno != ENOENT)
            return trouble("make the lock", path);
        if (file && ::flock(file.get(), LOCK_EX | LOCK_NB) == 0) {
            if (is_still_at(path, file.get()))
                return file;
        }
        else if (file && errno != EWOULDBLOCK && errno != EINTR) {
            return trouble("take the lock", path);
        }
        if (std::chrono::steady_clock::now() > until) {
            errno = EWOULDBLOCK;
            return trouble("take the lock", path);
        }
        std::this_thread::sleep_for(tries_every);
    }
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
    if (!open || ::fsync(open.get()) != 0)
        return trouble("write", folder);
    return {};
}

// Whether a file may go, or another take its place; true: it is there. An error of kind usage: it may not.
result<bool> may_go(std::string const& path, known_file const& known)
{
    struct stat about{};
    if (::lstat(path.c_str(), &about) != 0) {
        if (errno == ENOENT)
            return false;
        return trouble("look at", path);
    }
    if (is_one_of(about, known.closed))
        return refusal(path, "it is a file of the database");
    if (known.was_good && path == known.path)
        return true;
    auto const held = read_text({.path = path}, known.closed);
    if (!held.trouble.empty())
        return refusal(path, held.trouble);
    if (auto const list = read_list(held.text, format_of(path)); list.broken)
        return refusal(path, "it is no list (" + list.broken->reason + ")");
    return true;
}

result<void> remove_file(std::string const& path)
{
    if (::unlink(path.c_str()) != 0 && errno != ENOENT)
        return trouble("remove", path);
    return {};
}

// Whether a folder has room for one more list.
result<void> find_room(std::string const& folder)
{
    std::error_code why;
    std::size_t files = 0;
    for (std::filesystem::directory_iterator all{folder, why}, end; !why && all != end; all.increment(why))
        if (!all->path().filename().native().starts_with('.'))
            ++files;
    if (why)
        return error{
            .kind = error_kind::storage,
            .message = fmt::format("cannot read the folder {}: {}", folder, why.message())};
    if (files >= most_lists)
        return error{
            .kind = error_kind::usage,
            .message = fmt::format("the folder {} has {} files already", folder, files)};
    return {};
}

// Whether the file that is known of a list is one that its name means in this folder.
bool is_of(std::string const& folder, std::string const& name, std::string const& path)
{
    return std::ranges::any_of(std::array{"", ".json", ".toml", ".txt", ".list"}, [&](auto const* end) {
        return path == folder + "/" + name + end;
    });
}

result<void> write_fresh(std::string const& path, std::string_view text)
{
    if (auto const removed = remove_file(path); !removed) // that somebody left
        return removed;
    descriptor const to{::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644)};
    if (!to)
        return trouble("make", path);
    auto written = write_all(to.get(), text, path);
    if (!written)
        ::unlink(path.c_str());
    return written;
}

} // namespace

result<std::string> put_list(
    std::string const& folder,
    std::string const& name,
    list_format format,
    std::string_view text,
    known_file const& known)
{
    std::error_code why;
    std::filesystem::create_directories(folder, why);
    if (why)
        return error{
            .kind = error_kind::storage,
            .message = fmt::format("cannot make the folder {}: {}", folder, why.message())};
    auto path = folder + "/" + name + std::string{ending(format)};
    auto const there = may_go(path, known);
    if (!there)
        return there.error();
    bool const has_other = known.path != path && is_of(folder, name, known.path);
    if (has_other)
        if (auto const other = may_go(known.path, known); !other)
            return other.error();
    if (!*there && !has_other)
        if (auto const room = find_room(folder); !room)
            return room.error();
    auto const held = lock_name(folder, name, known.closed);
    if (!held)
        return held.error();
    auto const fresh = folder + "/." + name + ".fresh";
    if (auto const written = write_fresh(fresh, text); !written)
        return written.error();
    if (::rename(fresh.c_str(), path.c_str()) != 0) {
        auto failed = trouble("put the list at", path);
        ::unlink(fresh.c_str());
        return failed;
    }
    if (has_other)
        if (auto const removed = remove_file(known.path); !removed)
            return removed.error();
    if (auto const settled = settle(folder); !settled)
        return settled.error();
    return path;
}

result<bool> remove_list(std::string const& folder, std::string const& name, known_file const& known)
{
    if (!is_of(folder, name, known.path))
        return false;
    auto const held = lock_name(folder, name, known.closed);
    if (!held)
        return held.error();
    auto there = may_go(known.path, known);
    if (there && *there)
        if (auto const removed = remove_file(known.path); !removed)
            return removed.error();
    ::unlink(lock_of(folder, name).c_str());
    if (there && *there)
        if (auto const settled = settle(folder); !settled)
            return settled.error();
    return there;
}

} // namespace checkwatches::intake
