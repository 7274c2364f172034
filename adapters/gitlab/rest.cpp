#include "adapters/gitlab/rest.hpp"

#include "adapters/trouble.hpp"
#include "adapters/wire/page.hpp"
#include "adapters/wire/text.hpp"

#include <fmt/format.h>

namespace checkwatches::adapters::gitlab {
namespace {

// "message" is a text or, for invalid parameters, an object; "error" is a text.
std::string own_words(reply const& answer)
{
    if (wire::media_type(answer.header("Content-Type")) != "application/json")
        return {};
    auto const in = forge::decode(answer);
    auto const root = in ? in->object() : std::nullopt;
    if (!root)
        return {};
    auto words = wire::text_member(*root, "message");
    return shortened(words.empty() ? wire::text_member(*root, "error") : words);
}

std::vector<std::string> labels_of(wire::json_object const& in)
{
    constexpr std::size_t most = 200;
    std::vector<std::string> out;
    auto const labels = wire::array_member(in, "labels");
    if (!labels)
        return out;
    for (auto const label : *labels) {
        std::string_view text;
        if (label.get_string().get(text) == simdjson::SUCCESS && out.size() < most)
            out.emplace_back(text);
    }
    return out;
}

} // namespace

std::optional<login_place> login_for(std::string_view way)
{
    using enum login_place::where;
    if (way == "token")
        return login_place{.place = header, .name = "PRIVATE-TOKEN"};
    if (way == "bearer")
        return login_place{.place = header, .name = "Authorization", .prefix = "Bearer "};
    return std::nullopt;
}

request get(web_url url, std::string_view way)
{
    return request{.url = std::move(url), .headers{{"Accept", "application/json"}}, .login = login_for(way)};
}

result<forge::document> read_json(reply const& from)
{
    if (auto wrong = wire::expect(from, {"application/json"})) {
        if (auto words = own_words(from); !words.empty())
            wrong->message = fmt::format("answered {} \"{}\"", from.status, words);
        return *wrong;
    }
    return forge::decode(from);
}

bool is_missing_project(reply const& answer)
{
    return answer.status == 404 && own_words(answer).find("Project Not Found") != std::string::npos;
}

std::optional<issue> to_issue(wire::json_element in, std::size_t replaced)
{
    wire::json_object row;
    if (in.get_object().get(row) != simdjson::SUCCESS)
        return std::nullopt;
    issue out{
        .id = wire::normal_number(wire::text_member(row, "iid")),
        .page = wire::text_member(row, "web_url"),
        .moved = wire::integer_member(row, "moved_to_id").has_value()};
    if (out.id.empty())
        return std::nullopt;
    if (auto const links = wire::object_member(row, "_links")) {
        out.self = wire::text_member(*links, "self");
        out.twin = wire::text_member(*links, "closed_as_duplicate_of");
    }
    auto severity = wire::text_member(row, "severity");
    if (wire::same_word(severity, "UNKNOWN"))
        severity.clear(); // so it is of everything but incidents
    out.seen = {
        .words{
            .status = wire::text_member(row, "state"),
            .severity = std::move(severity),
            .type = wire::text_member(row, "issue_type"),
            .labels = labels_of(row)},
        .title = wire::text_member(row, "title"),
        .modified = parse_time(wire::text_member(row, "updated_at")),
        .replaced = replaced};
    return out;
}

result<issue_page> read_issues(reply const& from)
{
    auto const in = read_json(from);
    if (!in)
        return in.error();
    auto const rows = in->array();
    if (!rows)
        return forge::unreadable("the JSON is no list of issues", from);
    issue_page out{.is_last = !has_next_page(from)};
    for (auto const row : *rows) {
        if (auto one = to_issue(row, in->replaced))
            out.issues.push_back(std::move(*one));
        else
            out.unreadable = true;
    }
    return out;
}

result<issue> read_issue(reply const& from)
{
    auto const in = read_json(from);
    if (!in)
        return in.error();
    auto out = to_issue(in->root(), in->replaced);
    if (!out)
        return forge::unreadable("the JSON is no issue", from);
    if (out->seen.words.status.empty())
        return forge::unreadable("the issue has no state", from);
    return std::move(*out);
}

bool has_next_page(reply const& answer)
{
    return !wire::trimmed(answer.header("X-Next-Page")).empty() || !forge::next_link(answer).empty();
}

} // namespace checkwatches::adapters::gitlab
