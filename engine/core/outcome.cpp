#include "engine/core/outcome.hpp"

#include <algorithm>

namespace checkwatches {

std::string_view word(outcome o) noexcept
{
    switch (o) {
    case outcome::seen: return "seen";
    case outcome::unmodified: return "unmodified";
    case outcome::not_found: return "not_found";
    case outcome::forbidden: return "forbidden";
    case outcome::gone: return "gone";
    case outcome::moved: return "moved";
    case outcome::invalid_id: return "invalid_id";
    case outcome::not_answered: return "not_answered";
    case outcome::unparsable: return "unparsable";
    case outcome::connect_failed: return "connect_failed";
    case outcome::tls_failed: return "tls_failed";
    case outcome::timeout: return "timeout";
    case outcome::rate_limited: return "rate_limited";
    case outcome::auth_failed: return "auth_failed";
    case outcome::maintenance: return "maintenance";
    case outcome::bot_wall: return "bot_wall";
    case outcome::clock_skew: return "clock_skew";
    case outcome::too_large: return "too_large";
    case outcome::unsupported: return "unsupported";
    case outcome::shrunk: return "shrunk";
    case outcome::protocol_error: break;
    }
    return "protocol_error";
}

std::optional<outcome> parse_outcome(std::string_view text) noexcept
{
    auto const found = std::ranges::find(all_outcomes, text, word);
    if (found == all_outcomes.end())
        return std::nullopt;
    return *found;
}

bool is_success(outcome o) noexcept
{
    return o == outcome::seen || o == outcome::unmodified;
}

bool is_tracker_failure(outcome o) noexcept
{
    return o >= outcome::connect_failed;
}

} // namespace checkwatches
