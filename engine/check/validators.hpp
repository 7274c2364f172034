#pragma once

#include "adapters/adapter.hpp"
#include "engine/check/batching.hpp"
#include "engine/remote/look_remote.hpp"
#include "storage/background_reader.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace checkwatches::check {

// What is stored of a tracker's answers, and when its bugs were read. Pure.
class earlier_answers {
public:
    // Both outlive it.
    earlier_answers(
        std::span<storage::validator const> stored, std::span<storage::bug_state const* const> bugs);

    // The validators that may go into a look with these questions. One may only where its answer was part of
    // the last sighting of each bug of its question: learnt at the very moment at which they were read.
    std::vector<validator> usable_for(std::span<adapters::question const> asked) const;

private:
    bool was_read_at(std::string const& id, utc_time at) const;

    boost::unordered_flat_map<std::string_view, storage::validator const*> by_url_;
    boost::unordered_flat_map<std::string_view, storage::bug_state const*> by_id_;
};

// The stored validators that may go into the looks at these batches of a tracker's bugs, one list for each
// batch; no list at all where none may: so many questions are answered "nothing changed" where nothing did.
// The store is asked once for all of them. An error of kind storage.
awaitable<result<std::vector<std::vector<validator>>>> known_validators(
    storage::background_reader& from,
    adapters::adapter const& kind,
    adapters::remote const& at,
    capabilities const& can,
    storage::tracker_id of,
    std::span<storage::bug_state const* const> bugs,
    std::span<batch const> batches);

} // namespace checkwatches::check
