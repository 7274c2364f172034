#include "adapters/trac/table.hpp"

#include "adapters/trouble.hpp"
#include "adapters/wire/page.hpp"
#include "adapters/wire/text.hpp"

#include <fmt/format.h>

namespace checkwatches::adapters::trac {
namespace {

error protocol_error(std::string message, reply const& from)
{
    return error{.kind = error_kind::protocol_error, .message = std::move(message), .request = from.request};
}

std::string shown_header(wire::csv_table const& cells)
{
    std::string out;
    for (auto const& name : cells.header())
        out += (out.empty() ? "" : ",") + name;
    return shortened(out);
}

// Old Tracs write "--" where a field is empty.
std::string word_in(std::string_view cell)
{
    auto const text = wire::trimmed(cell);
    return text == "--" ? std::string{} : std::string{text};
}

} // namespace

result<table> read_table(reply const& from)
{
    if (auto wrong = wire::expect(from, {"text/csv"}))
        return *wrong;
    auto const decoded = wire::decode_text(from.body, from.header("Content-Type"));
    auto cells = wire::csv_table::parse(decoded.text);
    if (!cells)
        return protocol_error(cells.error().message, from);
    if (!cells->column("id") || !cells->column("status"))
        return protocol_error(
            fmt::format("the table has no column id or status, but \"{}\"", shown_header(*cells)), from);
    return table{.cells = std::move(*cells), .replaced = decoded.replaced};
}

std::optional<error> enter_rows(ledger& book, table const& in, reply const& from)
{
    auto const& cells = in.cells;
    auto const id_column = cells.column("id");
    auto const status = cells.column("status");
    auto const resolution = cells.column("resolution");
    auto const priority = cells.column("priority");
    auto const severity = cells.column("severity");
    auto const type = cells.column("type");
    auto const title = cells.column("summary");
    std::size_t asked_for = 0;
    for (std::size_t row = 0; row != cells.rows(); ++row) {
        auto const id = wire::normal_number(cells.cell(row, id_column));
        if (book.is_open(id))
            ++asked_for;
        sighting seen{
            .words{
                .status = word_in(cells.cell(row, status)),
                .resolution = word_in(cells.cell(row, resolution)),
                .priority = word_in(cells.cell(row, priority)),
                .severity = word_in(cells.cell(row, severity)),
                .type = word_in(cells.cell(row, type))},
            .title = std::string{wire::trimmed(cells.cell(row, title))},
            .replaced = in.replaced};
        if (seen.words.status.empty())
            book.absent(id, outcome::unparsable, "its row has no status");
        else
            book.sighted(id, std::move(seen));
    }
    if (cells.rows() != 0 && asked_for == 0)
        return protocol_error(
            fmt::format("{} tickets came, and none of them was asked for", cells.rows()), from);
    return std::nullopt;
}

} // namespace checkwatches::adapters::trac
