#pragma once

#include "adapters/adapter.hpp"
#include "engine/intake/adopt/adopted.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace checkwatches::intake {

// Which of Launchpad's bug watches are wanted.
struct launchpad_wish {
    std::string target{};    // "avahi", "ubuntu", "ubuntu/+source/avahi"
    bool by_package = false; // the usual label is the source package (or the target) rather than "lp:N"
    std::size_t most_bugs = 100'000;
};

// A part of a bug's collection of watches.
struct watch_page {
    std::vector<adopted_watch> watches{};
    std::vector<leftover> rest{};
    std::string next{}; // the address of the next part; empty at the end
};

// Reads a part of the watches of Launchpad's bug `bug`. What Launchpad hides from those who are not logged in
// ("tag:launchpad.net:2008:redacted") is as if it were not there. Errors as for wire::expect, or of kind
// unparsable.
result<watch_page> read_watch_page(adapters::reply const& from, std::string const& bug);

// Asks Launchpad for the bugs of the target, and each of them for its watches, one after the other. A bug
// whose watches cannot be read is a leftover; where Launchpad itself stops to answer, so are the bugs that
// were not asked about. `tell` is called after each bug with how many are done, and how many there are.
//
// An error: the target is none, or its bugs cannot be listed.
awaitable<result<adopted>>
read_launchpad(adapters::remote& at, launchpad_wish wish, std::function<void(std::size_t, std::size_t)> tell);

} // namespace checkwatches::intake
