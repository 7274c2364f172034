#pragma once

#include "engine/core/outcome.hpp"

#include <boost/assert/source_location.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

#include <chrono>
#include <iosfwd>
#include <optional>
#include <string>

namespace checkwatches {

using error_code = boost::system::error_code;

// What kind of thing went wrong. The first block carries the same words as the outcomes, for what a tracker
// or the way to it did; the second is ours.
enum class error_kind {
    not_found,
    forbidden,
    gone,
    moved,
    invalid_id,
    not_answered,
    unparsable,
    connect_failed,
    tls_failed,
    timeout,
    rate_limited,
    auth_failed,
    maintenance,
    bot_wall,
    protocol_error,
    clock_skew,
    too_large,
    unsupported,
    shrunk,

    deferred,      // our own budget would have made the request wait too long: nothing was sent
    usage,         // the command or the URL that was given cannot be carried out
    configuration, // a file that configures us is wrong
    storage,       // the database cannot be read or written
};

// What went wrong, while asking what, and why.
struct error {
    error_kind kind{};
    // One short sentence or noun phrase for people, without a full stop: "the server closed the connection".
    std::string message{};
    // The request it belongs to, as "GET https://host/path?…" with credentials removed; empty where there was
    // none.
    std::string request{};
    // The library's own code, where one was the cause.
    error_code cause{};
    // How long the other side asked us to wait.
    std::optional<std::chrono::seconds> retry_after{};
};

// The outcome of a check that ended in this error; nothing for an error of our own (the bug was not asked).
std::optional<outcome> to_outcome(error_kind kind) noexcept;

// "timeout", "not_found", "configuration", …
std::string_view word(error_kind kind) noexcept;

// "timeout: the server sent nothing for 10 s (GET https://host/path)".
std::string to_string(error const& e);
std::ostream& operator<<(std::ostream& out, error const& e);

template <class T>
using result = boost::system::result<T, error>;

// Called by result<T>::value() on an error: throws std::runtime_error with to_string(e).
[[noreturn]] void throw_exception_from_error(error const& e, boost::source_location const& where);

} // namespace checkwatches
