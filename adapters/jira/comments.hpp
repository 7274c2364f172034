#pragma once

#include "adapters/adapter.hpp"

namespace checkwatches::adapters::jira {

// The report of an issue and its comments, oldest first, in version 2 of the API, where texts are plain on
// Cloud too. At most 50 pages of 100 comments are read. What is not for everybody is left out.
awaitable<result<std::vector<comment>>>
read_comments(remote& at, std::string_view login, std::string const& key, std::optional<utc_time> since);

} // namespace checkwatches::adapters::jira
