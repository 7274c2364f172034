#pragma once

#include "engine/core/error.hpp"

#include <functional>
#include <string>
#include <utility>

namespace checkwatches::app {

// The right to make passes over a database: a lock on a file beside it, held by one process at a time and let
// go by the kernel when that process ends, however it ends.
class instance_lock {
public:
    // Waits for the lock; `on_wait` is called once, with the process id of the holder (0: not known), before
    // it has to wait. An error of kind storage where the lock file cannot be made.
    static result<instance_lock> take(std::string const& database, std::function<void(long)> const& on_wait);

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

} // namespace checkwatches::app
