#pragma once

#include "adapters/github/place.hpp"

namespace checkwatches::adapters::github {

// The report is "issue-ID", a comment "issuecomment-ID": GitHub's own anchors on the page. What was written
// on lines of a pull request's code is not told.
awaitable<result<std::vector<comment>>>
read_comments(remote& at, place where, std::string id, std::optional<utc_time> since);

} // namespace checkwatches::adapters::github
