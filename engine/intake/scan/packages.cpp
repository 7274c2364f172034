#include "engine/intake/scan/packages.hpp"

#include "adapters/wire/text.hpp"
#include "engine/core/ascii.hpp"
#include "engine/intake/scan/plain_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <dirent.h>
#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>
#include <sys/stat.h>
#include <utility>

namespace checkwatches::intake::scan {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t deepest = 64;
constexpr std::size_t longest_head = 64 * 1024;
constexpr std::size_t longest_label = 200;

struct entry {
    std::string name{};
    bool is_folder = false;
};

std::string reason(int number)
{
    return std::strerror(number); // NOLINT(concurrency-mt-unsafe): glibc's is safe
}

// What can be looked into: folders and regular files.
std::optional<entry> entry_of(std::string const& folder, ::dirent const& found)
{
    std::string_view const name = found.d_name;
    if (name == "." || name == "..")
        return std::nullopt;
    auto type = found.d_type;
    if (type == DT_UNKNOWN) { // of some file systems
        struct stat about{};
        auto const path = folder + "/" + std::string{name};
        if (::lstat(path.c_str(), &about) != 0)
            return std::nullopt;
        type = S_ISDIR(about.st_mode) ? DT_DIR : S_ISREG(about.st_mode) ? DT_REG : DT_UNKNOWN;
    }
    if (type != DT_DIR && type != DT_REG)
        return std::nullopt;
    return entry{.name = std::string{name}, .is_folder = type == DT_DIR};
}

// The entries of a folder by name; a number of errno where they cannot be read.
int list(std::string const& folder, std::vector<entry>& into)
{
    std::unique_ptr<DIR, int (*)(DIR*)> const opened{::opendir(folder.c_str()), ::closedir};
    if (!opened)
        return errno;
    for (;;) {
        errno = 0;
        auto const* const found = ::readdir(
            opened.get()); // NOLINT(concurrency-mt-unsafe): a stream of our own
        if (found == nullptr)
            break;
        if (auto one = entry_of(folder, *found))
            into.push_back(std::move(*one));
    }
    auto const failed = errno;
    std::ranges::sort(into, {}, &entry::name);
    return failed;
}

bool is_passed_over(std::string_view folder)
{
    constexpr std::array<std::string_view, 11> names{
        ".git",
        ".hg",
        ".svn",
        ".bzr",
        "_darcs",
        "CVS",
        ".pc",
        "node_modules",
        "__pycache__",
        "build",
        "_build"};
    if (std::ranges::find(names, folder) != names.end())
        return true;
    constexpr std::string_view of_debhelper = "obj-"; // "obj-x86_64-linux-gnu"
    return folder.starts_with(of_debhelper)
           && folder.find('-', of_debhelper.size()) != std::string_view::npos;
}

bool is_there(std::string const& path)
{
    struct stat about{};
    return ::stat(path.c_str(), &about) == 0;
}

bool is_debian(std::string const& folder)
{
    return is_there(folder + "/debian/changelog") || is_there(folder + "/debian/control");
}

std::string head_of(std::string const& path)
{
    plain_file const file{path};
    struct stat about{};
    if (file.get() < 0 || ::fstat(file.get(), &about) != 0 || !S_ISREG(about.st_mode))
        return {};
    std::string text(longest_head, '\0');
    text.resize(static_cast<std::size_t>(std::max<ssize_t>(file.read(text.data(), text.size()), 0)));
    return text;
}

// The value of the first line "Name: value".
std::string value_of(std::string_view text, std::string_view name)
{
    while (!text.empty()) {
        auto const line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        auto const colon = line.find(':');
        if (colon != std::string_view::npos && same_word(trimmed(line.substr(0, colon)), name))
            return std::string{trimmed(line.substr(colon + 1))};
    }
    return {};
}

bool is_label(std::string_view text)
{
    return !text.empty() && text.size() <= longest_label && std::ranges::none_of(text, [](char c) {
        return static_cast<unsigned char>(c) <= ' ' || c == '\x7f';
    });
}

std::string debian_label(std::string const& root)
{
    if (auto name = value_of(head_of(root + "/debian/control"), "Source"); is_label(name))
        return name;
    auto const changelog = head_of(root + "/debian/changelog");
    auto name = changelog.substr(0, changelog.find(" ("));
    return is_label(name) ? name : "";
}

std::string spec_label(std::string const& root, std::string const& spec)
{
    auto name = value_of(head_of(root + "/" + spec), "Name");
    if (is_label(name) && name.find('%') == std::string::npos)
        return name;
    return fs::path{spec}.stem().string();
}

std::string folder_label(std::string const& root)
{
    std::error_code none;
    auto const whole = fs::weakly_canonical(root, none).filename().string();
    auto name = wire::without_controls(whole.substr(0, longest_label));
    std::ranges::replace_if(name, [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
    return name;
}

// The package that a folder is, if it is one.
std::optional<package> package_at(std::string const& folder, std::vector<entry> const& entries)
{
    package out{.root = folder};
    std::string spec;
    for (auto const& one : entries) {
        if (spec.empty() && !one.is_folder && one.name.ends_with(".spec"))
            spec = one.name;
        out.has_git = out.has_git || one.name == ".git";
        out.is_debian = out.is_debian || (one.is_folder && one.name == "debian" && is_debian(folder));
    }
    if (!out.is_debian && spec.empty() && !out.has_git)
        return std::nullopt;
    if (out.is_debian)
        out.label = debian_label(folder);
    if (out.label.empty() && !spec.empty())
        out.label = spec_label(folder, spec);
    if (out.label.empty())
        out.label = folder_label(folder);
    out.label = wire::without_controls(out.label);
    return out;
}

// One walk: what is given, and the package that it is in, if any.
class walker {
public:
    walker(std::string top, walk_events const& events) : top_{std::move(top)}, events_{events} {}

    // The folder `relative` ("" or "debian/patches/") below the root of a package, or of what was given.
    void folder(
        std::string const& root,
        std::string const& relative,
        std::optional<std::size_t> in,
        std::size_t depth)
    {
        auto const path = relative.empty() ? root : root + "/" + relative.substr(0, relative.size() - 1);
        std::vector<entry> entries;
        if (auto const failed = list(path, entries))
            events_.trouble(path, reason(failed), in ? *in : top());
        if (!in) {
            if (auto one = package_at(path, entries)) {
                in = events_.found_package(std::move(*one));
                each(path, "", entries, in, depth);
                return;
            }
        }
        each(root, relative, entries, in, depth);
    }

    void file(std::string relative, std::optional<std::size_t> in)
    {
        wanted_ = wanted_ && events_.found_file({.of = in ? *in : top(), .path = std::move(relative)});
    }

    // What is given, where it is no package.
    std::size_t top()
    {
        if (!top_index_)
            top_index_ = events_.found_package({.root = top_, .label = folder_label(top_)});
        return *top_index_;
    }

private:
    void each(
        std::string const& root,
        std::string const& relative,
        std::vector<entry> const& entries,
        std::optional<std::size_t> in,
        std::size_t depth)
    {
        for (auto const& one : entries) {
            if (!wanted_)
                return;
            if (!one.is_folder) {
                file(relative + one.name, in);
                continue;
            }
            if (is_passed_over(one.name))
                continue;
            if (depth == deepest)
                events_.trouble(
                    root + "/" + relative + one.name, "it is nested too deeply", in ? *in : top());
            else
                folder(root, relative + one.name + "/", in, depth + 1);
        }
    }

    std::string top_;
    walk_events const& events_;
    std::optional<std::size_t> top_index_;
    bool wanted_ = true;
};

// The folder around the last "debian" in a path, where that is a package.
std::optional<fs::path> package_around(fs::path const& inside)
{
    for (auto at = inside; at.has_relative_path(); at = at.parent_path())
        if (at.filename() == "debian" && is_debian(at.parent_path().string()))
            return at.parent_path();
    return std::nullopt;
}

} // namespace

bool walk(std::string const& path, walk_events const& events)
{
    std::error_code failed;
    auto const whole = fs::canonical(path, failed);
    if (failed) {
        events.trouble(path, failed.message(), std::nullopt);
        return false;
    }
    bool const is_folder = fs::is_directory(whole, failed);
    auto const around = package_around(whole);
    if (is_folder && !around) {
        auto root = path;
        while (root.size() > 1 && root.ends_with('/'))
            root.pop_back();
        walker{root, events}.folder(root, "", std::nullopt, 0);
        return true;
    }
    auto const root = (around ? *around : whole.parent_path()).string();
    std::vector<entry> entries;
    (void)list(root, entries); // what cannot be listed has no name but its folder's
    auto found = package_at(root, entries);
    if (!found)
        found = package{.root = root, .label = folder_label(root)};
    found->is_whole = false;
    auto const in = events.found_package(std::move(*found));
    walker on{root, events};
    auto relative = whole.lexically_relative(root).string();
    if (is_folder)
        on.folder(root, relative + "/", in, 0);
    else
        on.file(std::move(relative), in);
    return true;
}

} // namespace checkwatches::intake::scan
