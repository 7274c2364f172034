#pragma once

#include "engine/feed/digest/settings.hpp"
#include "storage/digest_records.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace checkwatches::feed {

// One bug in a letter, and what is said of it.
struct letter_line {
    storage::named_bug what{};
    std::string says{};
};
struct letter_section {
    std::string heading{};
    std::vector<letter_line> lines{};
    std::size_t more = 0; // that are not listed

    // Adds a line; beyond the most that a letter has of one section it is only counted.
    void add(letter_line line);
};

// What a letter says, before it is written down as text and as HTML.
struct letter_draft {
    std::string subject{}; // behind "[NAME] TOPIC: "
    std::vector<std::string> opening{};
    std::vector<letter_section> sections{};
};

// A letter's three texts. Nothing that comes from outside ends a line, or means anything in HTML.
struct letter_texts {
    std::string subject{};
    std::string text{};
    std::string html{};
};
letter_texts write_down(
    letter_draft const& draft,
    digest_settings const& of,
    letter_style const& style,
    std::string const& topic);

// Without control characters, at most so many bytes of UTF-8.
std::string plain(std::string_view text, std::size_t most);

// Where our pages have the topic; empty where there are none.
std::string link_to(letter_style const& style, std::string const& topic);

} // namespace checkwatches::feed
