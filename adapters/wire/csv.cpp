#include "adapters/wire/csv.hpp"

#include "adapters/wire/text.hpp"

#include <algorithm>
#include <utility>

namespace checkwatches::wire {
namespace {

constexpr std::size_t most_columns = 1000;

error unparsable(std::string message)
{
    return error{.kind = error_kind::unparsable, .message = std::move(message)};
}

} // namespace

// Takes one row after another off a text.
class csv_table::row_reader {
public:
    row_reader(std::string_view text, char separator, std::size_t most_cells)
        : text_{text},
          separator_{separator},
          cells_left_{most_cells}
    {}

    bool at_end() const noexcept { return at_ >= text_.size(); }
    // Where the quote begins that is never closed; nothing where there is none.
    std::optional<place> broken() const noexcept { return broken_; }
    bool too_many() const noexcept { return too_many_; }

    placed_row row(std::size_t expected)
    {
        placed_row cells;
        cells.reserve(expected);
        for (;;) {
            if (cells_left_ == 0) {
                too_many_ = true;
                return give_up();
            }
            --cells_left_;
            auto const at = here();
            cells.push_back({.text = peek() == '"' ? quoted() : std::string{plain()}, .at = at});
            if (broken_)
                return {};
            if (at_end())
                return cells;
            char const c = text_[at_++];
            if (c == separator_)
                continue;
            if (c == '\r' && peek() == '\n')
                ++at_;
            begin_line(1);
            return cells;
        }
    }

private:
    char peek() const noexcept { return at_end() ? '\0' : text_[at_]; }

    std::string_view plain()
    {
        auto const rest = text_.substr(at_);
        auto const end = std::ranges::find_if(
            rest, [by = separator_](char c) { return c == by || c == '\n' || c == '\r'; });
        auto const cell = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
        at_ += cell.size();
        return cell;
    }

    place here() const noexcept
    {
        return {.line = line_, .column = static_cast<std::uint32_t>(at_ - line_start_ + 1)};
    }
    void begin_line(std::size_t lines) noexcept
    {
        line_ += static_cast<std::uint32_t>(lines);
        line_start_ = at_;
    }
    // Counts the lines that end between `from` and here, inside a quote.
    void count_lines(std::size_t from) noexcept
    {
        auto const passed = text_.substr(from, at_ - from);
        auto const last = passed.rfind('\n');
        if (last == std::string_view::npos)
            return;
        line_ += static_cast<std::uint32_t>(std::ranges::count(passed, '\n'));
        line_start_ = from + last + 1;
    }

    std::string quoted()
    {
        auto const begin = at_;
        auto const place = here();
        std::string cell;
        for (++at_;;) {
            auto const quote = text_.find('"', at_);
            if (quote == std::string_view::npos) {
                broken_ = place;
                give_up();
                return {};
            }
            cell += text_.substr(at_, quote - at_);
            at_ = quote + 1;
            if (peek() != '"')
                break;
            cell += '"';
            ++at_;
        }
        count_lines(begin);
        cell += plain(); // what some programs write behind a closing quote
        return cell;
    }

    placed_row give_up()
    {
        at_ = text_.size();
        return {};
    }

    std::string_view text_;
    char separator_;
    std::size_t cells_left_;
    std::size_t at_ = 0;
    std::uint32_t line_ = 1;
    std::size_t line_start_ = 0;
    std::optional<place> broken_;
    bool too_many_ = false;
};

result<csv_table> csv_table::parse(std::string_view text, char separator, std::size_t most_cells)
{
    if (trimmed(text).empty())
        return unparsable("the table is empty, without even a header line");

    row_reader in{text, separator, most_cells};
    csv_table table;
    for (auto& name : in.row(0)) {
        table.columns_.try_emplace(lower(trimmed(name.text)), table.header_.size());
        table.header_.push_back(std::move(name.text));
    }
    if (table.header_.size() > most_columns)
        return unparsable("the table has more than " + std::to_string(most_columns) + " columns");
    while (!in.at_end()) {
        // Room for as many cells as the row before had: not the header's, for a wide one over short rows
        // would take a thousand times what the text does.
        auto row = in.row(table.rows_.empty() ? table.header_.size() : table.rows_.back().size());
        bool const blank_line = row.size() == 1 && row.front().text.empty();
        if (!blank_line)
            table.rows_.push_back(std::move(row));
    }
    if (auto const quote = in.broken())
        return unparsable(
            "a quote in the table is never closed: it begins in line " + std::to_string(quote->line)
            + ", column " + std::to_string(quote->column));
    if (in.too_many())
        return unparsable("the table has too many cells");
    return table;
}

std::optional<std::size_t> csv_table::column(std::string_view name) const
{
    auto const found = columns_.find(lower(name));
    return found == columns_.end() ? std::nullopt : std::optional{found->second};
}

std::string_view csv_table::cell(std::size_t row, std::optional<std::size_t> column) const noexcept
{
    if (!column || row >= rows_.size() || *column >= rows_[row].size())
        return {};
    return rows_[row][*column].text;
}

csv_table::place csv_table::place_of(std::size_t row, std::size_t column) const noexcept
{
    auto const& cells = rows_[row];
    return cells[column < cells.size() ? column : 0].at;
}

} // namespace checkwatches::wire
