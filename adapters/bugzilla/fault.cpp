#include "adapters/bugzilla/fault.hpp"

#include "adapters/trouble.hpp"
#include "adapters/wire/text.hpp"

#include <fmt/format.h>

#include <chrono>

namespace checkwatches::adapters::bugzilla {
namespace {

std::size_t count_of(std::string_view needle, std::string_view text)
{
    std::size_t n = 0;
    for (auto at = text.find(needle); at != std::string_view::npos;
         at = text.find(needle, at + needle.size()))
        ++n;
    return n;
}

bool mentions(std::string_view message, std::string_view phrase)
{
    return wire::lower(message).find(phrase) != std::string::npos;
}

error_kind kind_of(std::int64_t code, std::string_view message)
{
    switch (code) {
    case 300:
    case 301:
    case 302:
    case 304:
    case 305:
    case 306:
    case 307:
    case 410: return error_kind::auth_failed;
    case 1001: return error_kind::timeout; // bugzilla.mozilla.org: its database gave up
    default: break;
    }
    if (mentions(message, "rate limit"))
        return error_kind::rate_limited;
    if (mentions(message, "authentication is required") || mentions(message, "must log in"))
        return error_kind::auth_failed;
    return error_kind::protocol_error;
}

} // namespace

std::optional<outcome> outcome_of(std::int64_t code) noexcept
{
    switch (code) {
    case 100: return outcome::invalid_id;
    case 51:
    case 101: return outcome::not_found;
    case 102:
    case 113: return outcome::forbidden;
    default: return std::nullopt;
    }
}

error error_of(std::int64_t code, std::string_view message, std::string_view request)
{
    error e{.kind = kind_of(code, message), .request = std::string{request}};
    switch (code) {
    case 306:
    case 307: e.message = fmt::format("the API key or token was refused (code {})", code); break;
    case 410: e.message = "the tracker wants us to log in (code 410)"; break;
    default:
        e.message = e.kind == error_kind::auth_failed && code != 0
                        ? fmt::format("the login was refused (code {})", code)
                        : fmt::format("answered with error {} \"{}\"", code, shortened(message));
    }
    // Mozilla's blocks an address for an hour, and anew with each request made meanwhile.
    if (e.kind == error_kind::rate_limited)
        e.retry_after = std::chrono::hours{1};
    return e;
}

error unreadable(reply const& answer, std::string message)
{
    return error{.kind = error_kind::unparsable, .message = std::move(message), .request = answer.request};
}

std::string_view asked_as(std::span<std::string const> ids, std::string_view returned) noexcept
{
    bool const by_alias = ids.size() == 1 && !wire::is_number(ids.front());
    return by_alias ? std::string_view{ids.front()} : returned;
}

void record(
    ledger& book,
    std::span<std::string const> ids,
    std::string_view returned,
    sighting&& seen,
    std::size_t replaced)
{
    auto const id = asked_as(ids, returned);
    if (seen.words.status.empty()) {
        book.absent(id, outcome::unparsable, "the bug came without a status");
        return;
    }
    if (replaced != 0) {
        auto const& w = seen.words;
        constexpr std::string_view sign = "\xEF\xBF\xBD";
        std::size_t shown = count_of(sign, seen.title);
        for (auto const* const word : {&w.status, &w.resolution, &w.priority, &w.severity, &w.type})
            shown += count_of(sign, *word);
        seen.replaced = ids.size() == 1 ? replaced : shown;
    }
    book.sighted(id, std::move(seen));
}

std::optional<error> record_fault(
    ledger& book, std::string_view id, std::int64_t code, std::string_view message, std::string_view request)
{
    auto const why = outcome_of(code);
    if (!why)
        return error_of(code, message, request);
    book.absent(id, *why, shortened(message));
    return std::nullopt;
}

std::string_view resolution_of(std::string_view text) noexcept
{
    text = wire::trimmed(text);
    return text == "---" ? std::string_view{} : text;
}

} // namespace checkwatches::adapters::bugzilla
