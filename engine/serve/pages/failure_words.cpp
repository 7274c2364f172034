#include "engine/serve/pages/failure_words.hpp"

#include "engine/core/ascii.hpp"

namespace checkwatches::serve::view {
namespace {

// What ends a query in the middle of a sentence.
constexpr std::string_view ends = " \t\r\n\"'<>)]}";

} // namespace

std::string_view words_of(outcome how) noexcept
{
    switch (how) {
    case outcome::seen: return "answers";
    case outcome::unmodified: return "says that nothing changed";
    case outcome::not_found: return "says that there is no such bug";
    case outcome::forbidden: return "does not show the bug to us";
    case outcome::gone: return "says that the bug was deleted";
    case outcome::moved: return "says that the bug has moved";
    case outcome::invalid_id: return "has no bugs with such a number";
    case outcome::not_answered: return "passes the bug over in silence";
    case outcome::unparsable: return "sends a record that cannot be read";
    case outcome::connect_failed: return "cannot be reached";
    case outcome::tls_failed: return "cannot be trusted: its certificate, or what it encrypts with";
    case outcome::timeout: return "does not answer in time";
    case outcome::rate_limited: return "refuses more requests for now";
    case outcome::auth_failed: return "does not accept our credentials";
    case outcome::maintenance: return "says that it is being maintained";
    case outcome::bot_wall: return "answers with a challenge for bots";
    case outcome::protocol_error: return "answers with something else than was asked for";
    case outcome::clock_skew: return "has a clock that cannot be right";
    case outcome::too_large: return "answers with more than is read";
    case outcome::unsupported: return "cannot do what it is asked for";
    case outcome::shrunk: break;
    }
    return "no longer knows any of the bugs that it knew";
}

std::string reason_of(outcome how, std::string_view detail)
{
    auto rest = trimmed(detail);
    auto const kind = word(how);
    while (rest.starts_with(kind) && rest.substr(kind.size()).starts_with(':'))
        rest = trimmed(rest.substr(kind.size() + 1));
    std::string out;
    while (!rest.empty()) {
        auto const mark = rest.find('?');
        out += rest.substr(0, mark);
        if (mark == std::string_view::npos)
            break;
        rest.remove_prefix(mark);
        auto const end = rest.find_first_of(ends);
        bool const is_query = rest.substr(0, end).find('=') != std::string_view::npos;
        if (!is_query)
            out += rest.substr(0, end);
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end);
    }
    return out;
}

} // namespace checkwatches::serve::view
