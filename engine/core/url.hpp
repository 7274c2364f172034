#pragma once

#include "engine/core/error.hpp"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace checkwatches {

// An absolute http or https URL, taken apart. The parts are kept as they were written (percent-encoded),
// except that scheme and host are lower case; there is never a user name, a password or a fragment in it. Of
// an API it may be a local folder (api_url.hpp).
struct web_url {
    std::string scheme{};  // "http" or "https"
    std::string host{};    // a name, an IPv4 address, or an IPv6 address without brackets
    std::uint16_t port{};  // the effective port: 80 or 443 where none was written
    std::string path{"/"}; // starts with a slash
    std::string query{};   // without the question mark

    // "https://host" or "https://host:8443": what a credential, a budget and a connection belong to.
    std::string origin() const;
    // "host" or "host:8443", as the Host header wants it.
    std::string authority() const;
    // "/path?query", as the request line wants it.
    std::string target() const;
    // The whole URL; "mailto:name@host" for a link to an e-mail address (parse_link).
    std::string text() const;

    // The first query parameter of this name, decoded ("+" is a blank); nothing where there is none.
    std::optional<std::string> parameter(std::string_view name) const;

    auto operator<=>(web_url const&) const = default;
};

// The URL that `text` spells. An error of kind usage says what is wrong with it: no URL, another scheme, a
// user name in it (credentials do not belong into URLs), a host of other characters than letters, digits,
// ".", "-" and "_", longer than 8192 bytes. It quotes the URL without what could be a credential.
result<web_url> parse_url(std::string_view text);

// A link for people: as parse_url, or "mailto:name@host", whose address is the path of a web_url without host
// and port. Errors as for parse_url.
result<web_url> parse_link(std::string_view text);

// The URL that `reference` names when it stands in a document at `base` (RFC 3986 §5); errors as for
// parse_url.
result<web_url> resolve(web_url const& base, std::string_view reference);

// `base` with `relative` appended to its path, one slash between them; `relative` may carry a query.
web_url join(web_url const& base, std::string_view relative);

// `text` with everything but RFC 3986's unreserved characters percent-encoded.
std::string percent_encode(std::string_view text);
// The other way; "%" that starts no escape stays as it is.
std::string percent_decode(std::string_view text);
// name=value&name=value, percent-encoded.
std::string form_encode(std::vector<std::pair<std::string, std::string>> const& fields);

// The URL with the values of query parameters that carry credentials, by their names, replaced by "***": safe
// to log and to store.
std::string redacted(web_url const& url);

} // namespace checkwatches
