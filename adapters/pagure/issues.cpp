#include "adapters/pagure/issues.hpp"

#include "adapters/forge/answer.hpp"
#include "adapters/trouble.hpp"
#include "adapters/wire/text.hpp"

#include <fmt/format.h>

#include <array>

namespace checkwatches::adapters::pagure {
namespace {

constexpr std::array<std::pair<std::string_view, error_kind>, 5> kinds{{
    {"ENOISSUE", error_kind::not_found},
    {"ENOPROJECT", error_kind::not_found},
    {"EISSUENOTALLOWED", error_kind::forbidden},
    {"EINVALIDTOK", error_kind::auth_failed},
    {"ETRACKERDISABLED", error_kind::unsupported},
}};

// Seconds since 1970, which it writes as a string.
std::optional<utc_time> time_member(wire::json_object const& in, std::string_view key)
{
    constexpr std::int64_t latest = 253'402'300'799; // of the year 9999
    auto const seconds = wire::integer_member(in, key);
    if (!seconds || *seconds < 0 || *seconds > latest)
        return std::nullopt;
    return utc_time{std::chrono::seconds{*seconds}};
}

std::optional<issue> to_issue(wire::json_object const& in, std::size_t replaced)
{
    issue out{
        .id = wire::normal_number(wire::text_member(in, "id")), .address = wire::text_member(in, "full_url")};
    if (out.id.empty())
        return std::nullopt;
    auto& words = out.seen.words;
    words.status = wire::text_member(in, "status");
    words.resolution = wire::text_member(in, "close_status");
    words.priority = wire::text_member(in, "priority");
    if (auto const tags = wire::array_member(in, "tags"))
        for (auto const item : *tags) {
            std::string_view tag;
            if (item.get_string().get(tag) == simdjson::SUCCESS && !tag.empty())
                words.labels.emplace_back(tag);
        }
    out.seen.title = wire::text_member(in, "title");
    out.seen.modified = time_member(in, "last_updated");
    out.seen.replaced = replaced;
    return out;
}

} // namespace

result<issue> read_issue(reply const& from)
{
    auto const in = forge::read_document(from);
    if (!in)
        return in.error();
    auto const object = in->object();
    auto out = object ? to_issue(*object, in->replaced) : std::nullopt;
    if (!out)
        return forge::unreadable("the JSON is no issue", from);
    return std::move(*out);
}

result<issue_page> read_page(reply const& from)
{
    auto const in = forge::read_document(from);
    if (!in)
        return in.error();
    auto const object = in->object();
    auto const rows = object ? wire::array_member(*object, "issues") : std::nullopt;
    if (!rows)
        return forge::unreadable("the JSON has no list of issues", from);
    issue_page out;
    if (auto const pagination = wire::object_member(*object, "pagination")) {
        out.has_next = !wire::text_member(*pagination, "next").empty();
        auto const pages = wire::integer_member(*pagination, "pages");
        if (pages && *pages >= 0)
            out.pages = static_cast<std::size_t>(*pages);
    }
    for (auto const row : *rows) {
        wire::json_object one;
        auto made = row.get_object().get(one) == simdjson::SUCCESS ? to_issue(one, in->replaced)
                                                                   : std::nullopt;
        if (!made)
            return forge::unreadable("the list holds something else than issues", from);
        out.issues.push_back(std::move(*made));
    }
    return out;
}

result<priority_names> read_project(reply const& from)
{
    auto const in = forge::read_document(from);
    if (!in)
        return in.error();
    auto const object = in->object();
    if (!object || !wire::array_member(*object, "close_status"))
        return forge::unreadable("the JSON is no project", from);
    priority_names out;
    if (auto const priorities = wire::object_member(*object, "priorities"))
        for (auto const entry : *priorities) {
            std::string_view name;
            if (entry.value.get_string().get(name) == simdjson::SUCCESS)
                out.emplace(entry.key, name);
        }
    return out;
}

refusal hear(reply const& from, error why)
{
    refusal out{.why = std::move(why)};
    auto const in = forge::read_refusal(from);
    out.code = in ? wire::text_member(*in->object(), "error_code") : std::string{};
    if (out.code.empty())
        return out;
    out.why.message = fmt::format(
        "answered {} {} \"{}\"",
        from.status,
        shortened(out.code),
        shortened(wire::text_member(*in->object(), "error")));
    out.why.kind = error_kind::protocol_error;
    for (auto const& [code, kind] : kinds)
        if (out.code == code)
            out.why.kind = kind;
    return out;
}

} // namespace checkwatches::adapters::pagure
