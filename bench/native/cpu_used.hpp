#pragma once

#include <chrono>
#include <ctime>

namespace checkwatches::bench {

// Processor time so far, of this process with all its threads, or of another clock.
inline std::chrono::duration<double> cpu_used(clockid_t whose = CLOCK_PROCESS_CPUTIME_ID)
{
    timespec now{};
    ::clock_gettime(whose, &now);
    return std::chrono::seconds{now.tv_sec} + std::chrono::nanoseconds{now.tv_nsec};
}

} // namespace checkwatches::bench
