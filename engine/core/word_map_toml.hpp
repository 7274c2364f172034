#pragma once

#include "engine/core/ascii.hpp"
#include "engine/core/toml_section.hpp"
#include "engine/core/word_map.hpp"

namespace checkwatches {

// One side of a tracker's words: each key in the tracker's words, its value one of the titles of `all`.
template <class Word, class Words>
void read_words(
    section& in,
    std::string const& side,
    std::string const& file,
    std::optional<error>& trouble,
    std::map<std::string, Word, std::less<>>& into,
    std::optional<Word> (*parse)(std::string_view) noexcept,
    Words const& all)
{
    with_table(in, side, file, trouble, [&](section& words) {
        words.each([&](std::string_view word, toml::node const& node) {
            if (auto const meaning = parse(node.value_exact<std::string>().value_or(""))) {
                into.insert_or_assign(lower(word), *meaning);
                return;
            }
            std::string titles;
            for (auto const one : all)
                titles += fmt::format("{}\"{}\"", titles.empty() ? "" : ", ", title(one));
            words.complain(node.source(), fmt::format("\"{}\" must be one of {}", word, titles));
        });
    });
}

// The tables "status" and "importance" of `sides`.
inline void
read_word_map(section& sides, std::string const& file, std::optional<error>& trouble, word_map& into)
{
    read_words(sides, "status", file, trouble, into.states, parse_status, all_statuses);
    read_words(sides, "importance", file, trouble, into.weights, parse_importance, all_importances);
}

} // namespace checkwatches
