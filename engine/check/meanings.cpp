#include "engine/check/meanings.hpp"

#include "engine/core/ascii.hpp"

#include <fmt/format.h>

#include <vector>

namespace checkwatches::check {
namespace {

void forget(std::vector<unmapped_word>& words, std::string_view field)
{
    std::erase_if(words, [&](unmapped_word const& word) { return word.field == field; });
}

error wrong(std::string what)
{
    return error{.kind = error_kind::usage, .message = std::move(what)};
}

// The same word as it is written; an error names all there are.
template <class Word, class Words>
result<std::string>
known_word(std::string const& text, std::optional<Word> (*parse)(std::string_view) noexcept, Words const& all)
{
    if (auto const known = parse(text))
        return std::string{title(*known)};
    std::string titles;
    for (auto const one : all)
        titles += fmt::format("{}\"{}\"", titles.empty() ? "" : ", ", title(one));
    return wrong(fmt::format("a word cannot mean \"{}\"; it must be one of {}", text, titles));
}

} // namespace

verdict interpreter::of(raw_words const& words) const
{
    auto out = kind_.interpret(words);
    if (says_ == nullptr)
        return out;
    if (auto const state = state_of(*says_, words)) {
        out.state = state;
        forget(out.unmapped, "status");
    }
    if (auto const weight = weight_of(*says_, words)) {
        out.weight = weight;
        forget(out.unmapped, "importance");
    }
    return out;
}

word_map const* overrides_of(overrides const& all, std::string_view tracker)
{
    auto const found = all.find(tracker);
    return found == all.end() ? nullptr : &found->second;
}

overrides with_stored(overrides says, std::vector<storage::stored_meaning> const& stored)
{
    for (auto const& one : stored) {
        auto& of = says[one.tracker];
        if (auto const state = parse_status(one.means); state && one.field == "status")
            of.states.insert_or_assign(one.key, *state);
        if (auto const weight = parse_importance(one.means); weight && one.field == "importance")
            of.weights.insert_or_assign(one.key, *weight);
    }
    return says;
}

result<storage::stored_meaning> read_meaning(std::string field, std::string const& key, std::string means)
{
    if (field != "status" && field != "importance")
        return wrong(fmt::format(R"("{}" has no meanings; it must be "status" or "importance")", field));
    storage::stored_meaning out{.field = std::move(field), .key = lower(trimmed(key))};
    if (out.key.empty())
        return wrong("the word that is to mean something is empty");
    if (means.empty())
        return out;
    auto known = out.field == "status" ? known_word(means, parse_status, all_statuses)
                                       : known_word(means, parse_importance, all_importances);
    if (!known)
        return known.error();
    out.means = std::move(*known);
    return out;
}

} // namespace checkwatches::check
