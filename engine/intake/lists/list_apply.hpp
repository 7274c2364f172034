#pragma once

#include "adapters/registry.hpp"
#include "engine/intake/intake.hpp"
#include "storage/reader.hpp"
#include "storage/store.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace checkwatches::intake {

// What lists are applied with; all of it outlives the call. Blocking: never on a loop.
struct list_work {
    storage::reader const& read;
    storage::store& write;
    adapters::registry const& kinds;
    utc_time now{};
    std::chrono::seconds hold{}; // how long what takes many watches away must have been there
};

// What a running engine must know of what was done.
struct list_news {
    bool added = false;                   // there are bugs that it does not know
    std::vector<storage::bug_id> moved{}; // these are watched again, or not any more
    std::optional<utc_time> held_until{}; // what is held must be looked at again then

    void take(list_news&& other);
    void hold_until(utc_time when);
};

// The source of a list's watches.
std::string source_of(std::string const& list);

// Whether what the list takes away is held: its trouble says so, until it was there for long enough.
bool is_held(storage::watch_list_record const& list) noexcept;

// Makes the list's watches those of these entries, or none where it is not good, and keeps it. An entry whose
// tracker is not registered waits. What would take away more than half of its watches, and more than
// 10, is held, but where it is forced: what it adds is watched, and what it takes away stays for a while.
list_news apply_list(
    list_work const& with,
    storage::watch_list_record list,
    std::vector<storage::list_entry> entries,
    bool force);

// Takes away what is held, if it was there for long enough or is forced.
list_news release_held(list_work const& with, storage::watch_list_record list, bool force);

// Keeps what is wrong with a list's file. Its last good version stays as it is.
void keep_bad(list_work const& with, storage::watch_list_record const& list);

// The list's file is gone: so are its watches, at once where `force`, or held as what takes many of them
// away; `many_go`: it is one of many whose files are gone.
list_news drop_list(list_work const& with, storage::watch_list_record list, bool many_go, bool force);

// Watches the bug of an entry that is not bad, in the caller's transaction, where its tracker is registered;
// says in the entry what became of it.
void watch_entry(
    intake& into,
    std::string const& source,
    storage::list_entry& entry,
    std::set<storage::bug_id>& made,
    list_news& news);

} // namespace checkwatches::intake
