#pragma once

#include "bench/mock/row_cache.hpp"
#include "bench/mock/site.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace checkwatches::mock {

// The parts of a mock GitLab: one project, whose issues are the bugs.
//
// The word of a bug_state's status is "opened", "closed" or a label of an issue that is opened; its
// resolution a label of one that is closed ("": none); its priority a label, "": none; its severity is an
// incident's, and "UNKNOWN" of others. Issue 13 is confidential.
//
// Options, besides those of every kind:
//   project   where it is, "gadgets/frob"; any number of groups
//   prefix    the path that the whole GitLab lies below, ""
//   graphql   what GraphQL knows: "links" (what an issue duplicates and where it moved), "status" (of the
//   work
//             item, too), "none" (fields that it does not know), "absent" (404)
//   private   1: the project is hidden from those who do not log in
//   login     1: the whole GitLab is
//   old       a path that the project had before: 301 to its number
//   moved     an issue that was moved to another project; 0: none
//   totals    0: X-Total and X-Total-Pages are left out, as of large projects
//   limit     how many requests are served before it is 429; 0: all
struct gitlab_ground {
    site_ground site;
    std::string project;
    std::string root; // "http://127.0.0.1:4711" and the prefix
    int moved = 0;

    std::string api() const { return root + "/api/v4"; }
    std::string page(std::string_view of_project, int id) const;
    bool is_closed(bug const& b) const;
};

inline constexpr int gitlab_project = 15; // its number

// When an issue last changed: in microseconds since 1970, with milliseconds by its number.
std::int64_t gitlab_changed(bug const& b) noexcept;
// "2026-01-04T15:31:51.081Z"
std::string gitlab_time(std::int64_t seconds, int milliseconds);

// An issue as the REST API shows it to one who has logged in, or has not.
void write_gitlab_issue(std::string& out, gitlab_ground const& at, bug const& b, bool known);
// Its notes, the newest first; GitLab's own are among them.
std::vector<std::string> gitlab_notes(gitlab_ground const& at, bug const& b, bool comments_only);

// POST /api/graphql: the body that answers `question`, which names issues in its variables.
answer gitlab_graphql(gitlab_ground const& at, std::string_view question, std::string_view knows, bool known);

} // namespace checkwatches::mock
