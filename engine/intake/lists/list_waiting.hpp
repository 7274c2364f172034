#pragma once

#include "engine/intake/lists/list_apply.hpp"

#include <set>
#include <string>
#include <vector>

namespace checkwatches::intake {

// An entry that waits, the version of the list that it is of, and which newcomer it waits for (newcomer_key;
// empty: its tracker is known by now, or was named).
struct waiting_entry {
    std::string list{};
    std::string hash{};
    std::string key{};
    storage::list_entry what{};
};

// Entries that wait, and the trackers that are to be asked for them.
struct waiting_entries {
    std::vector<waiting_entry> entries{};
    newcomers fresh{};
    bool more = false; // there are more of them
};

// While so many newcomers are put off, no others are asked.
inline constexpr std::size_t most_put_off = 10'000;

// Entries of good lists that wait and can be taken on now: not those whose newcomer is put off, nor those
// that name a tracker that nobody registered. Bounded. Blocking.
waiting_entries find_waiting(
    storage::reader const& in, adapters::registry const& kinds, std::set<std::string> const& put_off);

// Registers the newcomers that proved what they are, and watches what waited for them; of the others the
// entries say why they wait on. Entries of a list that was read anew in the meantime are left alone.
// Blocking.
list_news
settle_waiting(list_work const& with, std::chrono::seconds capabilities_last, waiting_entries waited);

} // namespace checkwatches::intake
