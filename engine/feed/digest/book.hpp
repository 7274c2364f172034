#pragma once

#include "engine/feed/digest/settings.hpp"
#include "engine/feed/event.hpp"
#include "storage/digest_records.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace checkwatches::feed {

struct letter_draft;

// A watched bug as it stands.
struct digest_bug {
    storage::named_bug what{};
    std::vector<storage::watch> watches{};
    std::optional<status> state{};
    std::optional<importance> weight{};
    std::optional<outcome> last_outcome{};
    std::string error{};
    std::optional<utc_time> checked_at{};
    std::optional<utc_time> seen_at{};
    std::optional<utc_time> run_began{}; // since when its checks end as the last one did
    utc_time next_check{};
    std::int64_t failures = 0; // in a row
};

// What else decides whether something is told.
struct digest_surroundings {
    utc_time now{};
    bool caught_up = false; // all that the log has was taken in
    std::vector<storage::digest_mute> mutes{};
    std::vector<storage::acknowledgement> acknowledged{}; // of all bugs that are spoken of
    std::set<std::string> paused{};                       // trackers, by name
};

// The bugs of topics, by the topic's name.
using digest_members = std::map<std::string, std::vector<digest_bug>>;

// The rules of a digest, without clock, database and mail: what is told, when, and together with what. What
// its functions lead to is kept until it is taken as one step; when that is stored, the other half of the
// world may know of it.
class digest_book {
public:
    // `state` is what was stored; a digest that is new begins now.
    digest_book(digest_settings settings, letter_style style, storage::digest_state state);

    // The topics that these events open: their bugs are to be read for take().
    std::set<std::string>
    opened_by(std::vector<event> const& events, digest_surroundings const& around) const;
    // Changes as they come, in the order of their ids; one that was taken in before is passed over.
    void take(std::vector<event> const& events, digest_members const& of, digest_surroundings const& around);

    std::vector<storage::digest_topic> const& open() const noexcept { return state_.topics; }
    // Tells the open topics that have settled; `of` has the bugs of all of them.
    void settle(digest_members const& of, digest_surroundings const& around);

    std::vector<storage::digest_trouble> const& troubles() const noexcept { return state_.troubles; }
    // Bugs that fail, and all those of troubles() that are watched: tells what cannot be read any more, what
    // can be again, and what will not be.
    void look_at(std::vector<digest_bug> const& bugs, digest_surroundings const& around);

    // Whether anything changed since the last step.
    bool is_changed() const noexcept { return changed_; }
    // All that changed; to be stored as one.
    storage::digest_step take_step();

    digest_settings const& settings() const noexcept { return settings_; }
    storage::digest_state const& state() const noexcept { return state_; }

private:
    struct error_news {
        std::vector<storage::digest_trouble> began{};
        std::vector<storage::digest_trouble> permanent{};
        std::vector<storage::digest_trouble> over{};
    };

    bool is_silent(utc_time when, digest_surroundings const& around) const;
    bool is_quiet(event const& e, digest_surroundings const& around) const;
    std::set<std::string> topics_told(event const& e, digest_surroundings const& around) const;
    void
    add(std::string const& topic,
        event const& e,
        digest_members const& of,
        digest_surroundings const& around);
    void tell_first(storage::digest_topic& topic);
    bool is_settled(
        storage::digest_topic const& topic,
        std::vector<digest_bug> const& silent,
        digest_surroundings const& around) const;
    void tell_settled(
        storage::digest_topic const& topic,
        std::vector<digest_bug> const& silent,
        digest_members const& of,
        digest_surroundings const& around);
    bool was_seen_to(
        storage::digest_item const& item,
        std::string const& topic,
        digest_members const& of,
        digest_surroundings const& around) const;
    std::vector<digest_bug> unanswered(
        storage::digest_topic const& topic,
        digest_members const& of,
        digest_surroundings const& around) const;

    void look_at(
        digest_bug const& bug, digest_surroundings const& around, std::map<std::string, error_news>& news);
    void forget_unwatched(std::vector<digest_bug> const& bugs);
    void tell_errors(std::string const& topic, error_news const& news, digest_surroundings const& around);

    void write(std::string const& topic, std::string kind, utc_time at, letter_draft const& draft);
    void mark(std::string const& topic);

    digest_settings settings_;
    letter_style style_;
    storage::digest_state state_;
    storage::digest_step step_;
    std::set<std::string> touched_; // topics
    bool changed_ = false;
};

// Whether the digest is silent then: in one of its windows, or by command.
bool is_in_maintenance(
    digest_settings const& s, std::vector<storage::digest_mute> const& mutes, utc_time when);

// The topics of a digest that a bug with these watches belongs to.
std::set<std::string> topics_of(digest_settings const& s, std::vector<storage::watch> const& watches);

} // namespace checkwatches::feed
