#include "engine/feed/message_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <filesystem>
#include <optional>
#include <string_view>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace checkwatches::feed {
namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

constexpr std::string_view ending = ".jsonl";
constexpr std::string_view part = ".part";
// No file of ours has a higher one; behind it there is room to go on.
constexpr auto last_number = std::uint64_t{1} << 63;

// N of "NAME.N.jsonl" and "NAME.N.jsonl.part".
std::optional<std::uint64_t> number_of(std::string_view file, std::string_view name)
{
    if (file.ends_with(part))
        file.remove_suffix(part.size());
    if (!file.starts_with(name) || !file.ends_with(ending))
        return std::nullopt;
    file.remove_suffix(ending.size());
    file.remove_prefix(name.size());
    if (!file.starts_with('.'))
        return std::nullopt;
    file.remove_prefix(1);
    std::uint64_t number = 0;
    auto const [end, wrong] = std::from_chars(file.data(), file.data() + file.size(), number);
    if (wrong != std::errc{} || end != file.data() + file.size() || number > last_number)
        return std::nullopt;
    return number;
}

// Makes a folder's names durable.
bool sync_folder(std::string const& folder)
{
    auto const handle = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (handle == -1)
        return false;
    bool const done = ::fsync(handle) == 0;
    ::close(handle);
    return done;
}

} // namespace

message_file::message_file(message_file_settings how) : how_{std::move(how)} {}

message_file::~message_file()
{
    close();
    if (lock_ != -1)
        ::close(lock_);
}

void message_file::close() noexcept
{
    if (file_ != -1)
        ::close(file_);
    file_ = -1;
}

std::string message_file::path_of(std::uint64_t number, bool is_part) const
{
    return fmt::format("{}/{}.{}{}{}", how_.folder, how_.name, number, ending, is_part ? part : "");
}

error message_file::failed(std::string_view doing, std::string const& path) const
{
    error_code const why{errno, boost::system::system_category()};
    return error{
        .kind = error_kind::storage,
        .message = fmt::format("cannot {} {}: {}", doing, path, why.message()),
        .cause = why};
}

result<void> message_file::open()
{
    std::error_code why;
    fs::create_directories(how_.folder, why);
    if (auto const locked = lock(); !locked)
        return locked.error();
    std::uint64_t whole = 0;
    std::uint64_t begun = 0;
    for (fs::directory_iterator each{how_.folder, why}, end; !why && each != end; each.increment(why)) {
        auto const file = each->path().filename().string();
        auto& last = file.ends_with(part) ? begun : whole;
        last = std::max(last, number_of(file, how_.name).value_or(0));
    }
    if (why)
        return error{
            .kind = error_kind::storage,
            .message = fmt::format("cannot use the folder {}: {}", how_.folder, why.message())};
    number_ = begun > whole ? begun : whole + 1;
    auto const path = path_of(number_, true);
    file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
    if (file_ == -1)
        return failed("open", path);
    // For the group, whatever the service's umask is: another program is to read it.
    if (::fchmod(file_, 0640) != 0 || !sync_folder(how_.folder))
        return failed("set up", path);
    return mend();
}

// Where a configuration was loaded again the one before may still write.
result<void> message_file::lock()
{
    if (lock_ != -1)
        return {};
    auto const path = fmt::format("{}/.{}.lock", how_.folder, how_.name);
    lock_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
    if (lock_ == -1)
        return failed("open", path);
    if (::flock(lock_, LOCK_EX | LOCK_NB) == 0)
        return {};
    auto why = failed("lock", path);
    ::close(std::exchange(lock_, -1));
    return why;
}

// Removes what stands behind the last line end.
result<void> message_file::mend()
{
    auto const path = path_of(number_, true);
    auto const size = ::lseek(file_, 0, SEEK_END);
    if (size == -1)
        return failed("read", path);
    size_ = 0;
    std::array<char, 64 * 1024> piece{};
    for (auto end = size; end > 0;) {
        auto const start = std::max<off_t>(0, end - static_cast<off_t>(piece.size()));
        auto const length = static_cast<std::size_t>(end - start);
        if (::pread(file_, piece.data(), length, start) != static_cast<ssize_t>(length))
            return failed("read", path);
        auto const last = std::string_view{piece.data(), length}.rfind('\n');
        if (last != std::string_view::npos) {
            size_ = static_cast<std::size_t>(start) + last + 1;
            break;
        }
        end = start;
    }
    bool const is_whole = static_cast<off_t>(size_) == size;
    if (!is_whole && ::ftruncate(file_, static_cast<off_t>(size_)) != 0)
        return failed("mend", path);
    began_ = steady_clock::now();
    return {};
}

result<void> message_file::append(std::string_view lines)
{
    if (file_ == -1)
        if (auto const opened = open(); !opened) {
            close();
            return opened.error();
        }
    auto const path = path_of(number_, true);
    if (size_ == 0)
        began_ = steady_clock::now();
    auto at = static_cast<off_t>(size_);
    auto left = lines;
    while (!left.empty()) {
        auto const written = ::pwrite(file_, left.data(), left.size(), at);
        if (written == -1 && errno == EINTR)
            continue;
        if (written <= 0) {
            auto why = failed("write to", path);
            close(); // opened again, it is mended
            return why;
        }
        left.remove_prefix(static_cast<std::size_t>(written));
        at += written;
    }
    if (::fdatasync(file_) != 0) {
        auto why = failed("write to", path);
        close();
        return why;
    }
    struct stat about{};
    if (::fstat(file_, &about) != 0 || about.st_nlink == 0) {
        close();
        return error{.kind = error_kind::storage, .message = path + " was removed while it was written"};
    }
    size_ = static_cast<std::size_t>(at);
    // The lines are safe, whether or not the file can be handed over by now: it is tried again.
    if (size_ >= how_.size && !hand_over())
        close();
    return {};
}

result<void> message_file::hand_over()
{
    auto const path = path_of(number_, false);
    if (::rename(path_of(number_, true).c_str(), path.c_str()) != 0)
        return failed("make", path);
    close();
    if (!sync_folder(how_.folder))
        return failed("make", path);
    // The next is there at once, so that no number is given twice, whoever removes the files.
    return open();
}

void message_file::tend() noexcept
{
    if (file_ == -1 && !open())
        close();
    if (file_ == -1 || size_ == 0 || steady_clock::now() - began_ < how_.age)
        return;
    if (!hand_over())
        close();
}

} // namespace checkwatches::feed
