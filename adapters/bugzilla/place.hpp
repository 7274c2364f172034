#pragma once

#include "adapters/adapter.hpp"

#include <initializer_list>

namespace checkwatches::adapters::bugzilla {

// The directory of the .cgi files, or the address of the API where one was given.
web_url const& root_of(remote const& at) noexcept;

// Where requests go, and as whom. What it refers to outlives it: the remote and the capabilities of a look.
struct place {
    web_url const& root;
    capabilities const& can;
    bool signed_in = false; // there is a credential, and can.login says where it goes
};

place place_of(remote const& at, capabilities const& can);

// The words of capabilities::login, in the order in which they are tried.
namespace way {
inline constexpr std::string_view header = "header";     // X-BUGZILLA-API-KEY: bugzilla.mozilla.org, 5.1
inline constexpr std::string_view bearer = "bearer";     // Authorization: Bearer: bugzilla.redhat.com
inline constexpr std::string_view password = "password"; // user and password in XML-RPC's struct
inline constexpr std::string_view query = "query";       // api_key in the query: stock 5.0 to 5.2
inline constexpr std::string_view member = "member";     // Bugzilla_api_key in XML-RPC's struct
} // namespace way

// Where the engine puts the credential for this word; nothing for any other word.
std::optional<login_place> login_for(std::string_view way);

// A GET of `relative` below `root`, with the credential in this way ("": without).
request get(web_url const& root, std::string_view relative, std::string_view way);

// The way a request to this place carries the credential; "" where it carries none.
std::string_view way_of(place const& where) noexcept;

// All runs of digits of a version, compared number by number as if both went on with zeros: "3.6" is at least
// 3.6.0, "3.2+1" at least 3.2. False for a version without digits.
bool at_least(std::string_view version, std::initializer_list<int> wanted) noexcept;

// bugzilla.mozilla.org counts its versions by date: "20260801.1".
bool is_mozilla(std::string_view version) noexcept;
// "5.0.4.rh103"
bool is_red_hat(std::string_view version) noexcept;

// The one spelling of a bug number or an alias: a number is above 0 and fits 31 bits (a larger one makes some
// servers fail the whole batch), an alias starts with a letter and has at most 40 of [A-Za-z0-9._-]. Nothing
// for anything else.
std::optional<std::string> normal_id(std::string_view text);
// A number in that spelling.
bool is_normal_number(std::string_view text) noexcept;

} // namespace checkwatches::adapters::bugzilla
