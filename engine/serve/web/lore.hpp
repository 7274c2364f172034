#pragma once

#include "engine/core/error.hpp"
#include "storage/reader.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <vector>

namespace checkwatches::serve {

// One bug on the way from a duplicate to its master.
struct chain_step {
    std::string url{};                    // http(s); empty where there is none
    std::string remote_id{};              // as the bug before says it
    std::optional<storage::bug_id> bug{}; // where it is known here
};

// What the pages and the API must know of trackers' kinds and of the schedule, which is not theirs to know.
// All functions may be called from any thread; one object keeps to the configuration that it was made with.
class lore {
public:
    virtual ~lore() = default;

    // Where people look at the bug: an http(s) address, or empty.
    virtual std::string
    url_of(std::string const& kind, std::string const& base_url, std::string const& id) const = 0;
    // The bug that this URL names, where it is in the database; an error of kind usage where the URL names
    // none of any kind.
    virtual result<std::optional<storage::bug_id>>
    find(storage::reader const& in, std::string const& url) const = 0;

    // Why the bug is asked when it is, as `show` says it ("why"): one clause.
    virtual std::string
    why(storage::reader const& in, storage::shown_bug const& shown, utc_time now) const = 0;
    // All that decides it, a sentence each, in order.
    virtual std::vector<std::string>
    explain(storage::reader const& in, storage::shown_bug const& shown, utc_time now) const = 0;
    // It was seen longer ago than the schedule promises.
    virtual bool is_late(storage::bug_state const& bug, utc_time now) const = 0;
    // From the bug to its master, without the bug itself; empty where it is no duplicate.
    virtual std::vector<chain_step>
    chain_of(storage::reader const& in, storage::shown_bug const& shown) const = 0;

    // The bug whose verdict it is shown with, where the configuration says that this is not its own: a
    // duplicate's master. Nothing: its own.
    virtual std::optional<storage::shown_bug>
    judge_of(storage::reader const& in, storage::shown_bug const& shown) const = 0;
    // Whether changes are told a sink of this name.
    virtual bool has_sink(std::string const&) const { return true; }
    // Words of its last sighting that have no meaning: its verdict is older than they are.
    virtual std::vector<unmapped_word>
    unmapped(storage::reader const& in, storage::shown_bug const& shown) const = 0;

    // What the tracker's bugs would change by where this word (`key` as word_map has it) meant that: how
    // many, and of the first of them what.
    struct preview {
        struct changed {
            storage::shown_bug bug{}; // as it is
            std::vector<storage::change> by{};
        };
        std::size_t bugs = 0; // looked at
        std::vector<changed> first{};
        std::size_t changes = 0;
    };
    virtual preview preview_meaning(
        storage::reader const& in,
        std::string const& tracker,
        std::string const& field,
        std::string const& key,
        std::string const& means) const = 0;
};

} // namespace checkwatches::serve
