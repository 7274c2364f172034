#include "bench/mock/github.hpp"
#include "engine/core/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <iterator>

namespace checkwatches::mock {

namespace {

std::string quoted(std::string_view text)
{
    std::string out;
    append_json(out, text);
    return out;
}

std::string upper(std::string text)
{
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::toupper(c); });
    return text;
}

// The value of "name":"value" in a JSON text without escapes.
std::string_view text_of(std::string_view body, std::string_view name)
{
    auto const mark = fmt::format("\"{}\":\"", name);
    auto const at = body.find(mark);
    if (at == std::string_view::npos)
        return {};
    body.remove_prefix(at + mark.size());
    return body.substr(0, body.find('"'));
}

std::string error_json(std::string_view type, std::string_view path, std::string_view words)
{
    return fmt::format(
        R"({{"type":"{}","path":[{}],"locations":[{{"line":1,"column":1}}],"message":{}}})",
        type,
        path,
        quoted(words));
}

std::string undefined_field(std::string_view field)
{
    return fmt::format(
        R"({{"errors":[{{"path":["fragment f","... on Issue","{0}"],)"
        R"("extensions":{{"code":"undefinedField","typeName":"Issue","fieldName":"{0}"}},)"
        R"("message":"Field '{0}' doesn't exist on type 'Issue'"}}]}})",
        field);
}

std::string viewer_json(bool today)
{
    std::string fields = R"({"name":"number","args":[]},{"name":"state","args":[]},{"name":"stateReason",)";
    fields += today ? R"("args":[{"name":"enableDuplicate"}]},{"name":"duplicateOf","args":[]},)"
                      R"({"name":"issueType","args":[]})"
                    : R"("args":[]})";
    return fmt::format(R"({{"data":{{"viewer":{{"login":"watcher"}},"__type":{{"fields":[{}]}}}}}})", fields);
}

std::string node_json(github_ground const& at, bug const& b, bool today)
{
    std::string labels;
    for (auto const label : labels_of(b))
        labels += fmt::format(R"({}{{"name":{}}})", labels.empty() ? "" : ",", quoted(label));
    auto state = upper(b.now().status);
    if (is_merged(b))
        state = "MERGED";
    std::string out = fmt::format(
        R"({{"__typename":"{}","number":{},"state":"{}","title":{},"updatedAt":"{}","url":"{}",)"
        R"("labels":{{"nodes":[{}]}})",
        is_pull(b) ? "PullRequest" : "Issue",
        b.id,
        state,
        quoted(b.title),
        iso_time(b.now().since),
        at.page(b),
        labels);
    auto const reason = state_reason(b);
    if (!is_pull(b))
        fmt::format_to(
            std::back_inserter(out), ",\"stateReason\":{}", reason.empty() ? "null" : quoted(upper(reason)));
    auto const* const original = at.site.bugs.find(b.now().duplicate_of);
    if (!is_pull(b) && today)
        fmt::format_to(
            std::back_inserter(out),
            ",\"issueType\":null,\"duplicateOf\":{}",
            original == nullptr
                ? "null"
                : fmt::format(R"({{"number":{},"url":"{}"}})", original->id, at.page(*original)));
    return out + "}";
}

} // namespace

std::string graphql_json(github_ground const& at, std::string_view body, std::vector<told>& tells)
{
    bool const today = at.is_on("schema", "1");
    if (at.is_on("limited_query"))
        return R"({"data":null,"errors":[{"type":"RATE_LIMITED","message":"API rate limit exceeded for user ID 7."}]})";
    if (body.find("viewer{login}") != std::string_view::npos)
        return viewer_json(today);
    if (!today && body.find("duplicateOf") != std::string_view::npos)
        return undefined_field("duplicateOf");
    auto const asked = fmt::format("{}/{}", text_of(body, "owner"), text_of(body, "name"));
    std::string_view const known = at.option("project", "acme/widget");
    if (!same_word(asked, known) && !same_word(asked, at.project()))
        return fmt::format(
            R"({{"data":{{"repository":null}},"errors":[{}]}})",
            error_json(
                "NOT_FOUND",
                "\"repository\"",
                fmt::format("Could not resolve to a Repository with the name '{}'.", asked)));

    std::string nodes = fmt::format("\"url\":\"{}/{}\"", at.site.origin, at.project());
    std::string errors;
    constexpr std::string_view mark = ":issueOrPullRequest(number:";
    for (auto place = body.find(mark); place != std::string_view::npos; place = body.find(mark)) {
        auto const before = body.substr(0, place);
        auto const alias = before.substr(before.rfind(' ') + 1);
        body.remove_prefix(place + mark.size());
        auto const id = read_id(body.substr(0, body.find(')'))).value_or(0);
        at.site.bugs.record_asked(id);
        auto const* const b = at.site.bugs.find(id);
        bool const away = id == at.number("moved") || id == at.number("deleted");
        fmt::format_to(
            std::back_inserter(nodes),
            ",\"{}\":{}",
            alias,
            b == nullptr || away ? "null" : node_json(at, *b, today));
        if (b != nullptr && !away) {
            tells.push_back({b->id, b->version()});
            continue;
        }
        errors += (errors.empty() ? "" : ",")
                  + error_json(
                      "NOT_FOUND",
                      fmt::format("\"repository\",\"{}\"", alias),
                      fmt::format(
                          "Could not resolve to an issue or pull request with the number of {}.", id));
    }
    return fmt::format(
        R"({{"data":{{"repository":{{{}}}}}{}}})",
        nodes,
        errors.empty() ? "" : fmt::format(",\"errors\":[{}]", errors));
}

} // namespace checkwatches::mock
