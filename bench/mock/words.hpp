#pragma once

#include "bench/mock/options.hpp"

#include <span>
#include <string_view>

namespace checkwatches::mock {

struct status_word {
    std::string_view word;
    bool open;
    bool resolved; // carries a resolution
};

// The words of one tracker, in the order in which it sorts them.
struct vocabulary {
    std::span<status_word const> statuses;
    std::span<std::string_view const> resolutions; // without the one for duplicates
    std::string_view duplicate;                    // the resolution of duplicates; empty: there is none
    std::span<std::string_view const> priorities;
    std::span<std::string_view const> severities; // may be empty
};

vocabulary bugzilla_words(tracker_options const& options) noexcept;
vocabulary launchpad_words(tracker_options const& options) noexcept;
vocabulary trac_words(tracker_options const& options) noexcept;
// Of the options' kind.
vocabulary words_of(tracker_options const& options) noexcept;

// A status outside the vocabulary is open and sorts last.
bool is_open(vocabulary const& words, std::string_view status) noexcept;
std::size_t rank(std::span<status_word const> words, std::string_view word) noexcept;
std::size_t rank(std::span<std::string_view const> words, std::string_view word) noexcept;

} // namespace checkwatches::mock
