#include "engine/intake/gerrit/signature_folder.hpp"

#include "engine/core/error.hpp"
#include "engine/core/sha256.hpp"
#include "engine/intake/gerrit/signature.hpp"
#include "engine/intake/lists/plain_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <optional>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace checkwatches::intake::gerrit {
namespace {

namespace fs = std::filesystem;

std::string reason(int code)
{
    return std::generic_category().message(code);
}

// The names of the signatures in a folder, in order; nothing where it cannot be read, and why.
std::optional<std::vector<std::string>> names_in(std::string const& folder, std::error_code& why)
{
    std::vector<std::string> out;
    fs::directory_iterator at{folder, why};
    for (; !why && at != fs::directory_iterator{}; at.increment(why)) {
        auto name = at->path().filename().string();
        if (name.starts_with('.') || !name.ends_with(".yaml"))
            continue;
        if (out.size() == most_signatures) {
            why = std::make_error_code(std::errc::file_too_large);
            break;
        }
        out.push_back(std::move(name));
    }
    if (why)
        return std::nullopt;
    std::ranges::sort(out);
    return out;
}

error unread(std::string why)
{
    return error{.kind = error_kind::configuration, .message = "it cannot be read: " + std::move(why)};
}

// The file's bytes, as many as show that there are too many at most; or why it cannot be read. A pipe or a
// device is not waited for.
result<std::string> text_of(std::string const& path, std::vector<std::string> const& closed)
{
    auto const seen = see_file(path);
    struct stat about{};
    if (!seen || ::fstat(seen.get(), &about) != 0)
        return unread(reason(errno));
    if (!S_ISREG(about.st_mode))
        return unread("it is no plain file");
    if (is_one_of(about, closed))
        return unread("it is a file of the database");
    auto const file = open_seen(seen, O_RDONLY);
    if (!file)
        return unread(reason(errno));
    std::string out;
    std::array<char, 16 * 1024> part{};
    while (out.size() <= longest_signature) {
        auto const n = ::read(file.get(), part.data(), part.size());
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return unread(reason(errno));
        if (n == 0)
            break;
        out.append(part.data(), static_cast<std::size_t>(n));
    }
    return out;
}

} // namespace

std::string stamp_of(std::string const& folder)
{
    std::error_code why;
    auto const names = names_in(folder, why);
    if (!names)
        return {};
    std::string all;
    for (auto const& name : *names) {
        struct stat about{};
        auto const path = folder + "/" + name;
        int const failed = ::stat(path.c_str(), &about) == 0 ? 0 : errno;
        all += fmt::format(
            "{}\n{} {} {} {} {}\n",
            name,
            failed,
            about.st_ino,
            about.st_size,
            about.st_mtim.tv_sec,
            about.st_mtim.tv_nsec);
    }
    return sha256_of(all);
}

signature_folder
read_signatures(std::string const& folder, bool must_be_there, std::vector<std::string> const& closed)
{
    signature_folder out;
    std::error_code why;
    auto const names = names_in(folder, why);
    if (!names) {
        bool const is_missing = why == std::errc::no_such_file_or_directory;
        if (why == std::errc::file_too_large)
            out.trouble = fmt::format("{}: it has more than {} files", folder, most_signatures);
        else if (must_be_there || !is_missing)
            out.trouble = fmt::format("{}: the folder cannot be read: {}", folder, why.message());
        return out;
    }
    for (auto const& name : *names) {
        auto const path = folder + "/" + name;
        auto const text = text_of(path, closed);
        if (text)
            out.all.push_back(read_signature(name, *text));
        else
            out.all.push_back({.file = name, .bug = signature_bug(name), .trouble = text.error().message});
    }
    return out;
}

} // namespace checkwatches::intake::gerrit
