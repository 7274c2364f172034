#pragma once

#include <cstddef>
#include <cstdint>

namespace checkwatches::serve {

// What this process holds of the machine.
struct process_state {
    std::size_t descriptors = 0;      // open
    std::size_t most_descriptors = 0; // that it may open
    std::uint64_t resident_bytes = 0;
};

// Reads it from the kernel (/proc); what cannot be read is 0.
process_state read_process_state();

// Lets this process open as many descriptors as it may (the hard limit); how many that is.
std::size_t raise_descriptor_limit() noexcept;

} // namespace checkwatches::serve
