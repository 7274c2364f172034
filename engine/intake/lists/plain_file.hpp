#pragma once

#include <cstdint>
#include <string>
#include <sys/stat.h>
#include <utility>
#include <vector>

namespace checkwatches::intake {

class descriptor {
public:
    explicit descriptor(int file) : file_{file} {}
    descriptor(descriptor const&) = delete;
    descriptor(descriptor&& other) noexcept : file_{std::exchange(other.file_, -1)} {}
    ~descriptor();

    explicit operator bool() const noexcept { return file_ >= 0; }
    int get() const noexcept { return file_; }

private:
    int file_;
};

// Sees a file without opening it. Who opens and closes a file of an SQLite database takes the locks away that
// the process has on it, and who opens a pipe waits; so a file that others may have put in place is seen,
// looked at, and opened then: it is the same one. The errors are in errno; `flags` are those of open(2).
descriptor see_file(std::string const& path, int flags = 0);
descriptor open_seen(descriptor const& seen, int flags);

using file_identity = std::pair<std::uint64_t, std::uint64_t>;
file_identity identity_of(struct stat const& about);
// Of the files that are there, behind links.
std::vector<file_identity> identities_of(std::vector<std::string> const& paths);
bool is_one_of(struct stat const& about, std::vector<std::string> const& paths);

// The files of an SQLite database.
std::vector<std::string> files_of_database(std::string const& path);

} // namespace checkwatches::intake
