#include "engine/core/error.hpp"

#include <fmt/format.h>

#include <ostream>
#include <stdexcept>

namespace checkwatches {

std::optional<outcome> to_outcome(error_kind kind) noexcept
{
    switch (kind) {
    case error_kind::not_found: return outcome::not_found;
    case error_kind::forbidden: return outcome::forbidden;
    case error_kind::gone: return outcome::gone;
    case error_kind::moved: return outcome::moved;
    case error_kind::invalid_id: return outcome::invalid_id;
    case error_kind::not_answered: return outcome::not_answered;
    case error_kind::unparsable: return outcome::unparsable;
    case error_kind::connect_failed: return outcome::connect_failed;
    case error_kind::tls_failed: return outcome::tls_failed;
    case error_kind::timeout: return outcome::timeout;
    case error_kind::rate_limited: return outcome::rate_limited;
    case error_kind::auth_failed: return outcome::auth_failed;
    case error_kind::maintenance: return outcome::maintenance;
    case error_kind::bot_wall: return outcome::bot_wall;
    case error_kind::protocol_error: return outcome::protocol_error;
    case error_kind::clock_skew: return outcome::clock_skew;
    case error_kind::too_large: return outcome::too_large;
    case error_kind::unsupported: return outcome::unsupported;
    case error_kind::shrunk: return outcome::shrunk;
    case error_kind::deferred:
    case error_kind::usage:
    case error_kind::configuration:
    case error_kind::storage: break;
    }
    return std::nullopt;
}

std::string_view word(error_kind kind) noexcept
{
    if (auto const same = to_outcome(kind))
        return word(*same);
    switch (kind) {
    case error_kind::deferred: return "deferred";
    case error_kind::usage: return "usage";
    case error_kind::configuration: return "configuration";
    default: return "storage";
    }
}

std::string to_string(error const& e)
{
    std::string text{word(e.kind)};
    if (!e.message.empty())
        text += ": " + e.message;
    if (e.cause)
        text += ": " + e.cause.message();
    if (!e.request.empty())
        text += " (" + e.request + ")";
    return text;
}

std::ostream& operator<<(std::ostream& out, error const& e)
{
    return out << to_string(e);
}

void throw_exception_from_error(error const& e, boost::source_location const&)
{
    throw std::runtime_error{to_string(e)};
}

} // namespace checkwatches
