#include "adapters/allura/tickets.hpp"

#include "adapters/forge/answer.hpp"
#include "adapters/trouble.hpp"
#include "adapters/wire/html.hpp"
#include "adapters/wire/text.hpp"

#include <fmt/format.h>

namespace checkwatches::adapters::allura {
namespace {

std::optional<ticket> to_ticket(wire::json_object const& in, std::size_t replaced)
{
    ticket out{.id = wire::normal_number(wire::text_member(in, "ticket_num"))};
    if (out.id.empty())
        return std::nullopt;
    auto& words = out.seen.words;
    words.status = wire::text_member(in, "status");
    if (auto const fields = wire::object_member(in, "custom_fields"))
        words.priority = wire::text_member(*fields, "_priority");
    if (auto const labels = wire::array_member(in, "labels"))
        for (auto const item : *labels) {
            std::string_view label;
            if (item.get_string().get(label) == simdjson::SUCCESS && !label.empty())
                words.labels.emplace_back(label);
        }
    out.seen.title = wire::text_member(in, "summary");
    out.seen.modified = parse_time(wire::text_member(in, "mod_date"), naive_time::is_utc);
    out.seen.replaced = replaced;
    return out;
}

} // namespace

result<ticket> read_ticket(reply const& from)
{
    auto const in = forge::read_document(from);
    if (!in)
        return in.error();
    auto const object = in->object();
    auto const inner = object ? wire::object_member(*object, "ticket") : std::nullopt;
    auto out = inner ? to_ticket(*inner, in->replaced) : std::nullopt;
    if (!out)
        return forge::unreadable("the JSON is no ticket", from);
    return std::move(*out);
}

result<search_page> read_search(reply const& from)
{
    auto const in = forge::read_document(from);
    if (!in)
        return in.error();
    auto const object = in->object();
    auto const rows = object ? wire::array_member(*object, "tickets") : std::nullopt;
    if (!rows)
        return forge::unreadable("the JSON has no list of tickets", from);
    if (auto const why = wire::text_member(*object, "solr_error"); !why.empty())
        return error{
            .kind = error_kind::protocol_error,
            .message = "the search failed: " + shortened(why),
            .request = from.request};
    search_page out;
    for (auto const row : *rows) {
        wire::json_object one;
        auto made = row.get_object().get(one) == simdjson::SUCCESS ? to_ticket(one, in->replaced)
                                                                   : std::nullopt;
        if (!made)
            return forge::unreadable("the list holds something else than tickets", from);
        out.tickets.push_back(std::move(*made));
    }
    auto const count = wire::integer_member(*object, "count");
    out.complete = count && *count >= 0 && static_cast<std::size_t>(*count) <= out.tickets.size();
    return out;
}

std::optional<error> check_tool(reply const& from)
{
    auto const in = forge::read_document(from);
    if (!in)
        return in.error();
    auto const object = in->object();
    auto const config = object ? wire::object_member(*object, "tracker_config") : std::nullopt;
    if (!config || !wire::array_member(*object, "tickets"))
        return forge::unreadable("tells of no tool for tickets", from);
    return std::nullopt;
}

bool is_own_refusal(reply const& answer)
{
    if (auto const in = forge::read_refusal(answer))
        return wire::text_member(*in->object(), "code").starts_with(std::to_string(answer.status));
    auto const top = wire::read_top(answer.body, answer.header("Content-Type"));
    return wire::lower(top.title).starts_with(fmt::format("a {} error has occurred", answer.status));
}

} // namespace checkwatches::adapters::allura
