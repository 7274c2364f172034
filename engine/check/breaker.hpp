#pragma once

#include "engine/core/outcome.hpp"
#include "engine/core/time.hpp"
#include "storage/records.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace checkwatches::check {

// When to stop asking who fails. All of it is configuration.
struct breaker_settings {
    std::size_t after = 3;                                      // failures in a row that open it
    std::chrono::seconds first_delay{std::chrono::minutes{15}}; // how long it is open at first; then doubled
    std::chrono::seconds most_delay{std::chrono::hours{6}};     // … up to this
    double jitter = 0.1; // the share of a delay that is drawn by lot, so that many do not come back at once
};

// A failure of a tracker, or of a host, as a whole.
struct breaker_failure {
    outcome how{};
    std::string detail{};
    std::optional<std::chrono::seconds> retry_after{}; // how long the other side asked us to stay away
    utc_time now{};
    double random01 = 0; // from [0, 1)
};

// Whether to ask.
enum class leave {
    yes,
    probe, // the one attempt that shows whether it works again: its end must be told
    no,
};

// Keeps a tracker, or a host, that fails from being asked for nothing. Closed until it failed some times in a
// row; then open, for a time that doubles with each failed probe; when the time has come it is half open: one
// probe goes, and what becomes of it closes or opens it again. A value over given times: it has no clock.
//
// Told of are whole attempts: a run at a tracker, not each of its batches. A tracker that named a time
// itself, or that says that it is asked too much (rate_limited), opens it at once. A named time is kept to,
// up to a day. A block that names none is left alone for an hour at least: bugzilla.mozilla.org's lasts so
// long, and begins anew with each request.
class breaker {
public:
    // Whether to ask now. After `probe` the answer is no until one of the calls below tells of its end.
    leave may_try(utc_time now);

    // It answered. Closes it, whoever asked.
    void succeeded();
    // It failed. What fails while it is open, and is no probe, was under way when it opened: that counts for
    // nothing, except that a later time that was named is kept to.
    void failed(breaker_settings const& by, breaker_failure const& what);
    // The probe ended without telling anything: it was deferred, or stopped. The next one may go.
    void told_nothing() { probing_ = false; }

    bool is_closed() const noexcept { return !is_open_; }
    // Until when nothing is asked; the probe may be due already. Nothing where it is closed.
    std::optional<utc_time> open_until() const;

    // As it is stored; nothing where it is closed.
    std::optional<storage::breaker_record> record(std::string scope) const;
    // A stored one. Where the clock was set back since, it is open for no longer than it can have been meant.
    static breaker restore(storage::breaker_record const& from, breaker_settings const& by, utc_time now);

private:
    bool is_open_ = false;
    bool probing_ = false;
    storage::breaker_record state_{}; // without its scope; `failures` counts from the last success
};

// Whether a failure of a tracker can be its host's: no connection, no answer in time, or a block that is
// meant for all that we ask there.
bool counts_for_host(outcome how) noexcept;

} // namespace checkwatches::check
