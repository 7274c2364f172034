#pragma once

#include "bench/mock/site.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace checkwatches::mock {

// The parts of a mock GitHub Enterprise Server. It has one project, whose page is {origin}/{project}, and its
// API is below /api/v3 and /api/graphql. Each tenth bug from the seventh on is a pull request.
//
// Options, each with its default:
//   project=acme/widget  the project; its name in another case is the same one
//   version=3.14.2       of the server; empty: github.com, which has no version, and rate_limit in place of
//                        limits that are off
//   limit=0              requests an hour and credential; 0: no limit. A 304 with a token costs nothing
//   secondary=0          of each so many requests the last is 403 in words, without a time to wait; 0: none
//   moved=0              this bug went to the project "acme/elsewhere": 301
//   deleted=0            this bug was deleted: 410
//   renamed=0            1: the project has a new name, and its old one redirects
//   issues=1             0: the project has no issues: 410 for its list and for each
//   graphql=1            0: there is none
//   schema=1             0: GraphQL's issues do not tell duplicates and types
//   limited_query=0      1: GraphQL answers 200 with an error of type RATE_LIMITED
//   require_login=0      1: anonymous requests are 401
// A hidden bug needs the token, which is good_key.
struct github_ground {
    site_ground site;

    std::string_view option(std::string_view key, std::string_view otherwise) const
    {
        return site.options.option(key, otherwise);
    }
    std::int64_t number(std::string_view key) const { return read_id(option(key, "0")).value_or(0); }
    bool is_on(std::string_view key, std::string_view otherwise = "0") const
    {
        return option(key, otherwise) == "1";
    }
    std::string api() const { return site.origin + "/api/v3"; }
    // "acme/widget", and "acme/gadget" where it is renamed.
    std::string project() const;
    // Where a bug is read by people, for REST and GraphQL.
    std::string page(bug const& b) const;
};

bool is_pull(bug const& b) noexcept;
// Open, or closed; a pull request that was completed is merged.
bool is_merged(bug const& b) noexcept;
// "completed", "not_planned", "duplicate"; "reopened" of an open bug that was closed before; empty: null.
std::string state_reason(bug const& b);
std::vector<std::string_view> labels_of(bug const& b);

// An issue, and a remark, as REST tells it.
std::string issue_json(github_ground const& at, bug const& b);
std::string remark_json(github_ground const& at, bug const& b, remark const& r);

// The project's other name, in links and redirects: {api}/repositories/{number}.
inline constexpr std::string_view number_of_project = "1296269";

// Which of so many rows the page of this request has, from the first to behind the last.
std::pair<std::size_t, std::size_t> part_of_page(request const& rq, std::size_t rows);
// Its Link header; empty where all rows are on one page.
std::string link_header(github_ground const& at, request const& rq, std::size_t rows);

// The answer to a question: viewer, __type, and issueOrPullRequest by alias. `tells` is added to.
std::string graphql_json(github_ground const& at, std::string_view body, std::vector<told>& tells);

} // namespace checkwatches::mock
