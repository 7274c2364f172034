#pragma once

#include "engine/intake/lists/watch_list.hpp"

#include <set>

namespace checkwatches::intake::parts {

// What holds for the entries of a list that do not say otherwise.
struct list_defaults {
    std::string label{};
    std::string owner{};
    std::string relation{};
};

// Lines and columns of offsets that grow, in one walk over the text.
class places {
public:
    explicit places(std::string_view text) : text_{text} {}

    list_fault at(std::size_t offset, std::string reason = {});

private:
    std::string_view text_;
    std::size_t walked_ = 0;
    std::int64_t line_ = 1;
    std::int64_t column_ = 1;
};

// An entry as its keys come in.
class entry_maker {
public:
    explicit entry_maker(list_fault const& where);

    // A key with its value; without one where that is no text. What is wrong first is the entry's reason.
    void take(std::string_view key, std::optional<std::string> text);
    void wrong(std::string reason);

    bool wants_number(std::string_view key) const noexcept { return key == "bug"; }
    std::int64_t ignored() const noexcept { return ignored_; }
    storage::list_entry finish(list_defaults const& defaults);

private:
    std::string* place_of(std::string_view key);
    void check();

    storage::list_entry made_;
    std::string relation_;
    std::set<std::string, std::less<>> taken_;
    std::int64_t ignored_ = 0;
};

// Puts the entries into the list, with what holds for all; or says that there are too many.
void finish_entries(list_reading& into, std::vector<entry_maker> makers, list_defaults const& defaults);

// What is wrong with a text of the whole list; empty: nothing.
std::string fault_of_default(std::string_view key, std::string const& text);

list_reading read_json_list(std::string_view text);
list_reading read_toml_list(std::string_view text);
list_reading read_lines(std::string_view text);

} // namespace checkwatches::intake::parts
