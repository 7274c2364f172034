#pragma once

#include "adapters/registry.hpp"
#include "engine/check/explain.hpp"
#include "engine/intake/duplicates.hpp"
#include "engine/serve/web/tracker_view.hpp"

#include <string>
#include <vector>

namespace checkwatches::app {

// Everything that the database tells of single bugs. What it is made of must outlive it.
class bug_details {
public:
    bug_details(
        storage::reader const& in,
        adapters::registry const& kinds,
        check::schedule_policy const& policy,
        intake::duplicate_policy duplicates,
        utc_time now);

    // Whose verdict the bug is shown with: its master's where that is the policy and the master is known; its
    // own otherwise. `chain` is the bug's, and outlives what it gives.
    storage::bug_state const&
    judged(storage::shown_bug const& shown, intake::duplicate_chain const& chain) const noexcept;
    // It, or the bug that judges it, was seen longer ago than the schedule promises.
    bool is_late(storage::bug_state const& bug, storage::bug_state const& verdict) const;
    intake::duplicate_chain chain_of(storage::shown_bug const& shown) const;

    // All that decides when the bug is asked next.
    check::explanation explain(storage::shown_bug const& shown) const;

    // On standard output, for people; with `why` all that decides when it is asked next.
    void print(storage::shown_bug const& shown, bool why) const;
    // One JSON object; with `why` it has an "explanation".
    std::string json(storage::shown_bug const& shown, bool why) const;

    utc_time now() const noexcept { return now_; }

private:
    check::explain_input input_for(storage::shown_bug const& shown) const;

    storage::reader const& in_;
    adapters::registry const& kinds_;
    check::schedule_policy const& policy_;
    intake::duplicate_policy duplicates_;
    std::vector<storage::breaker_record> breakers_;
    utc_time now_;
};

} // namespace checkwatches::app
