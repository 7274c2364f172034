#pragma once

#include "engine/core/error.hpp"

#include <stdexcept>
#include <utility>

namespace checkwatches::storage {

// The database failed in the middle of its work: a full disk, a failing one, a lock held too long, a row that
// cannot be. The transaction it happened in is rolled back.
class database_error : public std::runtime_error {
public:
    // Whether another process held the lock for longer than we wait for it: trying again at once is vain.
    enum class lock { free, held };

    explicit database_error(error why, lock state = lock::free)
        : std::runtime_error{to_string(why)},
          why_{std::move(why)},
          lock_{state}
    {}

    // Of kind storage; names the file and says what to do.
    error const& why() const noexcept { return why_; }
    bool is_busy() const noexcept { return lock_ == lock::held; }

private:
    error why_;
    lock lock_;
};

} // namespace checkwatches::storage
