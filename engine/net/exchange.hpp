#pragma once

#include "engine/core/async.hpp"
#include "engine/core/error.hpp"
#include "engine/net/connection.hpp"
#include "engine/net/parser.hpp"

#include <span>
#include <string>
#include <string_view>

namespace checkwatches::net {

// The request line and the headers that every request has, then the caller's, then the body. `absolute`: to a
// proxy, which wants the whole URL. An error of kind usage where a part of it would break the message apart.
result<std::string>
serialize(request const& rq, std::string_view cookies, std::string_view user_agent, bool absolute);

// Sends `message` and reads the answer, through `buffer`, which other exchanges use meanwhile too. `answered`
// is set once the first byte of an answer has come.
awaitable<result<raw_reply>> exchange(
    connection& over,
    std::string_view method,
    std::string const& message,
    settings const& limits,
    std::span<char> buffer,
    bool& answered);

} // namespace checkwatches::net
