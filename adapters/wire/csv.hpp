#pragma once

#include "engine/core/error.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace checkwatches::wire {

// A CSV or tab-separated table with a header line (RFC 4180, and what trackers make of it: LF or CRLF line
// ends, line ends inside quotes, rows that are too short).
class csv_table {
public:
    // Where something begins in the text, from 1; the column counts bytes.
    struct place {
        std::uint32_t line = 1;
        std::uint32_t column = 1;

        bool operator==(place const&) const = default;
    };

    // Reads decoded text. An error of kind unparsable for an unterminated quote (it says where that begins),
    // for no header line at all (an empty body), for more than 1000 columns in it, and for more than
    // `most_cells` cells.
    static result<csv_table>
    parse(std::string_view text, char separator = ',', std::size_t most_cells = 4'000'000);

    // The column of this name, compared without case, the first of several; nothing where there is none.
    std::optional<std::size_t> column(std::string_view name) const;
    std::vector<std::string> const& header() const noexcept { return header_; }
    std::size_t rows() const noexcept { return rows_.size(); }

    // The cell; empty where the row is too short or `column` is nothing.
    std::string_view cell(std::size_t row, std::optional<std::size_t> column) const noexcept;
    // How many cells the row has; it may be more or fewer than the header's.
    std::size_t cells(std::size_t row) const noexcept { return rows_[row].size(); }
    // Where the cell begins; the row's begin where the row is too short for it.
    place place_of(std::size_t row, std::size_t column) const noexcept;

private:
    struct placed_cell {
        std::string text{};
        place at{};
    };
    using placed_row = std::vector<placed_cell>;
    class row_reader;

    std::vector<std::string> header_;
    std::unordered_map<std::string, std::size_t> columns_; // by name in lower case
    std::vector<placed_row> rows_;
};

} // namespace checkwatches::wire
