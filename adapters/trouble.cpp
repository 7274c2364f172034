#include "adapters/trouble.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace checkwatches::adapters {

error tracker_trouble(error e)
{
    auto const what = to_outcome(e.kind);
    if (e.kind == error_kind::forbidden)
        e.kind = error_kind::auth_failed;
    else if (what && !is_tracker_failure(*what))
        e.kind = error_kind::protocol_error;
    return e;
}

error too_many_singles(std::size_t most, std::string_view things)
{
    return error{
        .kind = error_kind::deferred,
        .message = fmt::format("one look asks for at most {} {} one by one", most, things)};
}

bool prevents_an_answer(error_kind kind)
{
    switch (kind) {
    case error_kind::not_found:
    case error_kind::forbidden:
    case error_kind::gone:
    case error_kind::auth_failed:
    case error_kind::unsupported:
    case error_kind::protocol_error: return false;
    default: return true;
    }
}

bool is_strange(error_kind kind, unsigned http_status)
{
    return kind == error_kind::not_found || kind == error_kind::gone || kind == error_kind::unparsable
           || (kind == error_kind::protocol_error && http_status < 500);
}

error no_such_kind(std::string_view kind, std::string_view why, std::string request)
{
    return error{
        .kind = error_kind::unsupported,
        .message = fmt::format("this is no {}: {}", kind, why),
        .request = std::move(request)};
}

std::string shortened(std::string_view text)
{
    constexpr std::size_t longest = 300;
    auto end = std::min(text.size(), longest);
    bool const is_cut = end != text.size();
    while (is_cut && end != 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80)
        --end;
    std::string line{text.substr(0, end)};
    std::ranges::replace_if(line, [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
    return is_cut ? line + "…" : line;
}

} // namespace checkwatches::adapters
