#pragma once

#include "adapters/adapter.hpp"

namespace checkwatches::adapters::redmine {

// Finds out whether this is a Redmine and how it is asked, in at most four requests: with a credential first
// who we are, since a wrong key is no error anywhere else but silently nobody; a list of an id that nobody
// has, where rows show a server that ignores `issue_id`; a list of changes in the far future, where rows show
// one that ignores `updated_on`. Where the API is refused, the start page tells whether it is a Redmine.
// Errors: unsupported where nothing of Redmine was seen; auth_failed where our login is refused, where it
// wants one, or where its REST API is switched off; otherwise what prevented an answer.
awaitable<result<capabilities>> probe(remote& at);

} // namespace checkwatches::adapters::redmine
