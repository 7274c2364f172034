#pragma once

#include "adapters/adapter.hpp"

namespace checkwatches::adapters::jira {

// Finds out whether this is a Jira and how it is asked, in at most six requests: who it says it is
// (serverInfo), with a credential who we are (myself), and a query for changes in the far future by each way
// in turn: Data Center's search (410 where it was removed), Cloud's bulk fetch and search. The first that
// works is taken; where none does, issues are asked one by one. Errors: unsupported where nothing of Jira was
// seen; auth_failed where our login is refused or it wants one; otherwise what prevented an answer.
awaitable<result<capabilities>> probe(remote& at);

} // namespace checkwatches::adapters::jira
