// POST {graphql} {"query":"…","variables":{"owner":"…","name":"…"}}
//
// One alias for each issue, i12:issueOrPullRequest(number:12), a hundred in a question. Quirks, and what
// follows from them:
// - 200 brings data and errors together; what cannot be had is null, whatever the reason is.
// - A limit is 200 too, with an error of type RATE_LIMITED and without Retry-After.
// - Too long a question is an error in words ("Something went wrong …"), with 200 or 502: the engine halves.
// - stateReason calls duplicates NOT_PLANNED unless enableDuplicate is set, which older servers refuse.

#include "adapters/github/graphql.hpp"

#include "adapters/github/records.hpp"
#include "adapters/trouble.hpp"
#include "adapters/wire/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace checkwatches::adapters::github {
namespace {

constexpr std::string_view common_fields = "number state title updatedAt url labels(first:100){nodes{name}}";
constexpr std::string_view fields_of_today =
    "stateReason(enableDuplicate:true) duplicateOf{number url} issueType{name} ";
constexpr std::string_view old_fields = "stateReason ";

std::string lower_member(wire::json_object const& in, std::string_view key)
{
    return wire::lower(wire::text_member(in, key));
}

// "https://github.com/acme/widget/issues/12" is of project "https://github.com/acme/widget".
std::string project_of(std::string_view address)
{
    auto const mark = std::max(address.rfind("/issues/") + 1, address.rfind("/pull/") + 1);
    return wire::lower(address.substr(0, mark == 0 ? 0 : mark - 1));
}

bool is_number_of(std::string_view address, std::string_view number)
{
    return address.ends_with(number) && address.substr(0, address.size() - number.size()).ends_with('/');
}

sighting to_sighting(wire::json_object const& in, std::string_view project)
{
    sighting out{
        .words{
            .status = lower_member(in, "state"),
            .resolution = lower_member(in, "stateReason"),
        },
        .title = wire::text_member(in, "title"),
        .modified = parse_time(wire::text_member(in, "updatedAt"))};
    if (wire::text_member(in, "__typename") == "PullRequest")
        out.words.type = pull_request;
    else if (auto const type = wire::object_member(in, "issueType"))
        out.words.type = wire::text_member(*type, "name");
    auto const labels = wire::object_member(in, "labels");
    if (auto const nodes = labels ? wire::array_member(*labels, "nodes") : std::nullopt)
        out.words.labels = label_names(*nodes);
    if (auto const original = wire::object_member(in, "duplicateOf")) {
        auto address = wire::text_member(*original, "url");
        bool const is_ours = project_of(address) == project;
        out.duplicate_of = is_ours ? wire::text_member(*original, "number") : std::move(address);
    }
    return out;
}

void enter(ledger& book, std::string const& id, wire::json_object const& in, std::string_view project)
{
    auto const address = wire::text_member(in, "url");
    bool const is_here = address.empty() || project.empty()
                         || (project_of(address) == project && is_number_of(address, id));
    auto seen = to_sighting(in, project);
    if (!is_here)
        book.absent(id, outcome::moved, address);
    else if (seen.words.status.empty())
        book.absent(id, outcome::unparsable, "the issue has no state");
    else
        book.sighted(id, std::move(seen));
}

// What the errors say of the whole answer; nothing where each is about one issue, or about the project.
struct complaints {
    std::optional<error> trouble{};
    bool no_project = false;
};

bool is_about_project(wire::json_object const& one)
{
    auto const path = wire::array_member(one, "path");
    return path && path->size() == 1;
}

complaints read_errors(wire::json_object const& root, reply const& from)
{
    complaints out;
    auto const all = wire::array_member(root, "errors");
    if (!all)
        return out;
    for (auto const item : *all) {
        wire::json_object one;
        if (item.get_object().get(one) != simdjson::SUCCESS || out.trouble)
            continue;
        auto const type = wire::text_member(one, "type");
        auto const words = wire::text_member(one, "message");
        auto const trouble = [&](error_kind kind) {
            out.trouble = error{.kind = kind, .message = shortened(words), .request = from.request};
        };
        if (type == "RATE_LIMITED" || speaks_of_limit(words))
            out.trouble = limited(from, words);
        else if (type == "NOT_FOUND" && is_about_project(one))
            out.no_project = true;
        else if (type == "FORBIDDEN" && is_about_project(one))
            trouble(error_kind::auth_failed);
        else if (type == "MAX_NODE_LIMIT_EXCEEDED" || type == "RESOURCE_LIMITS_EXCEEDED")
            trouble(error_kind::too_large);
        else if (words.starts_with("Something went wrong") || words.starts_with("Timeout"))
            trouble(error_kind::timeout);
        else if (!wire::array_member(one, "path"))
            trouble(error_kind::protocol_error);
    }
    return out;
}

} // namespace

request ask_issues(place const& where, std::span<std::string const> ids, bool as_of_today)
{
    std::string query = "query($owner:String!,$name:String!){repository(owner:$owner,name:$name){url";
    for (auto const& id : ids)
        fmt::format_to(std::back_inserter(query), " i{0}:issueOrPullRequest(number:{0}){{...f}}", id);
    query += "}} fragment f on IssueOrPullRequest{__typename ...on Issue{";
    query += as_of_today ? fields_of_today : old_fields;
    query += common_fields;
    query += "} ...on PullRequest{";
    query += common_fields;
    query += "}}";
    // Neither the query nor a name holds what JSON would have escaped.
    return post(
        where,
        fmt::format(
            R"({{"query":"{}","variables":{{"owner":"{}","name":"{}"}}}})", query, where.owner, where.name));
}

graphql_answer read_issues(place const&, reply const& from, ledger& book)
{
    auto const in = read_json(from);
    if (!in)
        return {.why = tracker_trouble(in.error())};
    auto const root = in->object();
    if (!root)
        return {
            .why = error{
                .kind = error_kind::protocol_error,
                .message = "the JSON is no object",
                .request = from.request}};
    auto said = read_errors(*root, from);
    auto const data = wire::object_member(*root, "data");
    auto const project = data ? wire::object_member(*data, "repository") : std::nullopt;
    if (!project) {
        if (said.no_project && !said.trouble)
            return {.no_project = true};
        error const silent{
            .kind = error_kind::protocol_error,
            .message = "the JSON has no data of the project",
            .request = from.request};
        return {.why = said.trouble.value_or(silent)};
    }
    auto const address = wire::lower(wire::text_member(*project, "url"));
    for (auto const [key, value] : *project) {
        wire::json_object issue;
        if (!key.starts_with('i') || value.get_object().get(issue) != simdjson::SUCCESS)
            continue;
        enter(book, std::string{key.substr(1)}, issue, address);
    }
    return {.why = std::move(said.trouble)};
}

request ask_viewer(place const& where)
{
    return post(where, R"({"query":"query{viewer{login}__type(name:\"Issue\"){fields{name args{name}}}}"})");
}

result<std::optional<viewer>> read_viewer(reply const& from)
{
    constexpr unsigned no_such_door = 404;
    auto const in = read_json(from);
    if (!in && (from.status == no_such_door || in.error().kind == error_kind::forbidden))
        return std::optional<viewer>{};
    if (!in)
        return tracker_trouble(in.error());
    auto const root = in->object();
    if (!root)
        return std::optional<viewer>{};
    auto const said = read_errors(*root, from);
    if (said.trouble && said.trouble->kind == error_kind::rate_limited)
        return *said.trouble;
    auto const data = wire::object_member(*root, "data");
    auto const who = data ? wire::object_member(*data, "viewer") : std::nullopt;
    if (!who || wire::text_member(*who, "login").empty())
        return std::optional<viewer>{};
    viewer out{.login = wire::text_member(*who, "login"), .protocol = std::string{by_rest}};
    auto const type = wire::object_member(*data, "__type");
    auto const fields = type ? wire::array_member(*type, "fields") : std::nullopt;
    if (!fields)
        return std::optional{std::move(out)};
    bool reasons = false;
    bool tells_duplicates = false;
    bool originals = false;
    bool types = false;
    for (auto const item : *fields) {
        wire::json_object field;
        if (item.get_object().get(field) != simdjson::SUCCESS)
            continue;
        auto const name = wire::text_member(field, "name");
        originals = originals || name == "duplicateOf";
        types = types || name == "issueType";
        if (name != "stateReason")
            continue;
        reasons = true;
        auto const args = wire::array_member(field, "args");
        tells_duplicates = args && args->size() != 0;
    }
    if (reasons)
        out.protocol = tells_duplicates && originals && types ? by_graphql : by_old_graphql;
    return std::optional{std::move(out)};
}

} // namespace checkwatches::adapters::github
