#include "adapters/roundup/rest.hpp"

#include "adapters/doubts.hpp"
#include "adapters/roundup/words.hpp"
#include "adapters/trouble.hpp"
#include "adapters/wire/page.hpp"
#include "adapters/wire/text.hpp"

#include <fmt/format.h>

namespace checkwatches::adapters::roundup {
namespace {

constexpr std::size_t most_singles = 60; // that one look asks one by one
constexpr std::size_t most_pages = 20;   // of one search

// What a link names: {"id":"5","link":"…","name":"in-progress"}, where the name is called as its class has
// it.
std::string name_of(wire::json_object const& link)
{
    if (auto name = wire::text_member(link, "name"); !name.empty())
        return name;
    for (auto const member : link)
        if (member.key != "id" && member.key != "link")
            return wire::text_member(link, member.key);
    return {};
}

// A field that its site has as text: itself, or the name of what it links to.
std::string word(way const& by, wire::json_object const& issue, std::string_view field)
{
    if (issue[field].error() == simdjson::NO_SUCH_FIELD)
        return by.has(field) ? std::string{hidden} : std::string{};
    if (auto const link = wire::object_member(issue, field))
        return plain_word(name_of(*link));
    return plain_word(wire::text_member(issue, field));
}

// The id of the first issue that stands in this one's place.
std::string superseder_of(wire::json_object const& issue)
{
    std::optional<wire::json_object> link = wire::object_member(issue, "superseder");
    if (auto const list = wire::array_member(issue, "superseder"))
        for (auto const item : *list) {
            wire::json_object one;
            if (item.get_object().get(one) == simdjson::SUCCESS) {
                link = one;
                break;
            }
        }
    return link ? wire::normal_number(wire::text_member(*link, "id")) : std::string{};
}

void enter(
    ledger& book, way const& by, std::string const& id, wire::json_object const& issue, std::size_t replaced)
{
    sighting seen{
        .words{
            .status = word(by, issue, "status"),
            .resolution = word(by, issue, "resolution"),
            .priority = word(by, issue, "priority"),
            .severity = word(by, issue, "severity"),
            .type = word(by, issue, "type")},
        .title = wire::text_member(issue, "title"),
        .duplicate_of = superseder_of(issue),
        .modified = read_time(wire::text_member(issue, "activity")),
        .replaced = replaced};
    if (seen.duplicate_of == id)
        seen.duplicate_of.clear();
    mark_missing_resolution(by, seen.words);
    if (seen.words.status.empty() || seen.words.status == hidden)
        return book.absent(id, outcome::unparsable, "its record has no status");
    book.sighted(id, std::move(seen));
}

std::string query(way const& by)
{
    return fmt::format("@fields={}&@verbose=2", fmt::join(by.fields, ","));
}

// Asks a search and enters its rows, page by page: a server may give fewer at a time than asked for, and even
// none before others.
awaitable<std::optional<error>> search(remote& at, way const& by, request first, ledger& book)
{
    for (std::size_t page = 1; page <= most_pages; ++page) {
        auto rq = first;
        if (page != 1)
            rq.url.query += fmt::format("&@page_index={}", page);
        auto const answer = co_await at.ask(std::move(rq));
        if (!answer)
            co_return answer.error();
        auto const in = read_rest(*answer);
        if (!in)
            co_return tracker_trouble(in.error());
        auto const rows = wire::array_member(in->data, "collection");
        if (!rows)
            co_return error{
                .kind = error_kind::protocol_error,
                .message = "the JSON has no collection",
                .request = answer->request};
        for (auto const row : *rows) {
            wire::json_object issue;
            std::string id;
            if (row.get_object().get(issue) == simdjson::SUCCESS)
                id = wire::normal_number(wire::text_member(issue, "id"));
            if (id.empty()) // a row may be seen in parts only
                book.unreadable();
            else
                enter(book, by, id, issue, in->replaced);
        }
        auto const links = wire::object_member(in->data, "@links");
        if (!links || !wire::array_member(*links, "next"))
            co_return std::nullopt;
    }
    co_return error{
        .kind = error_kind::protocol_error,
        .message = fmt::format("a search has more than {} pages", most_pages)};
}

// Enters the answer for one issue. False where it is of no use to go on.
bool enter_single(way const& by, std::string const& id, reply const& answer, ledger& book, doubts& held)
{
    auto const in = read_rest(answer);
    if (in) {
        auto const issue = wire::object_member(in->data, "attributes");
        if (wire::normal_number(wire::text_member(in->data, "id")) != id)
            book.absent(id, outcome::not_answered, "another issue came in its place");
        else if (issue)
            enter(book, by, id, *issue, in->replaced);
        else
            book.absent(id, outcome::unparsable, "its record has no attributes");
        held.clear_up();
        return true;
    }
    auto const& why = in.error();
    bool const of_issue = why.kind == error_kind::not_found || why.kind == error_kind::forbidden
                          || why.kind == error_kind::gone;
    if (of_issue && wire::media_type(answer.header("Content-Type")) == "application/json") {
        book.absent(id, *to_outcome(why.kind), why.message);
        held.clear_up();
        return true;
    }
    if (answer.status >= 500 && why.kind == error_kind::protocol_error)
        return held.hold(id, outcome::not_answered, why);
    book.trouble(tracker_trouble(why));
    return false;
}

} // namespace

result<rest_answer> read_rest(reply const& answer)
{
    auto const content_type = answer.header("Content-Type");
    if (wire::media_type(content_type) != "application/json")
        return wire::explain(answer);
    auto json = wire::decode_json(answer.body, content_type);
    bool const ok = answer.status == 200;
    if (!json && !ok)
        return wire::explain(answer);
    wire::json_object root;
    bool const readable = json && json->document.root().get_object().get(root) == simdjson::SUCCESS;
    auto const data = readable ? wire::object_member(root, "data") : std::nullopt;
    if (ok && !data)
        return error{
            .kind = error_kind::protocol_error,
            .message = json ? "the JSON has no data" : json.error().message,
            .request = answer.request};
    if (ok)
        return rest_answer{.document = std::move(json->document), .data = *data, .replaced = json->replaced};
    auto why = wire::explain(answer);
    auto const told = readable ? wire::object_member(root, "error") : std::nullopt;
    auto const words = told ? wire::text_member(*told, "msg") : std::string{};
    if (!words.empty())
        why.message = fmt::format("Roundup answered {}: {}", answer.status, shortened(words));
    return why;
}

request search_request(
    remote const& at,
    way const& by,
    std::string_view login,
    std::span<std::string const> ids,
    std::optional<utc_time> since)
{
    // One row more than there can be, so that no further page is promised.
    auto relative = fmt::format(
        "rest/data/issue?id={}&{}&@page_size={}", fmt::join(ids, "&id="), query(by), ids.size() + 1);
    if (since) {
        auto from = format_time(*since);
        from.replace(from.find('T'), 1, ".");
        from.pop_back();
        relative += fmt::format("&activity={}%3B", from);
    }
    auto rq = get(at, relative, login);
    rq.headers.emplace_back("Accept", "application/json");
    return rq;
}

awaitable<bool> look_by_rest(remote& at, way const& by, std::string const& login, ledger& book)
{
    auto const ids = book.open();
    auto wrong = co_await search(at, by, search_request(at, by, login, ids, std::nullopt), book);
    if (wrong) {
        book.trouble(std::move(*wrong));
        co_return false;
    }
    doubts held{book, true};
    std::size_t asked = 0;
    for (auto const& id : book.open()) {
        if (asked++ == most_singles) {
            book.trouble(too_many_singles(most_singles, "issues"));
            break;
        }
        auto rq = get(at, fmt::format("rest/data/issue/{}?{}", id, query(by)), login);
        rq.headers.emplace_back("Accept", "application/json");
        auto const answer = co_await at.ask(std::move(rq));
        if (!answer) {
            book.trouble(answer.error());
            break;
        }
        if (!enter_single(by, id, *answer, book, held))
            co_return false;
    }
    held.close();
    co_return true;
}

awaitable<bool>
read_changes(remote& at, way const& by, std::string const& login, ledger& book, utc_time since)
{
    auto const ids = book.open();
    auto wrong = co_await search(at, by, search_request(at, by, login, ids, since), book);
    if (wrong && wrong->kind != error_kind::protocol_error && wrong->kind != error_kind::auth_failed) {
        book.trouble(std::move(*wrong));
        co_return false;
    }
    if (!wrong && book.strangers() == 0)
        book.unmodified(book.open());
    co_return true;
}

} // namespace checkwatches::adapters::roundup
