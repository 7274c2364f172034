#include "adapters/gitea/issues.hpp"

#include "adapters/forge/answer.hpp"
#include "adapters/gitea/words.hpp"
#include "adapters/trouble.hpp"
#include "adapters/wire/text.hpp"

#include <fmt/format.h>

#include <charconv>

namespace checkwatches::adapters::gitea {
namespace {

std::optional<std::uint64_t> read_count(std::string_view text)
{
    std::uint64_t value = 0;
    auto const read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || read.ec != std::errc{} || read.ptr != text.data() + text.size())
        return std::nullopt;
    return value;
}

std::vector<std::string> label_names(wire::json_object const& in)
{
    std::vector<std::string> out;
    auto const labels = wire::array_member(in, "labels");
    if (!labels)
        return out;
    for (auto const item : *labels) {
        wire::json_object label;
        if (item.get_object().get(label) != simdjson::SUCCESS)
            continue;
        if (auto name = wire::text_member(label, "name"); !name.empty())
            out.push_back(std::move(name));
    }
    return out;
}

// Nothing where the row has no number.
std::optional<issue> to_issue(wire::json_object const& in, std::size_t replaced)
{
    auto const number = wire::integer_member(in, "number");
    if (!number || *number < 1)
        return std::nullopt;
    issue out{.number = static_cast<std::uint64_t>(*number), .address = wire::text_member(in, "html_url")};
    auto& words = out.seen.words;
    words.status = wire::text_member(in, "state");
    words.type = "issue";
    if (auto const pull = wire::object_member(in, "pull_request")) {
        words.type = pull_request;
        if (wire::flag_member(*pull, "merged").value_or(false))
            words.resolution = merged;
    }
    words.labels = label_names(in);
    words.priority = importance_label(words.labels);
    out.seen.title = wire::text_member(in, "title");
    out.seen.modified = parse_time(wire::text_member(in, "updated_at"), naive_time::is_utc);
    out.seen.replaced = replaced;
    return out;
}

// {"message":"…","url":"https://HOST/api/swagger"}; older versions call it documentation_url.
bool names_documentation(wire::json_object const& in)
{
    constexpr std::string_view page = "/api/swagger";
    return wire::text_member(in, "url").ends_with(page)
           || wire::text_member(in, "documentation_url").ends_with(page);
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
    auto const rows = in->array();
    if (!rows)
        return forge::unreadable("the JSON is no list of issues", from);
    issue_page out{
        .total = read_count(wire::trimmed(from.header("X-Total-Count"))),
        .has_next = !forge::next_link(from).empty()};
    for (auto const row : *rows) {
        wire::json_object object;
        auto one = row.get_object().get(object) == simdjson::SUCCESS ? to_issue(object, in->replaced)
                                                                     : std::nullopt;
        if (!one)
            return forge::unreadable("the list holds something else than issues", from);
        out.issues.push_back(std::move(*one));
    }
    return out;
}

refusal hear(reply const& from, error why)
{
    refusal out{.why = std::move(why)};
    auto const in = forge::read_refusal(from);
    auto const words = in ? wire::text_member(*in->object(), "message") : std::string{};
    out.by_gitea = !words.empty() && names_documentation(*in->object());
    if (out.by_gitea)
        out.why.message = fmt::format("answered {} \"{}\"", from.status, shortened(words));
    if (out.why.kind == error_kind::forbidden)
        out.why.kind = error_kind::auth_failed;
    return out;
}

} // namespace checkwatches::adapters::gitea
