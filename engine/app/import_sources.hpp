#pragma once

#include "engine/app/config.hpp"
#include "engine/app/import_options.hpp"
#include "engine/intake/adopt/adopted.hpp"

#include <string>

namespace checkwatches::app {

// Reads the list that the options name: from files, from standard input, or from Launchpad. An error of kind
// usage: there is no list; others: it could not be asked for.
result<intake::adopted> read_foreign_list(config const& conf, import_options const& options);

// The source of the watches of this list: "import:csv", "import:launchpad:PROJECT".
std::string source_of(import_options const& options);

} // namespace checkwatches::app
