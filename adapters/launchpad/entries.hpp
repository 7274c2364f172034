#pragma once

#include "adapters/adapter.hpp"

#include <cstdint>

namespace checkwatches::adapters::launchpad {

// A bug task as the API gives it: what a watch is about.
struct task_entry {
    std::string id{}; // its path; empty where the entry has no readable link
    std::string status{};
    std::string importance{};
    std::string bug_title{}; // the bug's, taken out of the task's: `Bug #7001 in avahi (Ubuntu): "…"`
};

// What stands at the bug and not at its tasks.
struct bug_entry {
    std::string title{};
    std::string duplicate_of{}; // a bug's number; empty where it is no duplicate
    std::optional<utc_time> modified{};
    std::size_t replaced = 0;
};

// A part of a collection of tasks.
struct task_page {
    std::vector<task_entry> tasks{};
    std::optional<std::int64_t> total{}; // of the collection; devel leaves it out where it is costly
    std::string next{};                  // the address of the next part; empty at the end
    std::size_t replaced = 0;
};

// They read a complete answer; `root` is the API's. An error by explain() where it is no JSON of status 200,
// of kind unparsable where it is not what it should be.
result<task_entry> read_task(reply const& from, web_url const& root);
result<bug_entry> read_bug(reply const& from);
result<task_page> read_tasks(reply const& from, web_url const& root);
// Nothing where this is the root of a Launchpad's API.
std::optional<error> read_service_root(reply const& from);

// The task that speaks for a bug whose address names none. The only one; of several the one on a project, if
// exactly one is (the upstream project fixes the bug, distributions take the fix); otherwise the first in
// Launchpad's order. A distribution looks like a project there: it is told by a task on one of its packages
// or series, and by name for those that Launchpad has had for long. Null where there is no task.
task_entry const* chosen_task(std::vector<task_entry> const& tasks);

} // namespace checkwatches::adapters::launchpad
