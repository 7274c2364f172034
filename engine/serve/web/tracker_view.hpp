#pragma once

#include "storage/reader.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace checkwatches::serve {

// Everything that the database tells of one tracker.
struct tracker_view {
    storage::tracker row{};
    std::vector<std::string> aliases{};
    std::optional<storage::stored_capabilities> can{};
    storage::tracker_state state{};
    storage::tracker_counts counts{};
    std::string host{};                               // the origin that is asked
    std::optional<storage::breaker_record> breaker{}; // nothing: closed
    std::optional<storage::breaker_record> host_breaker{};
    std::vector<storage::comment_count> comments{}; // how their import went, newest month first
    std::vector<storage::signature> signatures{};   // how its checks fail now, what most bugs have first
};

// Of these trackers, in their order, as their bugs were counted last (nothing of those that came later), with
// at most `most_signatures` for each.
std::vector<tracker_view> view_of(
    storage::reader const& in,
    std::vector<storage::tracker> const& trackers,
    std::vector<storage::tracker_counts> const& counted,
    std::int64_t most_signatures);

// The origin that a tracker's requests go to: its API's, where it has an address of its own.
std::string host_of(std::string const& base_url, std::optional<std::string> const& api_url);

// The breaker of this scope; nothing where it is closed.
std::optional<storage::breaker_record>
breaker_of(std::vector<storage::breaker_record> const& all, std::string_view scope);
// What a tracker's own breaker is stored by.
std::string breaker_scope(storage::tracker_id of);

// "paused", "failing" (its breaker or its host's is not closed), "moved" or "ok": the first that is true.
std::string_view state_word(tracker_view const& view) noexcept;

} // namespace checkwatches::serve
