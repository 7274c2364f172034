#pragma once

#include <cstddef>
#include <string>
#include <sys/types.h>

namespace checkwatches::intake::scan {

// What stands at a path, opened to be read: neither is a symbolic link there followed, nor a pipe that nobody
// writes to waited for.
class plain_file {
public:
    explicit plain_file(std::string const& path);
    plain_file(plain_file const&) = delete;
    ~plain_file();

    // Negative where it could not be opened: errno says why.
    int get() const noexcept { return fd_; }
    // Fills up to `size` bytes; how many, or -1.
    ssize_t read(char* into, std::size_t size) const;

private:
    int fd_;
};

} // namespace checkwatches::intake::scan
