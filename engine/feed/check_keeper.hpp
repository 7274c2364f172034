#pragma once

#include "engine/core/log.hpp"
#include "storage/writer.hpp"

#include <cstdint>
#include <functional>

namespace checkwatches::feed {

// Check events are written only while somebody wants them, and are kept until all who do have them.
class check_keeper {
public:
    check_keeper(storage::writer& to, logger& log) : to_{to}, log_{log} {}

    // Whether anybody wants those of checks from now on.
    awaitable<void> keep(bool wanted);
    // Removes those up to this id, as long as `may_go_on`; where nobody wants any, all of them, once.
    awaitable<void> tidy(std::int64_t up_to, std::function<bool()> may_go_on);

private:
    awaitable<void> write(std::function<void(storage::store&)> work);

    storage::writer& to_;
    logger& log_;
    bool is_wanted_ = false;
    bool is_tidy_ = false; // nobody wants any, and there are none
};

} // namespace checkwatches::feed
