#pragma once

#include "adapters/mantis/rest.hpp"
#include "adapters/mantis/soap.hpp"

namespace checkwatches::adapters::mantis {

// How a Mantis is asked: the words of capabilities::protocol, best first.
//
// "soap": SOAP, hundreds of issues in one request. Needs PHP's SOAP extension.
// "soap-single": SOAP issue by issue, before 1.3.
// "rest", "rest-rewrite": the REST API of 2.x issue by issue, below index.php or by rewritten addresses; an
//   issue that did not change costs a 304.
// "export": the CSV export of everything, and pages for what is not in it.
// "page": the page of each issue.
inline constexpr std::string_view by_soap = "soap";
inline constexpr std::string_view by_soap_singly = "soap-single";
inline constexpr std::string_view by_rest = "rest";
inline constexpr std::string_view by_rewritten_rest = "rest-rewrite";
inline constexpr std::string_view by_export = "export";
inline constexpr std::string_view by_pages = "page";

// What the credential is: the words of capabilities::login.
inline constexpr std::string_view by_user = "user";   // SOAP: user name, and password or token
inline constexpr std::string_view by_token = "token"; // an API token; whose, REST told

// The places that these capabilities speak of.
rest_place rest_place_of(remote const& at, capabilities const& can);
soap_place soap_place_of(remote const& at, capabilities const& can);

// Finds out how the tracker is asked, in at most eight requests. SOAP's mc_version needs no login and proves
// a Mantis; then the ways are tried in the order above, with the credential where there is one. REST tells
// whose an API token is, so that it can be used with SOAP. Pages and the export are for anonymous visitors
// only. An error: unsupported where nothing of Mantis was seen, auth_failed where it is a Mantis that shows
// us nothing or refuses our login, otherwise what prevented an answer.
awaitable<result<capabilities>> probe(remote& at);

} // namespace checkwatches::adapters::mantis
