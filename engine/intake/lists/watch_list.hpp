#pragma once

#include "adapters/registry.hpp"
#include "storage/watch_list_records.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace checkwatches::intake {

// A list of bugs to watch, as a file holds it. It is one of
//   JSON    [{"url": "https://…", "label": "curl"}, {"tracker": "bugs.example.org", "bug": "42"}]
//           or an object {"label": "curl", "frozen": true, "watches": […]}
//   TOML    label = "curl"
//           [[watch]]
//           url = "https://…"
//   lines   https://… curl     # one address a line, behind it a label
// Keys of an entry: "url", or "tracker" (a name or an address) and "bug"; "label" (or "package"), "owner",
// "relation" ("same", "related"), "note". Of the whole, as what holds where an entry says nothing: "label",
// "owner", "relation"; and the switches "frozen" and "enabled".
enum class list_format { json, toml, lines };

// Where something is wrong: line and column from 1, a column a character.
struct list_fault {
    std::int64_t line = 0;
    std::int64_t column = 0;
    std::string reason{};
};

// What a list says.
struct list_reading {
    std::optional<list_fault> broken{}; // it is no list; then there is nothing else
    bool frozen = false;                // it is kept, and not applied
    bool enabled = true;
    // In order: what can be read is waiting, anything else bad, with its reason.
    std::vector<storage::list_entry> entries{};
    std::int64_t ignored = 0; // keys of other systems that mean nothing here: "vcs", "revspec", "source"
};

inline constexpr std::size_t longest_list = std::size_t{8} * 1024 * 1024; // bytes
inline constexpr std::size_t most_entries = 100'000;

// By the ending of the file's name: .json, .toml, anything else is lines.
list_format format_of(std::string_view file_name);

// Pure, and bounded whatever the text is. Lines that begin as a JSON document does are read as one.
list_reading read_list(std::string_view text, list_format format);

// Makes bad the entries whose address has the shape of no known tracker's bug; returns how many are bad then.
std::int64_t check_addresses(list_reading& in, adapters::registry const& kinds);

// A list in JSON that read_list() reads as these entries: url, or tracker and bug, label, owner, relation and
// note are written, one entry a line.
std::string write_list(std::vector<storage::list_entry> const& entries);

} // namespace checkwatches::intake
