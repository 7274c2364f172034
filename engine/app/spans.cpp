#include "engine/app/spans.hpp"

#include "engine/check/policy.hpp"

#include <fmt/format.h>

namespace checkwatches::app {

std::string age_of(std::optional<utc_time> const& at, utc_time now)
{
    if (!at)
        return "never";
    return check::format_span(std::chrono::duration_cast<std::chrono::seconds>(now - *at)) + " ago";
}

std::string when(std::optional<utc_time> const& at, utc_time now)
{
    return at ? check::format_when(*at, now) : "never";
}

} // namespace checkwatches::app
