#pragma once

#include "adapters/bugzilla/protocol.hpp"

namespace checkwatches::adapters::bugzilla {

// Looks at bugs: in batches, as long as those bring something, then one by one. Ids that may belong to no bug
// are invalid_id without a request.
//
// What one look may cost is bounded. Ids that are left when the bound is reached were asked in a batch and
// passed over in silence, which proves nothing about them; they get no outcome (trouble of kind deferred) and
// stay due, and each later look gets further, since what is settled is no longer due.
//
// With `since`, where how.tells_changes(): asks first which of the numbers changed then or later. The others
// are unmodified, unless the answer shows that it was not to that question; then they are looked at as
// without.
awaitable<findings> survey(
    remote& at,
    place where,
    protocol const& how,
    std::span<std::string const> ids,
    std::optional<utc_time> since = std::nullopt);

// What a survey without `since` asks conditionally as long as its answers leave nothing out.
std::vector<question> questions(place const& where, protocol const& how, std::span<std::string const> ids);

} // namespace checkwatches::adapters::bugzilla
