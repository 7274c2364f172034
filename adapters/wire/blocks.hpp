#pragma once

#include "engine/core/error.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace checkwatches::wire {

// "Name: value" lines that belong together: a mail's header, a record of a tracker.
struct field_block {
    // In the order written. A value has no blanks at its ends; the lines that continue it (they start with a
    // blank or a tab) follow behind line feeds, without their indent.
    std::vector<std::pair<std::string, std::string>> fields{};
    // Lines that are neither: "# Ticket 9 does not exist.", as they were written.
    std::vector<std::string> others{};

    // The value of the first field of this name, compared without case; null where there is none.
    std::string const* field(std::string_view name) const noexcept;

    bool operator==(field_block const&) const = default;
};

// Takes decoded text apart into blocks: LF or CRLF line ends, `divider` the line between two blocks ("--", or
// an empty line). Empty lines, and blocks without any line, are passed over. A name is printable ASCII
// without blanks and colons, but for what stands in braces: "CF.{Found in}". An error of kind unparsable for
// more than `most_lines` lines.
result<std::vector<field_block>>
read_blocks(std::string_view text, std::string_view divider, std::size_t most_lines = 1'000'000);

} // namespace checkwatches::wire
