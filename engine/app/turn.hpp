#pragma once

#include "engine/app/instance_lock.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <thread>

namespace checkwatches::app {

// Has something done that only one process at a time may do: by `there`, the resident instance, which returns
// nothing where there is none, or by `here`, with the instance lock held. Where another process holds that
// and answers nothing, a pass of its own or an instance that is about to begin or to end, waits for it, and
// says so once on standard error.
template <class Here, class There>
auto take_turn(std::string const& database, Here here, There there) -> decltype(here())
{
    constexpr std::chrono::milliseconds first_wait{10};
    constexpr std::chrono::milliseconds most_wait{500};
    bool told = false;
    for (auto wait = first_wait;; wait = std::min(2 * wait, most_wait)) {
        auto const lock = instance_lock::try_take(database);
        if (!lock)
            return lock.error();
        if (*lock)
            return here();
        auto done = there();
        if (!done)
            return done.error();
        if (*done)
            return std::move(**done);
        if (!told) {
            auto const holder = instance_lock::holder(database);
            auto const who = holder == 0 ? std::string{} : fmt::format(" (process {})", holder);
            fmt::print(stderr, "checkwatches: another pass is running{}; waiting for it\n", who);
            told = true;
        }
        std::this_thread::sleep_for(wait);
    }
}

} // namespace checkwatches::app
