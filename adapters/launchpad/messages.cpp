// GET {api}/bugs/7001/messages?ws.size=300 → {"total_size":2,"start":0,"entries":[{"self_link":
// "{api}/firefox/+bug/7001/comments/0","owner_link":"{api}/~jo","date_created":"…","content":"…",
// "date_deleted":null,"visible":true},…],"next_collection_link":"…"}
//
// They come in the order of their places, and none of the filters is by time: all of them are read. A message
// that was hidden or taken back is there still, and says so.

#include "adapters/launchpad/messages.hpp"

#include "adapters/launchpad/names.hpp"
#include "adapters/trouble.hpp"
#include "adapters/wire/json.hpp"
#include "adapters/wire/page.hpp"
#include "adapters/wire/text.hpp"

namespace checkwatches::adapters::launchpad {
namespace {

using comments = std::vector<comment>;

constexpr std::size_t most_pages = 20;

struct message_page {
    comments written{};
    std::string next{}; // the address of the next page; empty at the end
};

std::string last_part(std::string const& address)
{
    return address.substr(address.rfind('/') + 1);
}

std::optional<comment> to_comment(wire::json_object const& in)
{
    auto const owner = last_part(wire::text_member(in, "owner_link"));
    comment out{
        .remote_id = last_part(wire::text_member(in, "self_link")),
        .author = owner.starts_with('~') ? owner.substr(1) : owner,
        .at = parse_time(wire::text_member(in, "date_created")),
        .text = wire::text_member(in, "content")};
    bool const is_hidden = !wire::flag_member(in, "visible").value_or(true)
                           || !wire::text_member(in, "date_deleted").empty();
    if (!wire::is_number(out.remote_id) || is_hidden)
        return std::nullopt;
    return out;
}

result<message_page> read_page(reply const& from)
{
    if (auto wrong = wire::expect(from, {"application/json"}))
        return *wrong;
    auto const json = wire::decode_json(from.body, from.header("Content-Type"));
    if (!json)
        return error{
            .kind = error_kind::unparsable, .message = json.error().message, .request = from.request};
    wire::json_object root;
    bool const is_object = json->document.root().get_object().get(root) == simdjson::SUCCESS;
    auto const entries = is_object ? wire::array_member(root, "entries") : std::nullopt;
    if (!entries)
        return error{
            .kind = error_kind::unparsable, .message = "the JSON has no entries", .request = from.request};
    message_page out{.next = wire::text_member(root, "next_collection_link")};
    for (auto const entry : *entries) {
        wire::json_object one;
        if (entry.get_object().get(one) != simdjson::SUCCESS)
            continue;
        if (auto c = to_comment(one))
            out.written.push_back(std::move(*c));
    }
    return out;
}

} // namespace

awaitable<result<comments>> read_messages(remote& at, std::string const& id, std::optional<utc_time> since)
{
    auto const root = api_root(at);
    comments out;
    std::optional<web_url> next = join(root, "bugs/" + bug_number(id) + "/messages?ws.size=300");
    for (std::size_t pages = 0; next && pages < most_pages; ++pages) {
        request rq{.url = *next};
        auto const answer = co_await at.ask(std::move(rq));
        if (!answer)
            co_return answer.error();
        auto page = read_page(*answer);
        if (!page)
            co_return page.error();
        for (auto& c : page->written)
            if (!since || !c.at || *c.at >= *since)
                out.push_back(std::move(c));
        next.reset();
        if (page->next.empty())
            break;
        auto const following = parse_url(page->next);
        if (!following || following->origin() != root.origin())
            co_return error{
                .kind = error_kind::protocol_error,
                .message = "the link to the next page leads to another origin: "
                           + shortened(following ? following->origin() : page->next),
                .request = answer->request};
        next = *following;
    }
    if (next)
        co_return error{.kind = error_kind::too_large, .message = "too many comments"};
    sort_by_time(out);
    co_return out;
}

} // namespace checkwatches::adapters::launchpad
