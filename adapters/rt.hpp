#pragma once

#include "adapters/adapter.hpp"

namespace checkwatches::adapters {

// Request Tracker. The address of a tracker is what stands before "Ticket/Display.html".
std::unique_ptr<adapter const> make_rt();

} // namespace checkwatches::adapters
