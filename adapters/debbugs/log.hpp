#pragma once

#include "adapters/wire/soap.hpp"
#include "engine/core/comment.hpp"
#include "engine/core/error.hpp"

#include <optional>
#include <vector>

namespace checkwatches::adapters::debbugs {

// The mails of a get_bug_log answer that reached the tracker at `since` or later, oldest first. Named by
// their Message-Id, each once; dated by the tracker's own Received line, else by the sender's Date. A mail
// without either is left out: it is the tracker's note to itself. An error of kind protocol_error where it is
// no list of mails, or a mail's text is not readable.
result<std::vector<comment>> read_log(wire::soap::value const& list, std::optional<utc_time> since);

} // namespace checkwatches::adapters::debbugs
