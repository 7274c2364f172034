#pragma once

#include "engine/core/error.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace checkwatches::adapters {

// An error in the answer to a request for many bugs, as the tracker's trouble: 403 for all of them is a
// missing login (auth_failed), and 404 or a body that cannot be read is protocol_error. Each lost bug gets
// the trouble's kind as its outcome, and no bug may be called missing or hidden because the way to ask
// failed.
error tracker_trouble(error e);

// The look has asked for `most` bugs one by one, and that is the most: "issues", as they are called there.
// Those that are left stay due (deferred), so that none ends in an outcome that nobody found out.
error too_many_singles(std::size_t most, std::string_view things);

// For a probe: the tracker did not answer, or something in front of it did, so that its kind cannot be told.
bool prevents_an_answer(error_kind kind);
// For a probe: the answer is another program's, and not what a tracker says that has trouble.
bool is_strange(error_kind kind, unsigned http_status);
// The probe's verdict on such a tracker: "this is no Jira: its API answered 404".
error no_such_kind(std::string_view kind, std::string_view why, std::string request);

// The beginning of a tracker's own words for an error or a detail: at most 300 bytes of UTF-8 in one line,
// cut between characters.
std::string shortened(std::string_view text);

} // namespace checkwatches::adapters
