// How the record lies in the file.
//
//   trackers, tracker_aliases, capabilities   one row a tracker, an address, a tracker
//   tracker_states   how a tracker fares and what was set for it by command; no row: as at first
//   bugs       what is known of a bug, one row each, written when it changes. Its id is made of the tracker's
//              and a running number, so that what one batch writes are neighbours
//   bug_checks how a bug's last check ended and when its next one is: one row for each row of bugs, narrow
//              since each check writes it. There is no index on next_check on purpose: its values are random,
//              and it would cost many times what the row itself costs. The schedule lives in memory and is
//              filled by one scan. `retired` says that next_check is never: the conditions of partial indexes
//              name this, and nothing that moves with each check
//   watches    who is interested in a bug
//   followed_bugs   where the watches of a bug that moved are now
//   check_runs the last 16 ended runs of checks of each bug, a ring by (bug, slot); the run that goes on
//              stands in bug_checks. Found by age through an index whose values mostly grow
//   changes    the log: append-only, ids from 1 without a gap. What an operator did stands there, too: of a
//              bug, of a tracker or of none, with its actor. Each has the hash of the one before it of the
//              same bug (storage/chain.hpp)
//   watch_lists, watch_list_entries   watch lists as they were read last, and what became of what they say
//   sinks      up to where in the log each of those that are told of changes has them; parked_events: what
//              one of them could not be told
//   check_events   every check, while a sink wants them
//   digests    what is told to people together: digest_topics, what has begun to change, with digest_items;
//              digest_troubles, what cannot be read; digest_letters, what is on its way, and digest_threads,
//              which answer which; digest_mutes, when a digest is silent
//   unmapped_words   what no mapping knows, and how often it was seen
//   signatures failures that are alike, by tracker, outcome and normalised message. bugs.signature_id names
//              the one of a bug's last check, and `bugs` is how many rows do; nothing refers to one that
//              ended
//   breakers   those that are not closed, by scope
//   validators what an answer said of itself, by tracker and URL
//   incidents  what happened to ourselves
//   engine     the one process that writes, or was the last to; at most one row
//   comments   what was written about a bug, each once; comment_marks up to where a bug's were read, and
//              comment_counts how that went, by tracker and month of ours ("2026-11")
//   passes     runs at trackers, as they ended; the newest is never removed, so that ids grow
//   outcome_days, traffic_days   what was counted by tracker and day (UTC, since 1970-01-01)
//   tokens     who may ask over HTTP, by name; only a hash of each is here
//   meanings   what an operator says that a tracker's words mean
//   put_away   labels whose upstream bug is not to be shown as fixed until it has a newer change than
//              change_id
//   change_hashes    entries of the log by the first digits of their hashes, in parts (hash_part)
//   counters   by name. "additions" grows with each tracker and bug that is added
//   properties   by name. "store" is a random number of this database, by which events of two databases
//              differ; "unchained_up_to" the last change that was logged before there were hashes
//   recheck_sources   Gerrits whose comments are read; rechecks: those by which people had a change tested
//              again, each once by its id and the bug it names (empty: none); recheck_changes: what they were
//              said of; recheck_gaps: times that could not be read; recheck_signatures: the files of a
//              source's folder
//
// Times are milliseconds since 1970 UTC.
#include "storage/schema.hpp"

#include "storage/hash_function.hpp"
#include "storage/schema_steps.hpp"

#include <fmt/format.h>

#include <utility>

namespace checkwatches::storage {
namespace {

constexpr char const* steps_so_far[]{
    version_1,
    version_2,
    version_3,
    version_4,
    version_5,
    version_6,
    version_7,
    version_8,
    version_9,
    version_10,
    version_11};

error refused(std::string message)
{
    return error{.kind = error_kind::storage, .message = std::move(message)};
}

} // namespace

std::span<char const* const> migrations() noexcept
{
    return steps_so_far;
}

result<void>
check_identity(std::string const& path, std::int64_t application, std::int64_t version, std::int64_t known)
{
    if (application != application_id)
        return refused(fmt::format(
            "{} is a SQLite database of another program; name another file for checkwatches", path));
    if (version > known)
        return refused(fmt::format(
            "{} has version {} of the database and this checkwatches knows versions up to {}; use the newer "
            "checkwatches that wrote it, or name another file",
            path,
            version,
            known));
    return {};
}

result<void> migrate(sqlite::database& db, std::string const& path, std::span<char const* const> steps)
{
    // Looked at inside the transaction: two processes may start on a new file at once.
    sqlite::transaction writing{db, sqlite::transaction::purpose::write};
    auto const application = db.number("PRAGMA application_id");
    auto const version = db.number("PRAGMA user_version");
    bool const is_new = application == 0 && version == 0
                        && db.number("SELECT count(*) FROM sqlite_schema") == 0;
    auto const known = static_cast<std::int64_t>(steps.size());
    if (auto ours = check_identity(path, is_new ? application_id : application, version, known); !ours)
        return ours;

    add_hash_function(db);
    for (auto const* const step : steps.subspan(static_cast<std::size_t>(version)))
        db.execute(step);
    if (version != known) {
        db.execute(fmt::format("PRAGMA application_id = {}", application_id).c_str());
        db.execute(fmt::format("PRAGMA user_version = {}", known).c_str());
    }
    writing.commit();
    return {};
}

} // namespace checkwatches::storage
