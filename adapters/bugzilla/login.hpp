#pragma once

#include "adapters/bugzilla/place.hpp"

namespace checkwatches::adapters::bugzilla {

// How a tracker takes our credential, as it proved.
struct proof {
    std::string way{};      // one of the words of `way`
    std::string identity{}; // who we are there: the tracker's word for it where it has one
};

// Finds out how this Bugzilla takes the credential: puts it into one place after the other, until the tracker
// itself shows that it knows us. Nothing but a proof counts, since a Bugzilla answers a request whose key
// stands in the wrong place as if there were none. Proofs are: who-am-I tells our name; valid_login says yes;
// a login succeeds; or, where there is nothing of these, a made-up key in this place is refused and ours is
// not.
//
// `rest` is "rest" or "rest.cgi", or empty where there is no REST. An error of kind auth_failed: the
// credential was accepted nowhere; of another kind: it could not be told. At most 12 requests.
awaitable<result<proof>> prove_login(remote& at, web_url root, std::string rest, std::string version);

} // namespace checkwatches::adapters::bugzilla
