#include "adapters/wire/csv.hpp"

#include "tests/fuzz/claim.hpp"

using namespace checkwatches;
using wire::csv_table;

namespace {

std::string quoted(std::string_view cell)
{
    std::string out = "\"";
    for (char const c : cell)
        out += c == '"' ? std::string{"\"\""} : std::string{c};
    return out + "\"";
}

// Row `row` with every cell of the header's columns, and one more so that no row looks like a blank line.
std::string written(csv_table const& table, std::size_t row, char separator)
{
    std::string out;
    for (std::size_t column = 0; column != table.header().size(); ++column)
        out += quoted(table.cell(row, column)) + separator;
    return out + "end\r\n";
}

} // namespace

// The separator, and a table.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    if (size == 0)
        return 0;
    char const separator = ",;\t"[data[0] % 3];
    auto const text = fuzz::as_text(data + 1, size - 1);

    constexpr std::size_t most_cells = 1000;
    auto const table = csv_table::parse(text, separator, most_cells);
    if (!table) {
        fuzz::claim(table.error().kind == error_kind::unparsable, "a table that is none is unparsable");
        return 0;
    }
    fuzz::claim(!table->header().empty(), "a table has a header");
    fuzz::claim(table->header().size() + table->rows() <= most_cells, "the cells are bounded");

    std::string again;
    for (auto const& name : table->header())
        again += quoted(name) + separator;
    again += "end\r\n";
    for (std::size_t row = 0; row != table->rows(); ++row)
        again += written(*table, row, separator);
    auto const copy = csv_table::parse(again, separator);
    fuzz::claim(copy.has_value() && copy->rows() == table->rows(), "what is written is read back");
    for (std::size_t row = 0; row != table->rows(); ++row)
        for (std::size_t column = 0; column <= table->header().size(); ++column)
            if (column != table->header().size())
                fuzz::claim(copy->cell(row, column) == table->cell(row, column), "cells come back");
            else
                fuzz::claim(copy->cell(row, column) == "end", "no column is added or lost");
    fuzz::claim(table->cell(table->rows(), 0).empty(), "a row that is not there is empty");
    return 0;
}
