#pragma once

#include "storage/database_error.hpp"
#include "storage/feed_records.hpp"
#include "storage/records.hpp"
#include "storage/watch_list_records.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace checkwatches::storage {

// storage/digest_records.hpp
struct digest_letter;
struct digest_mute;
struct digest_step;
class recheck_writer;

// The writing side of the database: one SQLite file in WAL mode. Blocking and without threads of its own;
// storage/writer.hpp runs it on a thread. What the caller can mend comes back as an error of kind usage or
// storage; a broken database throws database_error, as does a lock that another process holds for 5 s.
//
// What is committed survives kill -9 and power failures at any point.
class store {
public:
    // Opens the file, creates it (and its folder) where there is none, and migrates an older one. Errors of
    // kind storage, each saying what to do: a folder in its place, no permission, a read-only disk, no SQLite
    // file, another program's database, a newer version than this program knows.
    static result<std::unique_ptr<store>> open(std::string const& path);
    ~store();

    // Runs `work` as one transaction; what it throws rolls it back and is thrown on. Outside of one, each
    // function below is a transaction of its own.
    void in_transaction(std::function<void()> const& work);

    // A new tracker, with its base URL as first alias. An error of kind usage: name or URL is taken.
    result<tracker> add_tracker(tracker const& t);
    // Another address of the same tracker; already there: nothing happens. An error of kind usage: it belongs
    // to another tracker.
    result<void> add_alias(tracker_id of, std::string const& url);
    void put_capabilities(tracker_id of, stored_capabilities const& can);

    // The bug's row, made where there was none: due at `due`, which may be `never`. One that is not asked
    // about because nobody watched it any more becomes due at `due`, too; what moved does not.
    bug_id add_bug(tracker_id of, std::string const& remote_id, utc_time due);
    // False: just this watch (bug, label, source) was there already.
    bool add_watch(bug_id on, watch const& w, utc_time now);

    // The watches of a bug that moved to `url` are those of the bug there from now on; it is not asked about
    // any more. A change ("moved_to") says so.
    void follow_move(bug_id from, bug_id to, std::string const& url, utc_time now);

    // Takes a watch away; false: there was none. A bug that nobody watches any more is not asked about, and
    // its failure is over.
    bool remove_watch(bug_id on, std::string const& label, std::string const& source);
    // Owner, relation and note of a watch that is there become those of `w`.
    void amend_watch(bug_id on, watch const& w);
    // Puts an act into the log; its id. `actor` and `field` are not empty; of a bug it is its tracker's, too.
    std::int64_t log_act(change const& act);

    // A watch list as it was read, in place of what there was; its watches are not touched.
    void put_watch_list(watch_list_record const& list, std::vector<list_entry> const& entries);
    // The same, but for the entries: those that were there stay.
    void put_watch_list(watch_list_record const& list);
    // What became of one entry of a list; `entry.number` says which.
    void put_entry(std::string const& list, list_entry const& entry);
    // Forgets a list and its entries; false: there is none.
    bool drop_watch_list(std::string const& name);

    // Applies a report, but for bugs that are not to be asked about any more since they were read: bug rows,
    // ended runs of checks (the last 16 of each bug stay), change rows, unmapped words, validators,
    // error signatures, the tracker's outcomes of the day. The changes get the next ids without a gap, and
    // the bug they stand at. Must run inside in_transaction(). A bug without an outcome gets no check row.
    applied apply(report const& r);

    // The whole of a tracker's state, in place of what there was.
    void put_tracker_state(tracker_id of, tracker_state const& state);
    // The tracker lives at another address now; the old one stays as an alias. An error of kind usage: the
    // address belongs to another tracker.
    result<void> move_tracker(tracker_id of, std::string const& base_url);
    void put_breaker(breaker_record const& b);
    void drop_breaker(std::string const& scope);
    // These bugs are due at `now`, but for those that are never; their failures in a row are forgotten.
    void make_due(std::vector<bug_id> const& bugs, utc_time now);

    // Keeps what was read, each comment once (by bug and remote id), a text of more than
    // stored_comment::longest bytes cut to that; moves the bug's mark, and counts for its tracker.
    void apply_comments(comment_reading const& r);

    std::int64_t begin_incident(incident const& i); // its id
    void end_incident(std::int64_t id, utc_time at);

    // A run at a tracker has ended; it counts for the day of its end, too.
    void add_pass(tracker_pass const& p);

    // An error of kind usage: there is a token of this name already, revoked or not.
    result<void> add_token(access_token const& t);
    // False: there is none of this name that is not revoked.
    bool revoke_token(std::string const& name, utc_time at);

    // In place of what was said of the same word before.
    void put_meaning(stored_meaning const& m);
    bool drop_meaning(tracker_id from, std::string const& field, std::string const& key); // false: none
    // The word is no longer in the queue.
    void settle_word(tracker_id from, std::string const& field, std::string const& word);

    // The label's upstream bug is not to be shown as fixed, until it changes (an act is no change); or is to
    // be again.
    void put_away(std::string const& label, bug_id bug, utc_time at);
    void take_back(std::string const& label, bug_id bug);

    // Where a sink stands, in place of what there was.
    void put_sink(sink_record const& s);
    // Forgets a sink and what it could not be told.
    void drop_sink(std::string const& name);
    void park(parked_event const& e);
    bool unpark(parked_event const& e); // by sink, kind and id; false: it is not parked

    // From now on each report's checks are kept as check events, written with it; or are not.
    void keep_check_events(bool wanted);
    // Removes those up to this id that are not parked, at most `most`; how many went.
    std::int64_t drop_check_events(std::int64_t up_to, std::int64_t most);

    // What one step of a digest changes, as one.
    void apply_digest(digest_step const& s);
    // A letter has arrived: it is forgotten. Or it has not: its tries and its trouble are kept.
    void drop_letter(std::string const& digest, std::int64_t number);
    void put_letter_trouble(std::string const& digest, digest_letter const& l);
    // The digest's letters that were parked are tried again; how many there are.
    std::int64_t unpark_letters(std::string const& digest);
    // Silence from `m.from` on, in place of what goes on then; what ended before `forget` is forgotten.
    void mute_digest(std::string const& digest, digest_mute const& m, utc_time forget);
    bool unmute_digest(std::string const& digest, utc_time now); // false: it was not muted
    // Forgets all that a digest knows, letters that are on their way, too.
    void drop_digest(std::string const& digest);
    // What people say in Gerrit when they have a change tested again (storage/rechecks.hpp); lives as long as
    // the store.
    recheck_writer& rechecks() noexcept;

    // A process begins to write here, or ends.
    void begin_engine(engine_record const& e);
    void end_engine(utc_time at);

    // Removes what is older than it is kept, at most `most` rows, so that it never holds up a report for
    // long; how many went. Fewer than `most`: nothing more to remove. The newest pass stays.
    std::int64_t prune(retention const& keep, utc_time now, std::int64_t most);

private:
    class impl;
    explicit store(std::unique_ptr<impl> i);
    std::unique_ptr<impl> impl_;
};

} // namespace checkwatches::storage
