#include "engine/app/health_json.hpp"

#include "engine/serve/api/json_of.hpp"

namespace checkwatches::app {

namespace json = boost::json;

json::object json_of(
    check::explanation const& e, check::explain_input const& in, std::vector<storage::check_run> const& runs)
{
    json::array history;
    for (auto const& run : runs)
        history.push_back(serve::json_of(run));
    return {
        {"reason", e.reason},
        {"interval_s", e.by_policy ? json::value(e.interval.count()) : nullptr},
        {"jitter", e.jitter},
        {"failures", in.bug.failures},
        {"by_policy", serve::time_or_null(e.by_policy)},
        {"difference", serve::text_or_null(e.difference)},
        {"clock_fault", e.clock_fault},
        {"due", e.due},
        {"paused", e.paused},
        {"held_until", serve::time_or_null(e.held_until)},
        {"host", in.host},
        {"breaker", serve::json_of(in.tracker_breaker)},
        {"host_breaker", serve::json_of(in.host_breaker)},
        {"lines", serve::json_of(e.lines)},
        {"checks", std::move(history)}};
}

} // namespace checkwatches::app
