#include "adapters/roundup/export.hpp"

#include "adapters/doubts.hpp"
#include "adapters/roundup/words.hpp"
#include "adapters/trouble.hpp"
#include "adapters/wire/page.hpp"
#include "adapters/wire/text.hpp"

#include <fmt/format.h>

#include <map>

namespace checkwatches::adapters::roundup {
namespace {

constexpr std::size_t most_singles = 60; // that one look asks one by one

using names = std::map<std::string, std::string, std::less<>>;
using names_by_field = std::map<std::string, names, std::less<>>;

std::string cell(wire::csv_table const& in, std::size_t row, std::string_view column)
{
    return plain_word(in.cell(row, in.column(column)));
}

// The column of a field. One that its site has, and the export has not, is hidden from us.
struct field_column {
    std::optional<std::size_t> at{};
    bool is_hidden = false;
};

field_column column_of(way const& by, wire::csv_table const& in, std::string_view field)
{
    auto const at = in.column(field);
    return {.at = at, .is_hidden = by.has(field) && !at};
}

std::string word(wire::csv_table const& in, std::size_t row, field_column const& field)
{
    return field.is_hidden ? std::string{hidden} : plain_word(in.cell(row, field.at));
}

// Of the links that we read, those whose cells are numbers: ids, in exports of old servers.
std::vector<std::string> numbered_fields(wire::csv_table const& in, way const& by)
{
    std::vector<std::string> out;
    for (auto const* const field : {"status", "resolution", "priority"}) {
        if (!by.has(field))
            continue;
        for (std::size_t row = 0; row != in.rows(); ++row)
            if (wire::is_number(cell(in, row, field))) {
                out.emplace_back(field);
                break;
            }
    }
    return out;
}

// The names of a class's items by their ids.
awaitable<result<names>> read_names(remote& at, std::string field, std::string login)
{
    auto rq = get(
        at,
        fmt::format(
            "{}?@action=export_csv&@columns=id,name&@sort=id&@group=&@filter=&@pagesize=200&@startwith=0",
            field),
        login);
    auto const answer = co_await at.ask(std::move(rq));
    if (!answer)
        co_return answer.error();
    auto const in = read_export(*answer);
    if (!in)
        co_return in.error();
    names out;
    for (std::size_t row = 0; row != in->cells.rows(); ++row)
        out.emplace(cell(in->cells, row, "id"), cell(in->cells, row, "name"));
    co_return out;
}

std::string named(names_by_field const& known, std::string_view field, std::string word)
{
    auto const of_field = known.find(field);
    if (of_field == known.end())
        return word;
    auto const name = of_field->second.find(word);
    return name == of_field->second.end() ? word : name->second;
}

void enter_rows(ledger& book, way const& by, export_table const& in, names_by_field const& known)
{
    auto const& cells = in.cells;
    auto const id_column = cells.column("id");
    auto const status = column_of(by, cells, "status");
    auto const resolution = column_of(by, cells, "resolution");
    auto const priority = column_of(by, cells, "priority");
    auto const title = cells.column("title");
    auto const activity = cells.column("activity");
    for (std::size_t row = 0; row != cells.rows(); ++row) {
        auto const id = wire::normal_number(plain_word(cells.cell(row, id_column)));
        sighting seen{
            .words{
                .status = named(known, "status", word(cells, row, status)),
                .resolution = named(known, "resolution", word(cells, row, resolution)),
                .priority = named(known, "priority", word(cells, row, priority))},
            .title = std::string{wire::trimmed(cells.cell(row, title))},
            // Newer exports round to minutes, in the zone of the user who asks: not read.
            .modified = read_time(cells.cell(row, activity)),
            .replaced = in.replaced};
        mark_missing_resolution(by, seen.words);
        if (seen.words.status.empty() || seen.words.status == hidden)
            book.absent(id, outcome::unparsable, "its row has no status");
        else
            book.sighted(id, std::move(seen));
    }
}

// Enters what the page of an issue that no export shows says by its status. False where it is of no use to go
// on.
bool enter_page(std::string const& id, reply const& answer, ledger& book, doubts& held)
{
    auto const why = wire::explain(answer);
    switch (why.kind) {
    case error_kind::not_found: book.absent(id, outcome::not_found, why.message); break;
    case error_kind::gone: book.absent(id, outcome::gone, why.message); break;
    case error_kind::forbidden:
    case error_kind::auth_failed: book.absent(id, outcome::forbidden, why.message); break;
    case error_kind::protocol_error:
        if (answer.status >= 500)
            return held.hold(id, outcome::not_answered, why);
        // Its page is there, and retired issues are in no export.
        book.absent(id, outcome::not_answered, "no export shows it");
        break;
    default: book.trouble(why); return false;
    }
    held.clear_up();
    return true;
}

awaitable<bool> look_at_pages(remote& at, std::string const& login, ledger& book)
{
    doubts held{book, true};
    std::size_t asked = 0;
    for (auto const& id : book.open()) {
        if (asked++ == most_singles) {
            book.trouble(too_many_singles(most_singles, "issues"));
            break;
        }
        auto rq = get(at, "issue" + id, login);
        auto const answer = co_await at.ask(std::move(rq));
        if (!answer) {
            book.trouble(answer.error());
            break;
        }
        if (!enter_page(id, *answer, book, held))
            co_return false;
    }
    held.close();
    co_return true;
}

} // namespace

request export_request(
    remote const& at,
    std::vector<std::string> const& columns,
    std::string_view login,
    std::span<std::string const> ids)
{
    return get(
        at,
        fmt::format(
            "issue?@action=export_csv&@columns=id,{}&@sort=id&@group=priority&@filter=id&@pagesize={}"
            "&@startwith=0&id={}",
            fmt::join(columns, ","),
            std::max<std::size_t>(ids.size(), 1),
            fmt::join(ids, ",")),
        login);
}

result<export_table> read_export(reply const& answer)
{
    if (auto wrong = wire::expect(answer, {"text/csv"}))
        return *wrong;
    auto const decoded = wire::decode_text(answer.body, answer.header("Content-Type"));
    auto cells = wire::csv_table::parse(decoded.text);
    if (cells && cells->column("id"))
        return export_table{.cells = std::move(*cells), .replaced = decoded.replaced};
    return error{
        .kind = error_kind::protocol_error,
        .message = cells ? "the table has no column id" : cells.error().message,
        .request = answer.request};
}

awaitable<bool> look_by_export(remote& at, way const& by, std::string const& login, ledger& book)
{
    auto const ids = book.open();
    auto const answer = co_await at.ask(export_request(at, by.fields, login, ids));
    if (!answer) {
        book.trouble(answer.error());
        co_return false;
    }
    auto const in = read_export(*answer);
    if (!in) {
        book.trouble(tracker_trouble(in.error()));
        co_return false;
    }
    names_by_field known;
    for (auto const& field : numbered_fields(in->cells, by)) {
        auto of_field = co_await read_names(at, field, login);
        if (!of_field) {
            book.trouble(tracker_trouble(of_field.error()));
            co_return false;
        }
        known.emplace(field, std::move(*of_field));
    }
    enter_rows(book, by, *in, known);
    if (in->cells.rows() != 0 && book.strangers() == in->cells.rows()) {
        book.trouble(error{
            .kind = error_kind::protocol_error,
            .message = fmt::format("{} issues came, and none of them was asked for", in->cells.rows()),
            .request = answer->request});
        co_return false;
    }
    co_return co_await look_at_pages(at, login, book);
}

} // namespace checkwatches::adapters::roundup
