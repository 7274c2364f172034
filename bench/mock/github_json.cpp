#include "bench/mock/github.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace checkwatches::mock {

namespace {

std::string quoted(std::string_view text)
{
    std::string out;
    append_json(out, text);
    return out;
}

std::string user_json(std::string_view login)
{
    return fmt::format(R"({{"login":{},"id":7,"type":"User","site_admin":false}})", quoted(login));
}

} // namespace

std::string github_ground::project() const
{
    std::string const known{option("project", "acme/widget")};
    return is_on("renamed") ? known.substr(0, known.find('/')) + "/gadget" : known;
}

std::string github_ground::page(bug const& b) const
{
    bool const away = number("moved") == b.id;
    return fmt::format(
        "{}/{}/{}/{}",
        site.origin,
        away ? "acme/elsewhere" : project(),
        is_pull(b) ? "pull" : "issues",
        away ? b.id + 1000 : b.id);
}

bool is_pull(bug const& b) noexcept
{
    return b.id % 10 == 7;
}

bool is_merged(bug const& b) noexcept
{
    return is_pull(b) && b.now().resolution == "completed";
}

std::string state_reason(bug const& b)
{
    if (is_pull(b))
        return {};
    if (b.now().status != "open")
        return b.now().resolution;
    bool const was_closed = std::ranges::any_of(
        b.history, [](bug_state const& earlier) { return earlier.status != "open"; });
    return was_closed ? "reopened" : "";
}

std::vector<std::string_view> labels_of(bug const& b)
{
    std::vector<std::string_view> out;
    for (auto const* const label : {&b.now().severity, &b.now().priority})
        if (!label->empty())
            out.emplace_back(*label);
    return out;
}

std::string issue_json(github_ground const& at, bug const& b)
{
    auto const api = fmt::format("{}/repos/{}", at.api(), at.project());
    std::string labels;
    for (auto const label : labels_of(b))
        labels += fmt::format(
            R"({}{{"id":{},"name":{},"color":"d73a4a","default":false,"description":null}})",
            labels.empty() ? "" : ",",
            100 + label.size(),
            quoted(label));
    auto const reason = state_reason(b);
    auto const changed = iso_time(b.now().since);
    bool const closed = b.now().status != "open";
    auto const remarks = remarks_of(b);
    std::string out = fmt::format(
        R"({{"url":"{0}/issues/{1}","repository_url":"{0}","comments_url":"{0}/issues/{1}/comments",)"
        R"("html_url":"{2}","id":{3},"node_id":"I_{3}","number":{1},"title":{4},"user":{5},"labels":[{6}],)"
        R"("state":"{7}","locked":false,"assignee":null,"assignees":[],"milestone":null,"comments":{8},)"
        R"("created_at":"{9}","updated_at":"{10}",)",
        api,
        b.id,
        at.page(b),
        9'000'000 + b.id,
        quoted(b.title),
        user_json(remarks.front().author),
        labels,
        closed ? "closed" : "open",
        remarks.size() - 1,
        iso_time(b.created),
        changed);
    fmt::format_to(
        std::back_inserter(out),
        R"("closed_at":{},"author_association":"NONE","active_lock_reason":null,"body":{},"state_reason":{})",
        closed ? quoted(changed) : "null",
        quoted(remarks.front().text),
        reason.empty() ? "null" : quoted(reason));
    if (is_pull(b))
        fmt::format_to(
            std::back_inserter(out),
            R"(,"draft":false,"pull_request":{{"url":"{0}/pulls/{1}","html_url":"{2}","merged_at":{3}}})",
            api,
            b.id,
            at.page(b),
            is_merged(b) ? quoted(changed) : "null");
    return out + "}";
}

std::string remark_json(github_ground const& at, bug const& b, remark const& r)
{
    return fmt::format(
        R"({{"url":"{0}/repos/{1}/issues/comments/{2}","html_url":"{3}#issuecomment-{2}","id":{2},)"
        R"("user":{4},"created_at":"{5}","updated_at":"{5}","author_association":"NONE","body":{6}}})",
        at.api(),
        at.project(),
        r.id,
        at.page(b),
        user_json(r.author),
        iso_time(r.at),
        quoted(r.text));
}

} // namespace checkwatches::mock
