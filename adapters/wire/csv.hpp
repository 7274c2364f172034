#pragma once

#include "engine/core/error.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace checkwatches::wire {

// A CSV or tab-separated table with a header line (RFC 4180, and what trackers make of it: LF or CRLF line
// ends, line ends inside quotes, rows that are too short).
class csv_table {
public:
    // Reads decoded text. An error of kind unparsable for an unterminated quote, for no header line at all
    // (an empty body), and for more than `most_cells` cells.
    static result<csv_table>
    parse(std::string_view text, char separator = ',', std::size_t most_cells = 4'000'000);

    // The column of this name, compared without case; nothing where there is none.
    std::optional<std::size_t> column(std::string_view name) const noexcept;
    std::vector<std::string> const& header() const noexcept { return header_; }
    std::size_t rows() const noexcept { return rows_.size(); }

    // The cell; empty where the row is too short or `column` is nothing.
    std::string_view cell(std::size_t row, std::optional<std::size_t> column) const noexcept;

private:
    std::vector<std::string> header_;
    std::vector<std::vector<std::string>> rows_;
};

} // namespace checkwatches::wire
