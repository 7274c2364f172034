#pragma once

#include "engine/core/error.hpp"

#include <stdexcept>
#include <utility>

namespace checkwatches::storage {

// The database failed in the middle of its work: a full disk, a failing one, a lock held too long, a row that
// cannot be. The transaction it happened in is rolled back.
class database_error : public std::runtime_error {
public:
    // What kind of failure: whether it can pass without that anything is done to the database itself.
    enum class trouble {
        lasting,   // a damaged file, a row that cannot be
        passing,   // a full or read-only disk, an I/O error
        lock_held, // by another process, for longer than we wait: trying again at once is vain
    };

    explicit database_error(error why, trouble what = trouble::lasting)
        : std::runtime_error{to_string(why)},
          why_{std::move(why)},
          kind_{what}
    {}

    // Of kind storage; names the file and says what to do.
    error const& why() const noexcept { return why_; }
    trouble kind() const noexcept { return kind_; }

private:
    error why_;
    trouble kind_;
};

} // namespace checkwatches::storage
