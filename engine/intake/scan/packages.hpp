#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace checkwatches::intake::scan {

// A package whose files are looked at: a folder with debian/control or debian/changelog, with a *.spec, or
// with a repository of git; or what is given and is no package.
struct package {
    std::string root{};
    // What its watches are for: the source's name in debian/control, the name in the first line of
    // debian/changelog, the Name of the first *.spec (its file's name where that is a macro), the folder's
    // name: the first of these that is there.
    std::string label{};
    bool has_git = false;
    bool is_debian = false;
    bool is_whole = true; // false: only a part of it was given
};

// A file of a package, by its path below the root.
struct package_file {
    std::size_t of = 0; // the package's index
    std::string path{};
};

// What walking over the folders given came to.
struct walk_events {
    std::function<std::size_t(package)> found_package; // its index
    std::function<bool(package_file)> found_file;      // false: no more is wanted
    // What could not be looked at, and the package that lacks it; nothing: there is none.
    std::function<void(std::string path, std::string why, std::optional<std::size_t> of)> trouble;
};

// Walks over what a person names: a file, a package, or a folder with packages anywhere below it, each of
// which gets a label of its own; other files there belong to the folder that was given. What is inside of
// debian/ belongs to the package around it. Entries come in the order of their names. Symbolic links are not
// followed, and not looked into are version control's own folders, quilt's .pc, node_modules, __pycache__ and
// where things are built (build, _build, obj-*-*); nor anything deeper than 64 folders. False: there is
// nothing at `path`, which is told as trouble.
bool walk(std::string const& path, walk_events const& events);

} // namespace checkwatches::intake::scan
