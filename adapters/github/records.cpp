#include "adapters/github/records.hpp"

#include "adapters/trouble.hpp"
#include "adapters/wire/page.hpp"
#include "adapters/wire/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace checkwatches::adapters::github {
namespace {

bool is_json(reply const& from)
{
    auto const type = wire::media_type(from.header("Content-Type"));
    return type == "application/json" || type == "application/vnd.github+json";
}

// {"message":"Not Found","documentation_url":"…"}
std::string message_of(reply const& from)
{
    if (!is_json(from))
        return {};
    auto const in = forge::decode(from);
    auto const root = in ? in->object() : std::nullopt;
    return root ? wire::text_member(*root, "message") : std::string{};
}

} // namespace

result<forge::document> read_json(reply const& from)
{
    if (from.status != 200 || !is_json(from))
        return refusal(from);
    return forge::decode(from);
}

std::optional<std::chrono::seconds> until_reset(reply const& from)
{
    constexpr std::chrono::seconds shortest{1};
    constexpr std::chrono::seconds longest = std::chrono::hours{24};
    auto const date = parse_http_date(from.header("Date"));
    auto const reset = wire::normal_number(from.header("X-RateLimit-Reset"));
    if (!date || reset.empty() || wire::trimmed(from.header("X-RateLimit-Remaining")) != "0")
        return std::nullopt;
    std::chrono::sys_seconds const at{std::chrono::seconds{std::stoll(reset)}};
    auto const now = std::chrono::floor<std::chrono::seconds>(*date);
    return std::clamp<std::chrono::seconds>(at - now, shortest, longest);
}

bool speaks_of_limit(std::string_view words)
{
    auto const text = wire::lower(words);
    return text.find("rate limit") != std::string::npos || text.find("abuse detection") != std::string::npos;
}

error limited(reply const& from, std::string_view words)
{
    constexpr std::chrono::seconds unnamed{60};
    auto why = wire::explain(from);
    why.kind = error_kind::rate_limited;
    why.message = shortened(words);
    if (!why.retry_after)
        why.retry_after = until_reset(from).value_or(unnamed);
    return why;
}

error refusal(reply const& from)
{
    auto why = wire::explain(from);
    auto const said = message_of(from);
    if (!said.empty()) {
        if (from.status < 500 && speaks_of_limit(said))
            return limited(from, said);
        why.message = fmt::format("answered {}: {}", from.status, shortened(said));
    }
    constexpr unsigned legal_reasons = 451;
    if (from.status == legal_reasons)
        why.kind = error_kind::forbidden;
    return is_json(from) ? why : tracker_trouble(std::move(why));
}

std::vector<std::string> label_names(wire::json_array const& in)
{
    constexpr std::size_t most = 100; // more an issue cannot have
    std::vector<std::string> out;
    for (auto const item : in) {
        std::string_view plain;
        wire::json_object label;
        std::string name;
        if (item.get_string().get(plain) == simdjson::SUCCESS)
            name = plain;
        else if (item.get_object().get(label) == simdjson::SUCCESS)
            name = wire::text_member(label, "name");
        if (!name.empty() && out.size() != most)
            out.push_back(std::move(name));
    }
    return out;
}

std::optional<record> read_issue(wire::json_object const& in)
{
    using wire::text_member;
    record out{.number = wire::normal_number(text_member(in, "number")), .page = text_member(in, "html_url")};
    auto& words = out.what.words;
    words.status = wire::lower(text_member(in, "state"));
    if (out.number.empty() || words.status.empty())
        return std::nullopt;
    words.resolution = wire::lower(text_member(in, "state_reason"));
    if (auto const type = wire::object_member(in, "type"))
        words.type = text_member(*type, "name");
    if (auto const pull = wire::object_member(in, "pull_request")) {
        words.type = pull_request;
        if (!text_member(*pull, "merged_at").empty())
            words.status = "merged";
    }
    if (auto const labels = wire::array_member(in, "labels"))
        words.labels = label_names(*labels);
    out.what.title = text_member(in, "title");
    out.what.modified = parse_time(text_member(in, "updated_at"));
    return out;
}

result<record_page> read_list(reply const& from)
{
    auto const in = read_json(from);
    if (!in)
        return in.error();
    auto const rows = in->array();
    if (!rows)
        return forge::unreadable("the JSON is no list", from);
    record_page out{.next = forge::next_link(from)};
    for (auto const item : *rows) {
        wire::json_object row;
        std::optional<record> one;
        if (item.get_object().get(row) == simdjson::SUCCESS)
            one = read_issue(row);
        if (one) {
            one->what.replaced = in->replaced;
            out.rows.push_back(std::move(*one));
        }
        out.unreadable = out.unreadable || !one;
    }
    return out;
}

} // namespace checkwatches::adapters::github
