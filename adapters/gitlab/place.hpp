#pragma once

#include "adapters/adapter.hpp"

namespace checkwatches::adapters::gitlab {

// What GraphQL adds to what the REST API tells.
enum class supplement {
    none,
    links,  // what an issue duplicates, and where it moved to
    status, // … and the status of its work item (Premium, since 18)
};

// How a GitLab is asked, as capabilities::protocol keeps it: "rest", "rest+graphql" or "rest+status", and
// behind a blank the path that the whole GitLab lies below ("rest+graphql /gitlab").
struct protocol {
    supplement more = supplement::none;
    std::string prefix{}; // "" or "/gitlab"

    static protocol read(std::string_view text);
    std::string text() const;
};

// "group/sub/project" of "/group/sub/project"; nothing where a path cannot name a project: fewer than two
// names, or one with other characters than letters, digits, "-", "_" and ".".
std::optional<std::string> path_name(std::string_view path);

// Where a project's issues are asked for.
struct place {
    web_url rest{};        // …/api/v4
    web_url graphql{};     // …/api/graphql
    std::string project{}; // "group/sub/project"; empty where the base names none

    // {rest}/projects/{project}{relative}
    web_url of_project(std::string_view relative) const;
};

// The API's address given for the tracker comes first; otherwise the API is below `prefix` on the base's
// host.
place place_of(remote const& at, std::string_view prefix);

// What may be the path above the API and leaves at least a group and a project behind it: "", "/gitlab", …,
// the shortest first. Only "" where the API's address was given.
std::vector<std::string> possible_prefixes(remote const& at);

// The bug that the address names:
//   …/group/project/-/issues/N   (also /-/issues/incident/N, /-/work_items/N and /-/incidents/N)
//   …/group/project/issues/N     as before 12.0; numbers only. Gitea has the same; Redmine's
//                                /projects/NAME/issues/N and the hosts github.com and sourceforge.net are not
//                                GitLab's
//   …/api/v4/projects/group%2Fproject/issues/N
// A group's own work items (/groups/…) belong to no project and are not recognised.
std::optional<bug_ref> recognise(web_url const& url);

// At most what GitLab's column for it holds.
std::optional<std::string> normal_id(std::string_view id);

web_url web_page(web_url const& base, std::string_view id);

// The tracker's address without "/-/issues" and the like at its end.
web_url project_page(web_url base);

} // namespace checkwatches::adapters::gitlab
