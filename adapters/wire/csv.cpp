#include "adapters/wire/csv.hpp"

#include "adapters/wire/text.hpp"

#include <algorithm>
#include <utility>

namespace checkwatches::wire {
namespace {

error unparsable(std::string message)
{
    return error{.kind = error_kind::unparsable, .message = std::move(message)};
}

// Takes one row after another off a text.
class row_reader {
public:
    row_reader(std::string_view text, char separator, std::size_t most_cells)
        : text_{text},
          separator_{separator},
          cells_left_{most_cells}
    {}

    bool at_end() const noexcept { return at_ >= text_.size(); }
    bool broken() const noexcept { return broken_; }
    bool too_many() const noexcept { return too_many_; }

    std::vector<std::string> row()
    {
        std::vector<std::string> cells;
        for (;;) {
            if (cells_left_ == 0)
                return give_up(too_many_);
            --cells_left_;
            cells.push_back(peek() == '"' ? quoted() : plain());
            if (broken_)
                return {};
            if (at_end())
                return cells;
            char const c = text_[at_++];
            if (c == separator_)
                continue;
            if (c == '\r' && peek() == '\n')
                ++at_;
            return cells;
        }
    }

private:
    char peek() const noexcept { return at_end() ? '\0' : text_[at_]; }
    bool ends_cell() const noexcept
    {
        return at_end() || peek() == separator_ || peek() == '\n' || peek() == '\r';
    }

    std::string plain()
    {
        auto const start = at_;
        while (!ends_cell())
            ++at_;
        return std::string{text_.substr(start, at_ - start)};
    }

    std::string quoted()
    {
        std::string cell;
        for (++at_;;) {
            auto const quote = text_.find('"', at_);
            if (quote == std::string_view::npos) {
                give_up(broken_);
                return {};
            }
            cell += text_.substr(at_, quote - at_);
            at_ = quote + 1;
            if (peek() != '"')
                break;
            cell += '"';
            ++at_;
        }
        cell += plain(); // what some programs write behind a closing quote
        return cell;
    }

    std::vector<std::string> give_up(bool& why)
    {
        why = true;
        at_ = text_.size();
        return {};
    }

    std::string_view text_;
    char separator_;
    std::size_t cells_left_;
    std::size_t at_ = 0;
    bool broken_ = false;
    bool too_many_ = false;
};

} // namespace

result<csv_table> csv_table::parse(std::string_view text, char separator, std::size_t most_cells)
{
    if (trimmed(text).empty())
        return unparsable("the table is empty, without even a header line");

    row_reader in{text, separator, most_cells};
    csv_table table;
    table.header_ = in.row();
    while (!in.at_end()) {
        auto row = in.row();
        bool const blank_line = row.size() == 1 && row.front().empty();
        if (!blank_line)
            table.rows_.push_back(std::move(row));
    }
    if (in.broken())
        return unparsable("a quote in the table is never closed");
    if (in.too_many())
        return unparsable("the table has too many cells");
    return table;
}

std::optional<std::size_t> csv_table::column(std::string_view name) const noexcept
{
    auto const found = std::ranges::find_if(
        header_, [&](std::string const& h) { return same_word(trimmed(h), name); });
    if (found == header_.end())
        return std::nullopt;
    return static_cast<std::size_t>(found - header_.begin());
}

std::string_view csv_table::cell(std::size_t row, std::optional<std::size_t> column) const noexcept
{
    if (!column || row >= rows_.size() || *column >= rows_[row].size())
        return {};
    return rows_[row][*column];
}

} // namespace checkwatches::wire
