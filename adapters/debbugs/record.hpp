#pragma once

#include "adapters/ledger.hpp"
#include "adapters/wire/soap.hpp"

#include <optional>
#include <string>

namespace checkwatches::adapters::debbugs {

// The fields of a bug that count here, by get_status' names, from wherever they were read.
struct bug_fields {
    std::string done{};      // who closed it; not empty: it is done
    std::string forwarded{}; // where to; not empty: it is forwarded, unless it is done
    std::string severity{};  // empty: normal
    std::string tags{};      // separated by blanks
    std::string subject{};
    std::string mergedwith{}; // numbers separated by blanks, without its own
    std::optional<utc_time> modified{};
    std::size_t replaced = 0;
};

// Merged bugs are equals: the one with the lowest number, which was reported first, counts as the original of
// the others, so that no two are each other's duplicate.
sighting to_sighting(std::string const& id, bug_fields const& bug);

// Enters the bugs of a get_status answer, each under its own number; `replaced`: characters of the answer
// that could not be decoded. Nothing is entered, and an error of kind protocol_error says why, where it is no
// map of bugs, or where it tells of bugs and of none that was asked for.
std::optional<error> enter_statuses(wire::soap::value const& map, std::size_t replaced, ledger& book);

} // namespace checkwatches::adapters::debbugs
