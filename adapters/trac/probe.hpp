#pragma once

#include "adapters/adapter.hpp"

namespace checkwatches::adapters::trac {

// How a Trac is asked: the words of capabilities::protocol, best first.
//
// "csv": its query as CSV. Works without a login since Trac 0.10, one request for hundreds of tickets, and
// the
//   least work for the server: only the columns asked for. It tells no time that a machine can read.
// "xmlrpc", "rpc": the XML-RPC plugin at that path. Needs the permission XML_RPC; tells when a ticket
// changed,
//   at the price of two requests and of every description.
// "launchpad": Launchpad's plugin at /xmlrpc. Status and resolution only. Its own handshake takes a token
// that
//   Launchpad issues, so here it works only where the site lets us in by itself or by user and password.
// "single": the CSV export ticket by ticket, where the query is refused.
inline constexpr std::string_view by_query = "csv";
inline constexpr std::string_view by_xmlrpc = "xmlrpc";
inline constexpr std::string_view by_rpc = "rpc";
inline constexpr std::string_view by_launchpad_plugin = "launchpad";
inline constexpr std::string_view singly = "single";

// Where the credential goes: the words of capabilities::login.
inline constexpr std::string_view by_cookie = "cookie"; // GET /login grants the cookie of the session
inline constexpr std::string_view by_basic = "basic";   // HTTP Basic on each call below /login

// Finds out how the tracker is asked, in at most six requests: with a credential first GET /login; the query
// as CSV, and whether it knows the constraint on changes; XML-RPC at /xmlrpc, and at /rpc where nothing
// answers there; Launchpad's plugin where something answers but refuses the plain plugin; the export of a
// single ticket. The first that works is taken, in the order above. An error: unsupported where nothing of
// Trac was seen, auth_failed where it is a Trac that shows us nothing or refuses our login, otherwise what
// prevented an answer.
awaitable<result<capabilities>> probe(remote& at);

} // namespace checkwatches::adapters::trac
