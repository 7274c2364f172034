#pragma once

#include "adapters/adapter.hpp"

namespace checkwatches::adapters::gitlab {

// The report (its id is "description") and the notes of an issue that people wrote, oldest first: what GitLab
// itself noted and what is internal is left out. Read from the newest back until `since`, and no more than
// the newest 2000 notes. Notes are told to nobody without a login: then an error of kind unsupported.
awaitable<result<std::vector<comment>>>
read_comments(remote& at, capabilities const& can, std::string const& id, std::optional<utc_time> since);

} // namespace checkwatches::adapters::gitlab
