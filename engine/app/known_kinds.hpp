#pragma once

#include "adapters/registry.hpp"
#include "engine/app/config.hpp"

#include <string>
#include <vector>

namespace checkwatches::app {

// A description of a kind that cannot be used.
struct bad_description {
    std::string file{};
    std::string why{}; // with line and column, where it is the text that is wrong
};

// The kinds that are built in, and those that are described: by the files that come with the program, and by
// those of the configuration's folder, of which one replaces a shipped one of the same kind. What is wrong
// with one is told and does not touch the others; a shipped one is left out where a bad file has its
// name or speaks of its kind, or the folder cannot be read.
struct known_kinds {
    adapters::registry all{};
    std::vector<bad_description> bad{};
};

known_kinds load_kinds(config const& conf);

// One line for each description that is bad: in the log, or on standard error.
void report_bad_descriptions(known_kinds const& kinds, logger& log);
void print_bad_descriptions(known_kinds const& kinds);

// The text of a description, or as much of one that is too long as shows that it is. An error of kind
// configuration: it cannot be read.
result<std::string> read_description_file(std::string const& file);

} // namespace checkwatches::app
