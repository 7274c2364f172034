#pragma once

#include "engine/core/log.hpp"
#include "storage/records.hpp"

#include <vector>

namespace checkwatches::check {

// Tells what error signatures did: a warning when one is seen first and at the powers of ten, a notice when
// it has ended. A failure that goes on is so told once, however many bugs have it.
void tell_signatures(logger& to, std::vector<storage::signature_news> const& news);

} // namespace checkwatches::check
