#pragma once

#include "adapters/adapter.hpp"

namespace checkwatches::adapters::redmine {

// How a Redmine is asked: the words of capabilities::protocol.
inline constexpr std::string_view by_list = "rest";  // many ids in one list
inline constexpr std::string_view singly = "single"; // one by one: an old server that ignores `issue_id`

// Where the credential goes: the words of capabilities::login.
inline constexpr std::string_view by_key = "key";     // X-Redmine-API-Key
inline constexpr std::string_view by_basic = "basic"; // name and password by HTTP Basic

// The greatest id that may stand in a list: a greater one is an error of the database, and of the whole list.
inline constexpr std::int64_t greatest_id = 2'147'483'647;

// The way in which this remote's credential goes; empty where it has none.
std::string_view login_of(remote const& at);

// A GET of something below the API's address. `login` as in capabilities.
request get(remote const& at, std::string_view relative, std::string_view login);

// The list of these issues, open or closed, with their relations; only those that changed at or after `since`
// where that is given.
request list_request(
    remote const& at,
    std::string_view login,
    std::string_view ids,
    std::optional<utc_time> since = std::nullopt);

} // namespace checkwatches::adapters::redmine
