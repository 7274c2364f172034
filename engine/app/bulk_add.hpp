#pragma once

#include "engine/app/config.hpp"
#include "engine/intake/intake.hpp"

#include <string>
#include <vector>

namespace checkwatches::app {

// What is to be taken in at once.
struct bulk_addition {
    std::vector<intake::wanted_watch> watches{};
    intake::newcomers trackers{}; // beside those that the watches name; by any key
    std::string only_kind{};      // empty: any
    bool probe = true;            // false: new trackers are taken for what they look like
};

struct bulk_outcome {
    std::vector<result<intake::added_watch>> watches{}; // one for each that was wanted, in order
    intake::newcomers asked{};                          // all new trackers, and what each proved to be
};

// Asks the trackers that are new what they are, and adds what is wanted; a running instance is told. The
// database is made where there was none. An error of kind storage or configuration: nothing was added.
result<bulk_outcome> add_in_bulk(
    std::string const& database,
    config const& conf,
    adapters::registry const& kinds,
    bulk_addition const& what);

} // namespace checkwatches::app
