#include "engine/intake/lists/list_folder.hpp"

#include "engine/intake/lists/plain_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <filesystem>
#include <map>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace checkwatches::intake {
namespace {

constexpr std::array<std::string_view, 4> endings{".json", ".toml", ".txt", ".list"};
constexpr std::array<std::string_view, 14> leftovers{
    ".swp",
    ".swo",
    ".swx",
    ".tmp",
    ".part",
    ".bak",
    ".orig",
    ".old",
    ".rej",
    ".rpmnew",
    ".rpmsave",
    ".rpmorig",
    ".lock",
    ".new"};
constexpr std::size_t longest_name = 100;
constexpr auto fault_of_closed = "it is a file of the database";

bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

std::string_view ending_of(std::string_view file)
{
    auto const found = std::ranges::find_if(endings, [&](auto ending) { return file.ends_with(ending); });
    return found == endings.end() ? std::string_view{} : *found;
}

bool is_passed_over(std::string_view file)
{
    return file.starts_with('.') || file.ends_with('~') || file.starts_with('#')
           || file.find(".dpkg-") != std::string_view::npos
           || std::ranges::any_of(leftovers, [&](auto ending) { return file.ends_with(ending); });
}

// A file's name that can be no list's, as a name that no list can have either.
std::string escaped(std::string_view file)
{
    std::string out = "%";
    for (char const c : file.substr(0, longest_name))
        if (is_word(c) || std::string_view{"._+-"}.find(c) != std::string_view::npos)
            out += c;
        else
            out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    return out;
}

std::int64_t nanoseconds(timespec const& t)
{
    return std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec;
}

file_stamp stamp_of(struct stat const& about)
{
    return {
        .device = about.st_dev,
        .file = about.st_ino,
        .size = about.st_size,
        .written = nanoseconds(about.st_mtim),
        .changed = nanoseconds(about.st_ctim)};
}

// What is wrong with a file as it looks from outside; empty: nothing.
std::string fault_of(struct stat const& about)
{
    if (S_ISFIFO(about.st_mode))
        return "it is a pipe, not a file";
    if (!S_ISREG(about.st_mode))
        return "it is a device or a socket, not a file";
    if (about.st_size > static_cast<std::int64_t>(longest_list))
        return fmt::format(
            "it has {} bytes; a list has at most {} MiB", std::int64_t{about.st_size}, longest_list >> 20U);
    return {};
}

std::string fault_of(int code)
{
    if (code == ELOOP)
        return "it is a link that leads in a circle";
    if (code == ENOENT)
        return "it is a link that leads nowhere";
    return fmt::format("it cannot be read: {}", std::strerror(code));
}

struct close_folder {
    void operator()(DIR* folder) const noexcept { ::closedir(folder); }
};

error folder_trouble(std::string const& folder, int code)
{
    bool const is_missing = code == ENOENT;
    return error{
        .kind = is_missing ? error_kind::not_found : error_kind::storage,
        .message = fmt::format(
            "the folder of watch lists {} {}: {}",
            folder,
            is_missing ? "is not there" : "cannot be read",
            std::strerror(code))};
}

} // namespace

bool is_list_name(std::string_view name) noexcept
{
    auto const is_fit = [](char c) { return is_word(c) || c == '.' || c == '_' || c == '+' || c == '-'; };
    return !name.empty() && name.size() <= longest_name && is_word(name.front())
           && std::ranges::all_of(name, is_fit) && ending_of(name).empty() && !is_passed_over(name);
}

std::string lists_folder(list_settings const& settings, std::string const& database)
{
    if (!settings.folder.empty())
        return settings.folder;
    return std::filesystem::absolute(database).parent_path() / "watchlists";
}

result<std::vector<found_list>> look_into(std::string const& folder, std::vector<std::string> const& closed)
{
    std::unique_ptr<DIR, close_folder> const open{::opendir(folder.c_str())};
    if (open == nullptr)
        return folder_trouble(folder, errno);
    auto const forbidden = identities_of(closed);
    std::vector<std::string> files;
    errno = 0;
    while (auto const* const entry = ::readdir(open.get())) {
        if (!is_passed_over(entry->d_name))
            files.emplace_back(entry->d_name);
        if (files.size() > most_lists)
            return error{
                .kind = error_kind::storage,
                .message = fmt::format(
                    "the folder of watch lists {} has more than {} files", folder, most_lists)};
        errno = 0;
    }
    if (errno != 0)
        return folder_trouble(folder, errno);
    std::ranges::sort(files);

    std::map<std::string, found_list> all;
    for (auto const& file : files) {
        found_list one{.path = folder + "/" + file};
        struct stat about{};
        struct stat itself{};
        if (::fstatat(::dirfd(open.get()), file.c_str(), &itself, AT_SYMLINK_NOFOLLOW) != 0)
            continue; // gone by now
        if (::fstatat(::dirfd(open.get()), file.c_str(), &about, 0) != 0) {
            if (errno == ENOENT && !S_ISLNK(itself.st_mode))
                continue;
            one.trouble = fault_of(errno);
        }
        else {
            if (S_ISDIR(about.st_mode))
                continue;
            one.stamp = stamp_of(about);
            one.trouble = fault_of(about);
            if (std::ranges::find(forbidden, identity_of(about)) != forbidden.end())
                one.trouble = fault_of_closed;
        }
        one.name = file.substr(0, file.size() - ending_of(file).size());
        if (!is_list_name(one.name)) {
            one.name = escaped(file);
            one.trouble = list_name_rule;
        }
        else if (auto const other = all.find(one.name); other != all.end()) {
            one.name = escaped(file);
            one.trouble = fmt::format("{} is the list of this name already", other->second.path);
        }
        auto name = one.name;
        all.emplace(std::move(name), std::move(one));
    }
    std::vector<found_list> out;
    out.reserve(all.size());
    for (auto& [name, one] : all)
        out.push_back(std::move(one));
    return out;
}

list_text read_text(found_list const& file, std::vector<std::string> const& closed)
{
    auto const seen = see_file(file.path);
    if (!seen)
        return {.trouble = errno == ENOENT ? "" : fault_of(errno), .is_gone = errno == ENOENT};
    struct stat before{};
    if (::fstat(seen.get(), &before) != 0)
        return {.trouble = fault_of(errno)};
    if (auto fault = fault_of(before); !fault.empty())
        return {.trouble = std::move(fault)};
    if (is_one_of(before, closed))
        return {.trouble = fault_of_closed};
    auto const from = open_seen(seen, O_RDONLY);
    if (!from)
        return {.trouble = fault_of(errno)};
    list_text out;
    out.text.resize(static_cast<std::size_t>(before.st_size) + 1); // one more, to see that it grew
    std::size_t size = 0;
    while (size < out.text.size()) {
        auto const n = ::read(from.get(), out.text.data() + size, out.text.size() - size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return {.trouble = fault_of(errno)};
        if (n == 0)
            break;
        size += static_cast<std::size_t>(n);
    }
    out.text.resize(size);
    struct stat after{};
    out.is_moving = ::fstat(from.get(), &after) != 0 || stamp_of(after) != stamp_of(before)
                    || size != static_cast<std::size_t>(before.st_size);
    return out;
}

} // namespace checkwatches::intake
