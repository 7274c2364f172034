#pragma once

#include "adapters/adapter.hpp"
#include "engine/check/meanings.hpp"
#include "engine/check/policy.hpp"
#include "storage/records.hpp"

#include <optional>
#include <vector>

namespace checkwatches::check {

// What a look tells of all bugs that it answered for.
struct look_context {
    // The tracker's clock when it was asked; nothing where it did not tell, or its clock cannot be trusted.
    std::optional<utc_time> server_time{};
};

// Settles one bug that was seen: what its row becomes, and the changes against what it was. A word that the
// adapter does not know leaves the last good verdict and is listed. Pure.
storage::settled_bug settle_seen(
    storage::bug_state was,
    sighting seen,
    verdict means,
    schedule_policy const& policy,
    utc_time now,
    look_context const& of = {});

// Settles one bug that its tracker says is as it was when we last saw it. Pure.
storage::settled_bug settle_unmodified(
    storage::bug_state was, schedule_policy const& policy, utc_time now, look_context const& of = {});

// Settles one bug whose check ended without a sighting: nothing but the outcome, its reason and the next
// check moves. Pure.
storage::settled_bug settle_failed(
    storage::bug_state was,
    outcome how,
    std::string detail,
    std::optional<std::chrono::seconds> retry_after,
    schedule_policy const& policy,
    utc_time now);

// What differs where the words of a bug as they are stored mean this by now; empty where nothing does, or it
// was never seen. Pure.
std::vector<storage::change> remapped(storage::bug_state const& bug, verdict const& means, utc_time now);

// Settles a look, each bug in its place: every id asked gets exactly one outcome. What the findings pass over
// gets that of their trouble; where the trouble is our own (deferred), such a bug was not asked and is left
// out. Where the words of a bug as they are stored mean something else by now, since the
// configuration or the program learnt better, that is a change too, with the reason "mapping", however the
// check ended. Pure but for the adapter's interpret().
std::vector<storage::settled_bug> settle(
    std::vector<storage::settled_bug> asked, // `after` as it was
    adapters::findings found,
    interpreter const& words,
    schedule_policy const& policy,
    utc_time now,
    look_context const& of = {});

} // namespace checkwatches::check
