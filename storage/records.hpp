#pragma once

#include "engine/core/capabilities.hpp"
#include "engine/core/comment.hpp"
#include "engine/core/sighting.hpp"
#include "engine/core/url.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace checkwatches::storage {

enum class tracker_id : std::int64_t {};

// A bug's row: the tracker in the upper 32 bits, a running number of the tracker's bugs in the lower 32, so
// that the rows of one tracker lie together in the file (what one pass writes are neighbours).
enum class bug_id : std::int64_t {};

constexpr bug_id make_bug_id(tracker_id of, std::int64_t number)
{
    return static_cast<bug_id>((static_cast<std::int64_t>(of) << 32) | number);
}
// The greatest id that a bug of this tracker can have.
constexpr bug_id last_bug_id(tracker_id of)
{
    return make_bug_id(of, 0xffff'ffff);
}
constexpr tracker_id tracker_of(bug_id id)
{
    return static_cast<tracker_id>(static_cast<std::int64_t>(id) >> 32);
}

constexpr std::uint32_t number_of(bug_id id)
{
    return static_cast<std::uint32_t>(static_cast<std::int64_t>(id) & 0xffff'ffff);
}

// The next_check of a bug that is not to be asked about: it moved and its watches follow it, or it is a link.
inline constexpr utc_time never{std::chrono::sys_days{std::chrono::year{9999} / 12 / 31}};

struct tracker {
    tracker_id id{};
    std::string kind{};
    std::string name{};     // unique, for people: "bugs.example.org"
    std::string base_url{}; // unique, as web_url::text() writes it
    std::optional<std::string> api_url{};
    utc_time created_at{};
};

// Checks of a bug in a row that ended alike: the same outcome for the same reason. A bug's history is kept as
// runs, so that the bounded room for it holds months, and a check that ends like the one before writes
// nothing but the bug's row.
struct check_run {
    utc_time first{};
    utc_time last{};
    outcome how{};
    std::string detail{};
    std::int64_t times = 0;
};

// What is known of a bug, as its row holds it.
struct bug_state {
    bug_id id{};
    std::string remote_id{};

    std::optional<status> state{};      // the last good verdict
    std::optional<importance> weight{}; // the last good verdict
    raw_words words{};                  // of the last sighting
    std::string title{};
    std::string product{}; // the part of the tracker that it is in; empty: it has none, or does not tell
    std::string duplicate_of{};
    std::optional<utc_time> modified_at{}; // as the tracker says
    std::size_t replaced = 0;              // characters of the last sighting that could not be decoded

    std::optional<outcome> last_outcome{}; // nothing: never checked
    std::string error{};                   // what the last check failed with; empty where it did not
    std::optional<utc_time> checked_at{};  // the last check, however it ended
    std::optional<utc_time> seen_at{};     // the last success
    std::optional<utc_time>
        changed_at{}; // the last recorded change; at first sight the tracker's own modified_at, if any
    utc_time next_check{};
    std::int64_t failures = 0; // in a row

    // The tracker's own clock when it was asked for the last success: "what changed since?" is asked from
    // there. Nothing where it did not tell, or where its clock cannot be trusted.
    std::optional<utc_time> server_time{};
    std::optional<utc_time> read_at{}; // the last time its record was read whole: seen, not unmodified

    // The run that the last check belongs to: checks in a row that ended alike. (Its outcome, detail and end
    // stand above.)
    std::optional<utc_time> run_began{};
    std::int64_t run_checks = 0;
    std::int64_t runs_ended = 0; // before this one
};

// An entry of the log: a recorded difference of a bug, or what an operator did. `field` is "status" or
// "importance", "remote_status" or "remote_importance" where only the tracker's words differ, "duplicate_of"
// or "moved_to"; of an act what was done: "watch", "unwatch", "check", "probe", "pause", "resume", "reset",
// "settings", "meaning", "put_away", "watchlist", "sink", "digest", "token". What was not known is nothing.
struct change {
    std::int64_t id{}; // gap-free, given by the store
    utc_time at{};
    std::optional<tracker_id> from{}; // nothing: an act that is of no tracker
    std::optional<bug_id> bug{};      // nothing: an act that is of no single bug
    std::string field{};
    std::optional<std::string> before{};
    std::optional<std::string> after{};
    std::optional<std::string> remote_before{};
    std::optional<std::string> remote_after{};
    // Why it changed, where that is not the tracker: "mapping", the same words mean something else by now.
    // Empty otherwise.
    std::string reason{};
    std::string actor{}; // who did it, of an act: "token ci", "local user anna"; empty: a tracker's doing
    // The hash (storage/chain.hpp) of the entry before it that is of the same bug; nothing at a bug's first,
    // at what is of no bug, and at what was logged before there was a chain.
    std::optional<std::string> previous{};
};

// One check of one bug, settled: what its row becomes and what that changed.
struct settled_bug {
    bug_state after{};
    std::vector<change> changes{}; // without ids
    std::vector<unmapped_word> unmapped{};
    std::optional<check_run> ended{}; // the run that this check ended, for the bug's history
    // Whether more than the check's own columns (outcome to runs_ended, but changed_at) differs from the
    // stored row. False spares most of the write.
    bool facts_changed = true;
    // Whether the check goes on with the run that is stored: outcome, error and the run's begin and number
    // are as they were. True spares the indexes of what fails.
    bool run_goes_on = false;
};

// What an answer said of itself, so that the same question can be asked as "anything new?" (RFC 9110 §13).
struct validator {
    std::string url{}; // as web_url::text() writes it, without credentials
    std::string etag{};
    std::string last_modified{};
    utc_time at{}; // when the answer came
};

// What one batch brought: applied as one unit.
struct report {
    tracker_id from{};
    utc_time at{};
    std::vector<settled_bug> bugs{};
    std::vector<validator> validators{}; // of the answers that these bugs were read from
};

// What an error signature did by a report, where that is worth a line in the log.
struct signature_news {
    enum class what {
        first,       // never seen before, or seen again after it had ended
        power_of_10, // it has now been seen 10, 100, 1,000, … times
        ended,       // the last bug that had it has it no longer
    };
    what news{};
    std::string tracker{}; // name
    outcome how{};
    std::string message{}; // normalised
    std::int64_t times = 0;
    std::string sample{};
};

// What applying a report came to.
struct applied {
    std::vector<change> changes{}; // with their ids
    std::vector<signature_news> signatures{};
};

// What was written about a bug, as it is kept.
struct stored_comment {
    comment what{};
    bool is_cut = false; // the text was longer than is kept
    utc_time imported_at{};

    static constexpr std::size_t longest = std::size_t{64} * 1024; // bytes of text
};

// An attempt to read what was written about a bug.
struct comment_reading {
    bug_id bug{};
    utc_time at{};
    std::string failure{}; // why it failed; empty where it did not
    std::vector<comment> read{};
    bool is_complete = true;               // false: there are more, which the next attempt is to read
    std::optional<utc_time> modified_at{}; // the bug's when it was seen before
};

// Up to where what was written about a bug was read.
struct comment_mark {
    bug_id bug{};
    utc_time tried_at{};
    std::optional<utc_time> read_at{};     // the last attempt that read all there was
    std::optional<utc_time> modified_at{}; // the bug's then
    std::optional<utc_time> newest_at{};   // when the newest that was read was written
    std::string failure{};                 // of the last attempt; empty where it did not fail
};

// How the import went at one tracker in one month of ours ("2026-11").
struct comment_count {
    std::string month{};
    std::int64_t seen = 0;     // comments that were read, some of them not for the first time
    std::int64_t imported = 0; // … and were new
    std::int64_t failed = 0;   // attempts to read those of a bug

    bool operator==(comment_count const&) const = default;
};

// What the watched bug is to what it is watched for: the same bug, or one that has to do with it.
enum class relation { same, related };

constexpr std::string_view word(relation r) noexcept // "same", "related"
{
    return r == relation::same ? "same" : "related";
}
constexpr std::optional<relation> parse_relation(std::string_view text) noexcept
{
    for (auto const r : {relation::same, relation::related})
        if (text == word(r))
            return r;
    return std::nullopt;
}

struct watch {
    std::string label{};  // a package, a local bug; may be empty
    std::string source{}; // "typed", "list:…" a watch list, "scan:…", "gerrit:…", "import:…"
    std::string owner{};
    relation is{};
    std::string note{};
};

// A bug as it is shown: its row, its tracker, its labels.
struct shown_bug {
    bug_state bug{};
    std::string tracker{}; // name
    std::string kind{};
    std::string base_url{};
    std::vector<std::string> labels{};
};

// A change as it is shown; what an act is not about is empty.
struct shown_change {
    change what{};
    std::string tracker{};
    std::string kind{};
    std::string base_url{};
    std::string remote_id{};
};

struct unmapped_entry {
    std::string tracker{};
    unmapped_word what{};
    std::int64_t times{};
    utc_time first_seen{};
    utc_time last_seen{};
};

// What can be set for one tracker by command; nothing: the configuration's.
struct tracker_settings {
    std::optional<std::int64_t> batch{};       // ids in one request, below what the tracker can take
    std::optional<std::int64_t> lanes{};       // batches under way at a time
    std::optional<std::int64_t> connections{}; // to its host
    std::optional<double> requests_per_second{};
    std::optional<bool> changed_since{};    // false: everything is always read in full
    std::optional<bool> comments{};         // true: what is written about its bugs is imported, too
    std::vector<std::string> comments_of{}; // … of these products only; none: of all

    bool operator==(tracker_settings const&) const = default;
};

// How a tracker fares, beside its row.
struct tracker_state {
    bool paused = false;
    std::string note{};                              // why it is paused, in the operator's words
    std::optional<utc_time> tried_at{};              // the last time that it was asked, however that ended
    std::optional<utc_time> succeeded_at{};          // the last time that it answered for a bug
    std::optional<std::string> moved_to{};           // where it says that it lives now
    std::optional<std::chrono::milliseconds> skew{}; // its clock minus ours; nothing while it is in order
    tracker_settings settings{};
};

// A breaker that is not closed: of one tracker ("tracker 17") or of one host (its origin).
struct breaker_record {
    std::string scope{};
    std::int64_t failures = 0; // in a row
    utc_time failed_at{};      // the last of them
    utc_time open_until{};
    bool announced = false; // the other side named the time itself: not to be tried before
    outcome how{};
    std::string detail{};
};

// Failures of one tracker that are alike: the same outcome for the same reason, but for numbers and names in
// it.
struct signature {
    std::int64_t id{};
    std::string tracker{}; // name
    outcome how{};
    std::string message{};  // normalised (engine/core/signature.hpp)
    std::int64_t times = 0; // checks that ended so
    std::int64_t bugs = 0;  // whose last check ended so
    utc_time first_seen{};
    utc_time last_seen{};
    std::optional<utc_time> ended_at{}; // since when no bug has it any longer
    std::string sample{};               // one message as it was, credentials removed
};

// A watched bug that its tracker says has moved, or is a duplicate.
struct leading_bug {
    bug_id bug{};
    std::string kind{}; // of its tracker, like base_url and api_url
    std::string base_url{};
    std::optional<std::string> api_url{};
    std::string url{}; // where it leads, in the tracker's words: an address, or of a duplicate also an id
    std::int64_t watches{};
};

// Something that happened to us rather than to a tracker.
struct incident {
    std::int64_t id{};
    std::string kind{}; // "offline", "disk", "suspended", "clock_step"
    utc_time began{};
    std::optional<utc_time> ended{};
    std::string detail{};
};

// The life of the process that writes this database.
struct engine_record {
    std::int64_t pid = 0;
    std::string version{};
    utc_time started_at{};
    std::optional<utc_time> stopped_at{};   // nothing while it runs, and where it was killed
    std::optional<utc_time> committed_at{}; // the last report that was stored
};

// A bug's appointment, as the schedule in memory holds it.
struct appointment {
    bug_id bug{};
    utc_time next_check{};
    bool checked = false; // at least once
};

// How long some times lie back, of `n` of them; all zero where there is none.
struct age_spread {
    std::int64_t n = 0;
    std::chrono::seconds least{};
    std::chrono::seconds mean{};
    std::chrono::seconds greatest{};
};

// How the bugs of one tracker fare, counted at one time.
struct tracker_counts {
    tracker_id id{};
    std::int64_t bugs = 0;
    std::int64_t due = 0;               // next_check has come
    std::int64_t failing = 0;           // the last check failed
    std::optional<utc_time> retry_at{}; // the earliest next_check of those
    std::int64_t never_checked = 0;
    std::optional<utc_time> oldest_due{}; // the earliest next_check that has come
    std::optional<utc_time> last_seen{};  // the latest success
    age_spread since_check{};             // of bugs that were ever checked, and are still asked about
    age_spread since_seen{};              // … that ever were seen
    age_spread waits{};                   // of bugs that wait for their first check, since they are watched
};

// One run at one tracker: what was asked in one go, until nothing was left or trouble ended it.
struct tracker_pass {
    std::int64_t id{}; // given by the store; grows
    tracker_id from{};
    std::string tracker{}; // name; for reading only
    utc_time began{};
    utc_time ended{};
    std::int64_t asked = 0;  // bugs whose check ended, in whatever
    std::int64_t failed = 0; // … with a failure
    std::int64_t changes = 0;
    std::int64_t requests = 0;
    std::int64_t not_modified = 0;              // answers 304
    std::int64_t bytes = 0;                     // of the bodies, content coding taken off
    bool deferred = false;                      // a limit ended it
    std::string trouble{};                      // what ended it early; empty: nothing did
    std::map<outcome, std::int64_t> outcomes{}; // in what the checks ended: as many as were asked
};

// Checks of one tracker in one day (UTC) that ended so.
struct outcome_day {
    std::int64_t day{}; // since 1970-01-01
    outcome how{};
    std::int64_t checks{};
};

// What one tracker was sent in one day (UTC).
struct traffic_day {
    std::int64_t day{}; // since 1970-01-01
    std::int64_t passes = 0;
    std::int64_t requests = 0;
    std::int64_t not_modified = 0;
    std::int64_t bytes = 0;
    std::int64_t deferrals = 0; // passes that a limit ended
};

// Who may do what over HTTP. The token itself is not stored.
enum class access_right { read, operate };
struct access_token {
    std::string name{};
    access_right right{};
    std::string hash{}; // SHA-256 of the token, in hexadecimal digits
    utc_time created_at{};
    std::optional<utc_time> revoked_at{};
};

// What an operator says that a word of a tracker means: `field` is "status" or "importance", `key` as
// word_map has it, `means` the normal word.
struct stored_meaning {
    tracker_id from{};
    std::string tracker{}; // name; for reading only
    std::string field{};
    std::string key{};
    std::string means{};
    std::string actor{};
    utc_time at{};
};

// What to keep of what is not kept for ever; changes are.
struct retention {
    std::chrono::seconds checks{std::chrono::days{365}};    // ended runs of checks, after their end
    std::chrono::seconds signatures{std::chrono::days{90}}; // after their end
    std::chrono::seconds validators{std::chrono::days{90}};
    std::chrono::seconds incidents{std::chrono::days{365}}; // after their end
    std::chrono::seconds passes{std::chrono::days{30}};     // after their end
    std::chrono::seconds days{std::chrono::days{400}};      // what was counted by day

    bool operator==(retention const&) const = default;
};

struct stored_capabilities {
    capabilities can{};
    utc_time probed_at{};
    utc_time expires_at{};
};

} // namespace checkwatches::storage
