#pragma once

#include "engine/intake/adopt/adopted.hpp"
#include "engine/intake/recognise.hpp"

#include <string>

namespace checkwatches::intake {

// The address of the bug that a watch of somebody else's list names, with the shape of some kind's bug. An
// error of kind usage says what is wrong with it. `known` is null where there is no database.
result<std::string>
address_of(adopted_watch const& watch, storage::reader const* known, adapters::registry const& kinds);

// An address as it can be shown: without what may be a credential; empty where it is none.
std::string shown_address(std::string const& url);

} // namespace checkwatches::intake
