#pragma once

#include "adapters/adapter.hpp"

namespace checkwatches::adapters::rt {

// How an RT is asked: the words of capabilities::protocol, best first.
//
// "rest1": REST 1.0, which every RT since 3.4 has: one request for hundreds of tickets tells for each why it
//   is not shown, and a session makes all but the first request cheap. Its times are in the zone of the user
//   who asks and name none, so they are not read.
// "rest2": REST 2.0 (RT 5, an extension of 4.4), where 1.0 is closed or does not take the credential. Tells
//   when a ticket changed; what a search leaves out costs a request each.
inline constexpr std::string_view by_rest1 = "rest1";
inline constexpr std::string_view by_rest2 = "rest2";

// Finds out how the tracker is asked, in at most three requests: REST 1.0 with the credential, or without one
// as nobody and then as guest; then REST 2.0. An error: unsupported where nothing of RT was seen, auth_failed
// where it is an RT that does not let us in, otherwise what prevented an answer.
awaitable<result<capabilities>> probe(remote& at);

// How to log in there: capabilities::login, or as_guest where that is who we are (rest1.hpp).
std::string login_of(capabilities const& can);

} // namespace checkwatches::adapters::rt
