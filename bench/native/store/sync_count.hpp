#pragma once

#include <chrono>
#include <cstdint>

// How often this process had a file's data brought to the disk: fdatasync and fsync are counted on their way
// to the system, SQLite's too.
struct syncs {
    std::int64_t count{};
    std::chrono::steady_clock::time_point last{}; // when the last one was done
};
syncs syncs_so_far();
