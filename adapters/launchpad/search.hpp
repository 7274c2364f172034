#pragma once

#include "adapters/launchpad/entries.hpp"

#include <map>
#include <set>

namespace checkwatches::adapters::launchpad {

// Which tasks of a target a search is for.
struct search_wish {
    bool omit_duplicates = false;
    std::optional<utc_time> modified_since{}; // of bugs that changed later than that
};

// What a search came to.
struct search_result {
    enum class end {
        complete, // every task that is there was seen, or all that were wanted
        unusable, // refused, or dearer than asking for each: the tasks must be asked singly
        trouble,
    };
    end how{};
    std::map<std::string, task_entry> found{}; // by id; of those wanted
    std::size_t replaced = 0;
    bool unreadable = false;    // a task came whose address could not be read: it may be one of those wanted
    std::optional<error> why{}; // of trouble
};

// The address of searchTasks on one target, of every status, in pages of `size` tasks.
web_url
search_address(web_url const& root, std::string const& target, search_wish const& wish, std::size_t size);

// searchTasks on one target, of every status, page by page along the links that Launchpad gives. Ends early
// when all wanted ids were found, and as unusable when the target has more pages than ids are wanted.
// A link that leads to another origin is trouble, and is not followed. Where a page is too large for the
// server it is asked for in smaller ones.
awaitable<search_result> search(
    remote& at,
    web_url const& root,
    std::string const& target,
    std::set<std::string> const& wanted,
    search_wish const& wish);

} // namespace checkwatches::adapters::launchpad
