#pragma once

#include "adapters/adapter.hpp"

namespace checkwatches::adapters::jira {

// The one spelling of a key: "abc-007" is "ABC-7". Nothing where it is no letter followed by letters, digits
// and underscores, a hyphen and a number.
std::optional<std::string> normal_key(std::string_view text);

// The issue that an address names: …/browse/KEY-N, …/projects/KEY/issues/KEY-N, or a board's with
// ?selectedIssue=KEY-N. On atlassian.net the tracker's address is the host's. Elsewhere it is what stands
// before "browse", "projects", "secure" or Cloud's "jira/software".
std::optional<bug_ref> recognise(web_url const& url);

// The page of an issue.
web_url web_page(web_url const& base, std::string_view key);

} // namespace checkwatches::adapters::jira
