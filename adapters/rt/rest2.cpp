#include "adapters/rt/rest2.hpp"

#include "adapters/doubts.hpp"
#include "adapters/rt/rest1.hpp"
#include "adapters/trouble.hpp"
#include "adapters/wire/page.hpp"
#include "adapters/wire/text.hpp"

#include <fmt/format.h>

namespace checkwatches::adapters::rt {
namespace {

constexpr std::size_t most_singles = 60; // that one look asks one by one
constexpr std::size_t most_pages = 20;   // of one search
constexpr std::string_view search_fields = "&fields=Subject,Status,Priority,LastUpdated"
                                           "&orderby=id&order=ASC&per_page=100";

sighting to_sighting(wire::json_object const& ticket, std::size_t replaced)
{
    using wire::text_member;
    auto const changed = parse_time(text_member(ticket, "LastUpdated"));
    return sighting{
        .words{
            .status = std::string{wire::trimmed(text_member(ticket, "Status"))},
            .priority = std::string{wire::trimmed(text_member(ticket, "Priority"))}},
        .title = text_member(ticket, "Subject"),
        .modified = changed > utc_time{} ? changed : std::nullopt, // 1970: it is not set
        .replaced = replaced};
}

void enter(ledger& book, std::string const& of, wire::json_object const& ticket, std::size_t replaced)
{
    auto const id = wire::normal_number(wire::text_member(ticket, "id"));
    auto seen = to_sighting(ticket, replaced);
    if (id.empty() || seen.words.status.empty())
        return book.absent(of, outcome::unparsable, "its record has no id or no status");
    if (id != of)
        seen.duplicate_of = id; // it was merged into that one
    book.sighted(of, std::move(seen));
}

// Asks a search and enters its rows, page by page.
awaitable<std::optional<error>>
search(remote& at, std::string const& login, std::string const& query, ledger& book)
{
    for (std::size_t page = 1; page <= most_pages; ++page) {
        auto rq = rest2_get(
            at, fmt::format("tickets?query={}{}&page={}", percent_encode(query), search_fields, page), login);
        auto const answer = co_await at.ask(std::move(rq));
        if (!answer)
            co_return answer.error();
        auto const in = read_rest2(*answer);
        if (!in)
            co_return tracker_trouble(in.error());
        auto const items = wire::array_member(in->root, "items");
        if (!items)
            co_return error{
                .kind = error_kind::protocol_error,
                .message = "the JSON has no list of items",
                .request = answer->request};
        for (auto const item : *items) {
            wire::json_object ticket;
            if (item.get_object().get(ticket) != simdjson::SUCCESS)
                continue;
            auto const id = wire::normal_number(wire::text_member(ticket, "id"));
            enter(book, id, ticket, in->replaced);
        }
        if (wire::text_member(in->root, "next_page").empty())
            co_return std::nullopt;
    }
    co_return error{
        .kind = error_kind::protocol_error,
        .message = fmt::format("a search has more than {} pages", most_pages)};
}

// Enters the answer for one ticket. False where it is of no use to go on.
bool enter_single(std::string const& id, reply const& answer, ledger& book, doubts& held)
{
    auto const in = read_rest2(answer);
    if (in) {
        enter(book, id, in->root, in->replaced);
        held.clear_up();
        return true;
    }
    auto const& why = in.error();
    bool const of_ticket = why.kind == error_kind::not_found || why.kind == error_kind::forbidden
                           || why.kind == error_kind::gone;
    bool const in_json = wire::media_type(answer.header("Content-Type")) == "application/json";
    if (of_ticket && in_json) {
        book.absent(id, *to_outcome(why.kind), why.message);
        held.clear_up();
        return true;
    }
    if (answer.status >= 500 && why.kind == error_kind::protocol_error)
        return held.hold(id, outcome::not_answered, why);
    book.trouble(tracker_trouble(why));
    return false;
}

awaitable<bool> look_singly(remote& at, std::string const& login, ledger& book, bool proved)
{
    doubts held{book, proved};
    std::size_t asked = 0;
    for (auto const& id : book.open()) {
        if (asked++ == most_singles) {
            book.trouble(too_many_singles(most_singles, "tickets"));
            break;
        }
        auto const answer = co_await at.ask(ticket_request(at, id, login));
        if (!answer) {
            book.trouble(answer.error());
            break;
        }
        constexpr unsigned not_modified = 304;
        if (answer->status == not_modified) {
            book.absent(id, outcome::unmodified);
            held.clear_up();
        }
        else if (!enter_single(id, *answer, book, held)) {
            co_return false;
        }
    }
    held.close();
    co_return true;
}

} // namespace

request rest2_get(remote const& at, std::string_view relative, std::string_view login)
{
    request rq{.url = join(api_root(at), fmt::format("REST/2.0/{}", relative))};
    rq.headers.emplace_back("Accept", "application/json");
    if (login == by_password)
        rq.login = login_place{.place = login_place::where::basic};
    if (login == by_token)
        rq.login = login_place{
            .place = login_place::where::header, .name = "Authorization", .prefix = "token "};
    return rq;
}

result<rest2_answer> read_rest2(reply const& answer)
{
    auto const content_type = answer.header("Content-Type");
    if (wire::media_type(content_type) != "application/json")
        return wire::explain(answer);
    auto json = wire::decode_json(answer.body, content_type);
    if (!json && answer.status != 200)
        return wire::explain(answer);
    if (!json)
        return error{
            .kind = error_kind::protocol_error, .message = json.error().message, .request = answer.request};
    rest2_answer out{.document = std::move(json->document), .replaced = json->replaced};
    if (out.document.root().get_object().get(out.root) != simdjson::SUCCESS)
        return error{
            .kind = error_kind::protocol_error,
            .message = "the JSON is no object",
            .request = answer.request};
    if (answer.status == 200)
        return out;
    auto why = wire::explain(answer);
    if (auto const words = wire::text_member(out.root, "message"); !words.empty())
        why.message = fmt::format("RT answered {}: {}", answer.status, shortened(words));
    return why;
}

request ticket_request(remote const& at, std::string_view id, std::string_view login)
{
    auto rq = rest2_get(at, fmt::format("ticket/{}", id), login);
    rq.conditional = true;
    return rq;
}

awaitable<bool> look_by_rest2(remote& at, std::string const& login, ledger& book)
{
    auto const ids = book.open();
    bool const alone = ids.size() == 1;
    if (!alone) {
        auto wrong = co_await search(at, login, ids_query(ids), book);
        if (wrong) {
            book.trouble(std::move(*wrong));
            co_return false;
        }
    }
    co_return co_await look_singly(at, login, book, !alone);
}

} // namespace checkwatches::adapters::rt
