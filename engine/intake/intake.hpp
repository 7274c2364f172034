#pragma once

#include "engine/intake/prove.hpp"
#include "storage/store.hpp"

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace checkwatches::intake {

// Watches to add: a URL and what it is watched for.
struct wanted_watch {
    std::string url{};
    storage::watch what{};
};

// A registered tracker, and the bug of it that a URL names.
struct acquaintance {
    storage::tracker tracker{};
    candidate named{};
};

// What became of a wanted watch.
struct added_watch {
    std::string url{}; // as it was given
    storage::tracker tracker{};
    std::string remote_id{};
    storage::bug_id bug{};
    bool new_tracker = false;
    bool new_bug = false;
    bool new_watch = false;
    bool malformed_id = false; // no bug of this kind can have the id: each check will say invalid_id
};

// What tells newcomers apart: bugs of one tracker that is not known have the same, by the kinds whose shape
// they have and the first one's base. `all` is not empty.
std::string newcomer_key(std::vector<candidate> const& all);

// The trackers that these watches name and that are not registered. Only for `only_kind`, where that is not
// empty.
newcomers unknown_trackers(
    storage::reader const& read,
    adapters::registry const& kinds,
    std::string const& only_kind,
    std::vector<wanted_watch> const& wanted);

// Takes watches in: finds the trackers that URLs name, registers what is new, adds bugs and watches. Looks at
// the database through `read` and changes it through `write`, both blocking: it never runs on a loop. What
// the network must say first is asked in between, by prove_all().
class intake {
public:
    intake(
        storage::reader const& read,
        storage::store& write,
        adapters::registry const& kinds,
        std::string only_kind,
        std::chrono::seconds capabilities_last);

    // One result for each wanted watch, in order; an error says what is wrong with that one, and the others
    // are added all the same. A bug whose watches followed it elsewhere is watched there. Newcomers that
    // proved what they are become trackers.
    std::vector<result<added_watch>> add(std::vector<wanted_watch> const& wanted, newcomers fresh);

    // Makes trackers of the newcomers that proved what they are and are not known yet; why that failed
    // becomes one of their refusals.
    void register_all(newcomers& fresh);

    // Adds one watch, in the caller's transaction, where its tracker is registered; nothing where it is not.
    // `made` holds the bugs that were made in that transaction.
    result<std::optional<added_watch>>
    add_where_known(wanted_watch const& want, std::set<storage::bug_id>& made);
    // The same for a bug of a tracker that is named, or whose address is given, in place of a URL.
    result<std::optional<added_watch>> add_where_known(
        std::string const& tracker,
        std::string const& remote_id,
        storage::watch const& what,
        std::set<storage::bug_id>& made);

    // Makes a tracker of a newcomer, as what it proved to be; without a name it is called by its host and
    // path. An error of kind usage: name or address is taken.
    result<storage::tracker> register_tracker(newcomer const& one, candidate const& as, std::string name);

private:
    result<added_watch>
    add_one(wanted_watch const& want, newcomers const& fresh, std::set<storage::bug_id>& made);
    result<added_watch> add_to(
        storage::tracker tracker,
        candidate const& named,
        wanted_watch const& want,
        std::set<storage::bug_id>& made);
    std::optional<acquaintance> moved_from(storage::bug_id bug) const;
    std::string free_name(web_url const& base) const;

    storage::reader const& read_;
    storage::store& write_;
    adapters::registry const& kinds_;
    std::string only_kind_;
    std::chrono::seconds capabilities_last_;
};

} // namespace checkwatches::intake
