#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

// Work that is done again and again, ready to be counted.
struct hot_work {
    std::size_t bugs = 0; // in one call
    // Prepares one call, with all that it takes: only what the call does itself is counted.
    std::function<std::function<void()>()> prepare{};
};

struct hot_path {
    std::string name{};
    std::function<hot_work()> make{};
};

// How many bugs a batch has, where a tracker takes that many.
inline constexpr std::size_t batch_size = 100;

// "read-…": the look of an adapter, from its question to the findings, at the answers of a mock tracker that
// was asked before. One for each form in which a tracker answers for many bugs.
std::vector<hot_path> reading_paths();
// What becomes of findings: they are settled and committed. And what the engine chooses to ask for.
std::vector<hot_path> settling_paths();
