#pragma once

#include "engine/core/error.hpp"
#include "engine/intake/lists/list_settings.hpp"
#include "engine/intake/lists/watch_list.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace checkwatches::intake {

// More files than that in one folder are a mistake.
inline constexpr std::size_t most_lists = 20'000;

// Which file it was, and when it was written last: while these are the same, so is what it holds.
struct file_stamp {
    std::uint64_t device = 0;
    std::uint64_t file = 0;
    std::int64_t size = 0;
    std::int64_t written = 0; // nanoseconds, like changed
    std::int64_t changed = 0;

    bool operator==(file_stamp const&) const = default;
};

// A file of a folder of lists.
struct found_list {
    std::string name{}; // the list's
    std::string path{};
    file_stamp stamp{};
    std::string trouble{}; // why it cannot be read; empty: it can, as far as one sees from outside
};

// Whether a list may have this name; the rule in words.
inline constexpr std::string_view list_name_rule = "a list's name has letters, digits and \"._+-\", begins "
                                                   "with a letter or a digit, has at most 100 bytes, and no "
                                                   "ending such as .json";
bool is_list_name(std::string_view name) noexcept;

// The folder that settings mean: "watchlists" beside the database where they name none.
std::string lists_folder(list_settings const& settings, std::string const& database);

// The list files of a folder, by name. Passed over are subfolders, hidden files, and what editors and package
// managers leave behind. What can be no list is among them with what is wrong: a file that is too large or
// not one, a link that leads nowhere, a name that is none, a second file for the same name (then under its
// whole name), and any of `closed`, files that nobody may open here. Blocking. An error of kind not_found:
// there is no such folder; of kind storage: it cannot be read.
result<std::vector<found_list>>
look_into(std::string const& folder, std::vector<std::string> const& closed = {});

// What a list's file holds.
struct list_text {
    std::string text{};
    std::string trouble{};  // why it cannot be read
    bool is_gone = false;   // in the meantime
    bool is_moving = false; // it is being written right now
};
// Blocking, but never for long: it opens nothing but plain files, and none of `closed`.
list_text read_text(found_list const& file, std::vector<std::string> const& closed = {});

// What is known of a list that is put or removed.
struct known_file {
    std::string path{};                // its file, as it was found last; empty: none is known
    bool was_good = false;             // it held a list then, or before
    std::vector<std::string> closed{}; // files that nobody may open or replace
};

// Puts a list into a folder under its name, in place of what there was, in one step: who reads sees the old
// or the new one. Two at a time for one name go one behind the other. Makes the folder where there is none.
// Blocking; returns the path. An error of kind usage: what is there is no list, or there are too many lists;
// of kind storage.
result<std::string> put_list(
    std::string const& folder,
    std::string const& name,
    list_format format,
    std::string_view text,
    known_file const& known = {});
// Removes the file that is known of a list; false: there is none. Errors as for put_list().
result<bool> remove_list(std::string const& folder, std::string const& name, known_file const& known);

} // namespace checkwatches::intake
