#include "engine/serve/web/problems.hpp"

#include "engine/core/sha256.hpp"
#include "engine/serve/http/problem.hpp"

#include <fmt/format.h>

namespace checkwatches::serve {
namespace {

constexpr std::size_t most_pending = 64; // questions to the database that wait

unsigned status_of(error const& e)
{
    switch (e.kind) {
    case error_kind::usage: return 400;
    case error_kind::not_found: return 404;
    case error_kind::unsupported: return 422;
    case error_kind::deferred: return 409;
    case error_kind::configuration:
    case error_kind::storage: return 503;
    case error_kind::rate_limited: return 429;
    case error_kind::timeout: return 504;
    default: return 502; // what a tracker, or the way to it, did
    }
}

} // namespace

http_answer problem_of(error const& e)
{
    auto out = problem(
        status_of(e),
        e.kind == error_kind::usage || e.kind == error_kind::not_found ? e.message : to_string(e));
    if (e.retry_after)
        out.headers.emplace_back("Retry-After", fmt::format("{}", e.retry_after->count()));
    return out;
}

std::optional<http_answer> too_busy(web_parts const& with)
{
    if (with.reader.pending() <= most_pending)
        return std::nullopt;
    auto out = problem(503, "too many questions wait for the database");
    out.headers.emplace_back("Retry-After", "2");
    return out;
}

std::string tag_of(std::string_view text)
{
    return fmt::format("W/\"{}\"", sha256_of(text).substr(0, 32));
}

} // namespace checkwatches::serve
