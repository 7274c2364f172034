#pragma once

#include "bench/mock/fault.hpp"
#include "bench/mock/http.hpp"
#include "bench/mock/options.hpp"

#include <optional>
#include <string>

namespace checkwatches::mock {

// The faults that are whole answers: statuses, pages of HTML in the place of data, redirects, bad bodies.
// Nothing for the others, which are done to the connection.
std::optional<answer>
fault_answer(fault what, std::string const& target, answer const& good, tracker_options const& options);

// `length` bytes by the seed, none of which begins an HTTP answer.
std::string random_bytes(std::uint64_t seed, std::size_t length);

// 64 MiB of blanks, packed.
std::string const& packed_blanks();

} // namespace checkwatches::mock
