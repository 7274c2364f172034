#pragma once

#include "storage/database_error.hpp"
#include "storage/feed_records.hpp"
#include "storage/listing.hpp"
#include "storage/log_part.hpp"
#include "storage/records.hpp"
#include "storage/watch_list_records.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace checkwatches::storage {

// storage/digest_records.hpp
struct acknowledgement;
struct digest_letter;
struct digest_mute;
struct digest_state;
class recheck_reader;

// Which bugs to show; what is empty does not restrict. Several values of one kind are alternatives.
struct bug_filter {
    std::vector<bug_id> bugs{};
    std::vector<std::string> trackers{}; // names
    std::optional<std::string> label{};
    std::optional<outcome> how{};
};

// A read-only view of the database over a connection of its own. Blocking, for one thread at a time; every
// call sees one consistent state. A broken database throws database_error.
class reader {
public:
    // An error of kind storage: there is no database, or it cannot be read (as store::open; a missing file is
    // an error here).
    static result<std::unique_ptr<reader>> open(std::string const& path);
    ~reader();

    std::vector<tracker> trackers() const;
    std::optional<tracker> tracker_by_name(std::string const& name) const;
    // By base URL or alias.
    std::optional<tracker> tracker_by_url(std::string const& url) const;
    // All addresses of the tracker, the base URL among them, in order.
    std::vector<std::string> aliases_of(tracker_id of) const;
    std::optional<stored_capabilities> capabilities_of(tracker_id of) const;

    std::optional<bug_id> find_bug(tracker_id of, std::string const& remote_id) const;
    // In the order of tracker name and id; calls `visit` for each.
    void each_bug(bug_filter const& which, std::function<void(shown_bug const&)> const& visit) const;
    // Bugs whose next_check is at or before `now`; all bugs where `now` is nothing. Never-checked first, then
    // the longest overdue.
    std::vector<bug_state> due(tracker_id of, std::optional<utc_time> now) const;
    // Those of these bugs that there are, in the order of their ids.
    std::vector<bug_state> bugs(std::vector<bug_id> const& which) const;
    // Those of these bugs that there are, in the order asked, each where its check is to be settled: `after`
    // is as it was.
    std::vector<settled_bug> bugs_to_settle(std::vector<bug_id> const& which) const;
    // Watched bugs that moved, and those that are duplicates, in the order of their ids.
    std::vector<leading_bug> moved_bugs() const;
    std::vector<leading_bug> duplicate_bugs() const;
    // The appointments of one tracker's bugs whose id is greater than `after`, in the order of their ids; of
    // all trackers' bugs where `of` is nothing. One scan of the table.
    void each_appointment(
        std::optional<tracker_id> of,
        bug_id after,
        std::function<void(appointment const&)> const& visit) const;
    // The bug's history, newest first; the first run is the one that goes on.
    std::vector<check_run> runs(bug_id of) const;
    std::vector<watch> watches(bug_id of) const;
    // Those of the bug that its watches followed it to, as far as they are known; none where it did not move.
    std::vector<watch> watches_where_it_went(bug_id of) const;
    std::vector<placed_watch> watches_by(std::string const& source) const; // by bug and label

    // What was written about the bug, as far as it was imported; oldest first.
    std::vector<stored_comment> comments(bug_id of) const;
    // Of those of these bugs whose comments were ever asked for, in the order of their ids.
    std::vector<comment_mark> comment_marks(std::vector<bug_id> const& which) const;
    std::vector<comment_count> comment_counts(tracker_id of) const; // newest month first

    // Changes with an id greater than `after`, at most `limit`, in the order of their ids.
    std::vector<shown_change> changes(std::int64_t after, std::int64_t limit) const;
    // The id of the newest change; 0 where there is none.
    std::int64_t last_change() const;
    // A part of the log, at most `limit` entries: the first of it, or the last where that is wanted; always
    // in the order of their ids. Costs what it returns.
    std::vector<shown_change> log(log_part const& which, std::int64_t limit) const;
    // The lowest id of a change that was logged later than this, and the highest of one that was earlier;
    // nothing where there is none. Reads over the index of all that were.
    std::optional<std::int64_t> first_change_after(utc_time when) const;
    std::optional<std::int64_t> last_change_before(utc_time when) const;
    // The changes whose hash (storage/chain.hpp) begins so, with at least least_hash_digits; at most two: one
    // is the one that is meant.
    std::vector<std::int64_t> changes_hashed(std::string const& digits) const;
    std::vector<unmapped_entry> unmapped() const; // most seen first

    // As at first where nothing was ever put.
    tracker_state state_of(tracker_id of) const;
    std::vector<breaker_record> breakers() const; // by scope
    // Of those of these URLs that there are, by URL.
    std::vector<validator> validators_of(tracker_id of, std::vector<std::string> const& urls) const;
    // One for each tracker, by name. One scan of the bugs.
    std::vector<tracker_counts> counts(utc_time now) const;
    std::vector<signature> signatures(signature_list const& which, std::int64_t limit) const;
    std::optional<signature> signature_by_id(std::int64_t id) const;
    std::vector<incident> incidents(std::int64_t limit) const; // newest first
    std::optional<engine_record> engine() const;
    // Grows with each tracker and each bug that is added, by whichever process: where it is as it was, there
    // is none to look for. Costs next to nothing.
    std::int64_t additions() const;

    // Parts of lists, at most `limit` rows each, read from indexes: they cost what they return, however much
    // there is. Only a bug_list that is restricted in several ways reads what one of them lets through (a
    // label, an owner and a source are those of one watch), and one of bugs whose last check succeeded all
    // bugs: most did. list_fixed reads over what was put
    // away, what has no label and what was resolved otherwise; where a label or an owner is named it reads
    // and sorts what is watched so.
    std::vector<shown_bug> list_bugs(bug_list const& which, std::int64_t limit) const;
    std::vector<shown_watch> list_watches(watch_list const& which, std::int64_t limit) const;
    // Groups with a value greater than `after`, that value being not empty; by value. Their watches are
    // counted.
    std::vector<watch_group> watch_groups(watch_field by, std::string const& after, std::int64_t limit) const;
    std::vector<shown_change> list_changes(change_list const& which, std::int64_t limit) const;
    std::vector<tracker_pass> list_passes(pass_list const& which, std::int64_t limit) const;
    std::vector<fixed_upstream> list_fixed(fixed_list const& which, std::int64_t limit) const;
    // Bugs of any tracker with this remote id.
    std::vector<shown_bug> bugs_numbered(std::string const& remote_id, std::int64_t limit) const;

    // Of days from `first` on (since 1970-01-01), in their order; of all trackers where `of` is nothing.
    std::vector<outcome_day> outcome_days(std::optional<tracker_id> of, std::int64_t first) const;
    std::vector<traffic_day> traffic_days(std::optional<tracker_id> of, std::int64_t first) const;

    std::vector<watch_list_record> watch_lists() const; // by name
    std::optional<watch_list_record> watch_list_by_name(std::string const& name) const;
    // In the order in which they stand in the list, behind the entry of this number (from 1), at most
    // `limit`; only those that are waiting or bad where that is wanted.
    std::vector<list_entry>
    list_entries(std::string const& list, bool troubled, std::int64_t after, std::int64_t limit) const;

    std::vector<sink_record> sinks() const; // by name
    // Those that are to be told again first (without a try), then by sink, changes before check events, and
    // id.
    std::vector<parked_event> parked(std::optional<std::string> const& sink, std::int64_t limit) const;
    std::int64_t parked_count(std::string const& sink) const;
    // With an id greater than `after`, in the order of their ids.
    std::vector<shown_check_event> check_events(std::int64_t after, std::int64_t limit) const;
    // The id of the newest check event that there ever was; 0 where there was none.
    std::int64_t last_check_event() const;
    // A random number of this database, in hexadecimal digits: ids that are to be unique in the world are
    // made of it and of ours.
    std::string store_id() const;

    // What the digest knows; nothing where it has not begun.
    std::optional<digest_state> digest(std::string const& name) const;
    // Its letters that are on their way, in their order; those that are parked instead where that is wanted.
    std::vector<digest_letter> letters(std::string const& digest, bool parked, std::int64_t limit) const;
    std::vector<digest_mute> mutes(std::string const& digest) const; // oldest first
    std::vector<acknowledgement> acknowledgements(std::vector<bug_id> const& of) const;
    // What was said in Gerrit (storage/recheck_reader.hpp); lives as long as the reader.
    recheck_reader& rechecks() const noexcept;

    std::vector<access_token> tokens() const; // by name
    // The token with this hash, unless it was revoked.
    std::optional<access_token> token_by_hash(std::string const& hash) const;
    std::vector<stored_meaning> meanings() const; // by tracker's name, field and key

private:
    class impl;
    explicit reader(std::unique_ptr<impl> i);
    std::unique_ptr<impl> impl_;
};

} // namespace checkwatches::storage
