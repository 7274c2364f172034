#pragma once

#include "engine/intake/lists/watch_list.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace checkwatches::app {

// What is wrong with the entries of a list.
std::vector<intake::list_fault> faults_of(intake::list_reading const& list);

// "FILE:LINE:COLUMN: reason" on standard output, without a place where there is none; or as a JSON object
// {"file","line","column","reason"}.
void print_fault(std::string const& file, intake::list_fault const& fault, bool as_json);

// "; 12 keys mean nothing here (vcs, revspec, source)"; empty for none.
std::string ignored_words(std::int64_t keys);

} // namespace checkwatches::app
