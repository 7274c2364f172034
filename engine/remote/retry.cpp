#include "engine/remote/retry.hpp"

#include "adapters/wire/page.hpp"

#include <algorithm>

namespace checkwatches {
namespace {

using std::chrono::milliseconds;

bool is_gateway_trouble(unsigned status)
{
    return status == 502 || status == 503 || status == 504;
}

bool can_pass(failure const& how)
{
    if (how.kind == error_kind::bot_wall)
        return false;
    return how.kind == error_kind::connect_failed || how.kind == error_kind::timeout
           || how.kind == error_kind::rate_limited || is_gateway_trouble(how.status);
}

// The bound of the wait after so many attempts.
milliseconds bound_after(retry_policy const& policy, std::size_t attempt)
{
    milliseconds bound = policy.first_delay;
    for (std::size_t i = 1; i < attempt && bound < policy.most_delay; ++i)
        bound *= 2;
    return std::min<milliseconds>(bound, policy.most_delay);
}

} // namespace

std::optional<failure> failure_of(result<adapters::reply> const& answer)
{
    if (!answer)
        return failure{.kind = answer.error().kind, .retry_after = answer.error().retry_after};
    if (!is_gateway_trouble(answer->status))
        return std::nullopt;
    auto const why = wire::explain(*answer);
    return failure{.kind = why.kind, .status = answer->status, .retry_after = why.retry_after};
}

std::optional<milliseconds>
retry_delay(retry_policy const& policy, failure const& how, std::size_t attempt, double random01)
{
    if (!can_pass(how) || attempt >= policy.attempts)
        return std::nullopt;
    if (how.retry_after) {
        if (*how.retry_after > policy.longest_wait)
            return std::nullopt;
        return *how.retry_after;
    }
    if (how.kind == error_kind::rate_limited)
        return std::nullopt;
    auto const bound = static_cast<double>(bound_after(policy, attempt).count());
    return milliseconds{static_cast<milliseconds::rep>(bound * std::clamp(random01, 0.0, 1.0))};
}

std::optional<milliseconds>
wait_for_another(retrying const& how, result<adapters::reply> const& answer, std::size_t attempt)
{
    auto const failed = failure_of(answer);
    if (!failed)
        return std::nullopt;
    auto const wait = retry_delay(how.policy, *failed, attempt, how.random01());
    if (!wait || !how.left.take())
        return std::nullopt;
    return wait;
}

} // namespace checkwatches
