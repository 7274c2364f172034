#pragma once

#include "engine/core/error.hpp"

#include <optional>
#include <string>
#include <utility>

namespace checkwatches::app {

// The right to make passes over a database: a lock on a file beside it, held by one process at a time and let
// go by the kernel when that process ends, however it ends.
class instance_lock {
public:
    // Nothing: another process holds it. An error of kind storage where the lock file cannot be made.
    static result<std::optional<instance_lock>> try_take(std::string const& database);
    // The process that holds the lock, or held it last; 0: not known.
    static long holder(std::string const& database);

    instance_lock(instance_lock&& other) noexcept : file_{std::exchange(other.file_, -1)} {}
    instance_lock& operator=(instance_lock&& other) noexcept
    {
        std::swap(file_, other.file_);
        return *this;
    }
    ~instance_lock();

private:
    explicit instance_lock(int file) : file_{file} {}

    int file_ = -1;
};

// Makes the database's folder, so that the lock file can be made before the database is. An error of kind
// storage.
result<void> make_folder_of(std::string const& database);

} // namespace checkwatches::app
