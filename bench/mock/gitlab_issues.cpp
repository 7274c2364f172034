#include "bench/mock/gitlab.hpp"

#include <fmt/format.h>

#include <iterator>

namespace checkwatches::mock {

namespace {

std::string quoted(std::string_view text)
{
    std::string out;
    append_json(out, text);
    return out;
}

std::string person(std::string_view username)
{
    auto const name = username.substr(0, username.find('@'));
    return fmt::format(
        R"({{"id":{},"username":"{}","name":"The {}","state":"active","locked":false,"avatar_url":null}})",
        name.size(),
        name,
        name);
}

std::string labels_of(gitlab_ground const& at, bug const& b)
{
    auto const& now = b.now();
    std::string out = "\"component: core\"";
    if (!at.is_closed(b) && now.status != "opened")
        out += "," + quoted(now.status);
    if (at.is_closed(b) && !now.resolution.empty() && now.resolution != "duplicate"
        && now.resolution != "done")
        out += "," + quoted(now.resolution);
    if (!now.priority.empty() && now.priority != "none")
        out += "," + quoted(now.priority);
    return out;
}

std::string status_of(gitlab_ground const& at, bug const& b)
{
    if (!at.is_closed(b))
        return "To do";
    if (b.now().duplicate_of != 0)
        return "Duplicate";
    return b.now().resolution == "wontfix" ? "Won't do" : "Done";
}

} // namespace

std::string gitlab_ground::page(std::string_view of_project, int id) const
{
    return fmt::format("{}/{}/-/issues/{}", root, of_project, id);
}

bool gitlab_ground::is_closed(bug const& b) const
{
    return b.now().status == "closed" || b.id == moved;
}

std::int64_t gitlab_changed(bug const& b) noexcept
{
    return (b.now().since * 1000 + b.id % 1000) * 1000;
}

std::string gitlab_time(std::int64_t seconds, int milliseconds)
{
    auto out = iso_time(seconds);
    out.pop_back();
    return fmt::format("{}.{:03}Z", out, milliseconds);
}

void write_gitlab_issue(std::string& out, gitlab_ground const& at, bug const& b, bool known)
{
    auto const& now = b.now();
    bool const closed = at.is_closed(b);
    auto const changed = gitlab_time(now.since, b.id % 1000);
    auto const self = fmt::format("{}/projects/{}/issues/{}", at.api(), gitlab_project, b.id);
    // Anonymous users are not told what an issue duplicates.
    auto const twin = known && now.duplicate_of != 0
                          ? fmt::format(
                                "\"{}/projects/{}/issues/{}\"", at.api(), gitlab_project, now.duplicate_of)
                          : std::string{"null"};
    bool const incident = now.severity != "UNKNOWN";
    fmt::format_to(
        std::back_inserter(out),
        R"({{"id":{},"iid":{},"project_id":{},"title":{},"description":{},"state":"{}",)"
        R"("created_at":"{}","updated_at":"{}","closed_at":{},"closed_by":null,"labels":[{}],)"
        R"("milestone":null,"assignees":[],"author":{},"type":"{}","assignee":null,)"
        R"("user_notes_count":{},"merge_requests_count":0,"upvotes":0,"downvotes":0,"due_date":null,)"
        R"("confidential":{},"discussion_locked":null,"issue_type":"{}","web_url":"{}",)"
        R"("time_stats":{{"time_estimate":0,"total_time_spent":0}},)"
        R"("task_completion_status":{{"count":0,"completed_count":0}},"has_tasks":false,)"
        R"("_links":{{"self":"{}","notes":"{}/notes","award_emoji":"{}/award_emoji",)"
        R"("project":"{}/projects/{}","closed_as_duplicate_of":{}}},)"
        R"("references":{{"short":"#{}","relative":"#{}","full":"{}#{}"}},"severity":"{}",)"
        R"("moved_to_id":{},"imported":false,"service_desk_reply_to":null}})",
        4300 + b.id,
        b.id,
        gitlab_project,
        quoted(b.title),
        quoted(remarks_of(b).front().text),
        closed ? "closed" : "opened",
        gitlab_time(b.created, 0),
        changed,
        closed ? fmt::format("\"{}\"", changed) : "null",
        labels_of(at, b),
        person("reporter"),
        incident ? "INCIDENT" : "ISSUE",
        b.history.size(),
        b.hidden,
        incident ? "incident" : "issue",
        at.page(at.project, b.id),
        self,
        self,
        self,
        at.api(),
        gitlab_project,
        twin,
        b.id,
        b.id,
        at.project,
        b.id,
        now.severity,
        b.id == at.moved ? "9001" : "null");
}

std::vector<std::string> gitlab_notes(gitlab_ground const& at, bug const& b, bool comments_only)
{
    auto const note = [&](std::int64_t id,
                          remark const& from,
                          std::string_view text,
                          bool system,
                          bool internal) {
        return fmt::format(
            R"({{"id":{},"type":null,"body":{},"author":{},"created_at":"{}","updated_at":"{}","system":{},)"
            R"("noteable_id":{},"noteable_type":"Issue","project_id":{},"resolvable":false,)"
            R"("confidential":{},"internal":{},"noteable_iid":{}}})",
            id,
            quoted(text),
            person(from.author),
            gitlab_time(from.at, 0),
            gitlab_time(from.at, 0),
            system,
            4300 + b.id,
            gitlab_project,
            internal,
            internal,
            b.id);
    };
    static_cast<void>(at);
    std::vector<std::string> out;
    auto const all = remarks_of(b);
    for (auto one = all.rbegin(); one + 1 != all.rend(); ++one) {
        out.push_back(note(one->id * 10, *one, one->text, false, false));
        out.push_back(note(one->id * 10 + 1, *one, "for members only", false, true));
        if (!comments_only)
            out.push_back(note(one->id * 10 + 2, *one, "changed the status", true, false));
    }
    return out;
}

answer gitlab_graphql(gitlab_ground const& at, std::string_view question, std::string_view knows, bool known)
{
    answer a{.status = 200, .frame = answer::framing::length};
    bool const asks_status = question.find("WorkItemWidgetStatus") != std::string_view::npos;
    if (knows == "none" || (asks_status && knows != "status")) {
        a.body = fmt::format(
            R"({{"errors":[{{"message":"{}","locations":[{{"line":1,"column":90}}],"path":["query"]}}]}})",
            asks_status ? "No such type WorkItemWidgetStatus, so it can't be a fragment condition"
                        : "Field 'closedAsDuplicateOf' doesn't exist on type 'Issue'");
        return a;
    }
    auto const variables = question.substr(std::min(question.find("\"variables\""), question.size()));
    if (variables.find(fmt::format("\"p\":\"{}\"", at.project)) == std::string_view::npos) {
        a.body = R"({"data":{"project":null}})";
        return a;
    }
    auto list = variables.substr(std::min(variables.find("\"i\":["), variables.size()));
    list = list.substr(0, list.find(']'));
    std::string issues;
    std::string items;
    auto const append = [](std::string& to, std::string const& node) {
        to += (to.empty() ? "" : ",") + node;
    };
    for (auto const part : split(list, '"')) {
        auto const id = read_id(part);
        auto const* b = id ? at.site.bugs.find(*id) : nullptr;
        if (b == nullptr || (b->hidden && !known))
            continue;
        auto const twin = b->now().duplicate_of;
        append(
            issues,
            fmt::format(
                R"({{"iid":"{}","closedAsDuplicateOf":{},"movedTo":{}}})",
                b->id,
                twin == 0 ? "null" : fmt::format(R"({{"webUrl":"{}"}})", at.page(at.project, twin)),
                b->id == at.moved ? fmt::format(R"({{"webUrl":"{}"}})", at.page("gadgets/other", 1))
                                  : "null"));
        append(
            items,
            fmt::format(
                R"({{"iid":"{}","widgets":[{{}},{{"status":{{"name":"{}"}}}},{{}}]}})",
                b->id,
                status_of(at, *b)));
        a.tells.push_back({b->id, b->version()});
    }
    a.body = fmt::format(R"({{"data":{{"project":{{"issues":{{"nodes":[{}]}})", issues);
    if (asks_status)
        a.body += fmt::format(R"(,"workItems":{{"nodes":[{}]}})", items);
    a.body += "}}}";
    return a;
}

} // namespace checkwatches::mock
