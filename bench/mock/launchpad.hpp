#pragma once

#include "bench/mock/row_cache.hpp"
#include "bench/mock/site.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace checkwatches::mock {

// The parts of a mock Launchpad. Its API is below /devel; the targets are the project, the distro's source
// package of the same name, and that of the distro's series:
//   {project}   {distro}/+source/{project}   {distro}/{series}/+source/{project}
// Bug n has a task on the project unless n % 4 is 0, on the package if n % 3 or n % 4 is 0, and on the series
// if n % 6 is 0. bug_state::status and ::priority are those of the first of these, ::others of the rest.

// A task of a bug.
struct task {
    bug const* of{};
    std::size_t place{};  // among the tasks of its bug
    std::size_t target{}; // 0 project, 1 package, 2 series

    std::string const& status() const noexcept;
    std::string const& importance() const noexcept;
    // Unique, and in the order of bugs.
    std::int64_t number() const noexcept
    {
        return std::int64_t{of->id} * 4 + static_cast<std::int64_t>(place);
    }
};

std::vector<task> tasks_of(bug const& b);

struct launchpad_ground {
    site_ground site;
    launchpad_flavour const& flavour;

    std::string api() const { return site.origin + "/devel"; }
    // "gadget", "frob/+source/gadget", "frob/quartz/+source/gadget"
    std::string target_path(std::size_t target) const;
};

// The JSON of a bug and of a task, as entries.
std::string bug_entry(launchpad_ground const& at, bug const& b);
std::string task_entry(launchpad_ground const& at, task const& t);
// As the entry's http_etag member has it, in quotes: a bug's changes with each change of it or of its tasks,
// a task's only with what stands in the task.
std::string etag_of(launchpad_ground const& at, bug const& b);
std::string etag_of(launchpad_ground const& at, task const& t);
// When the bug last changed, as its entry shows it: in microseconds since 1970. The fraction is the bug's
// number, so that it is never zero.
std::int64_t last_updated(bug const& b) noexcept;

// What searchTasks asks for; an error is the message of a 400.
struct task_search {
    std::vector<std::string_view> statuses{};
    bool omit_duplicates = true;
    std::optional<std::int64_t> modified_since{}; // in microseconds; what changed later
    std::string_view order{"-importance"};
    std::string error{};

    task_search(form const& fields, vocabulary const& words);
    // Those of `candidates` that are meant, sorted.
    std::vector<task> choose(std::vector<task> candidates, vocabulary const& words) const;
};

} // namespace checkwatches::mock
