#include "engine/check/meanings.hpp"

#include "engine/core/ascii.hpp"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <vector>

namespace checkwatches::check {
namespace {

template <class Word>
std::optional<Word>
decided(std::map<std::string, Word, std::less<>> const& says, std::vector<std::string> const& texts)
{
    if (says.empty())
        return std::nullopt;
    for (auto const& text : texts)
        if (auto const found = says.find(lower(text)); !text.empty() && found != says.end())
            return found->second;
    return std::nullopt;
}

// What may be a key, the strongest first.
std::vector<std::string>
keys_of(std::initializer_list<std::string> texts, std::vector<std::string> const& labels)
{
    std::vector<std::string> out{texts};
    out.insert(out.end(), labels.begin(), labels.end());
    return out;
}

void forget(std::vector<unmapped_word>& words, std::string_view field)
{
    std::erase_if(words, [&](unmapped_word const& word) { return word.field == field; });
}

} // namespace

verdict interpreter::of(raw_words const& words) const
{
    auto out = kind_.interpret(words);
    if (says_ == nullptr)
        return out;
    auto const states = keys_of({remote_status(words), words.status}, words.labels);
    if (auto const state = decided(says_->states, states)) {
        out.state = state;
        forget(out.unmapped, "status");
    }
    auto const weights = keys_of({remote_importance(words), words.priority, words.severity}, words.labels);
    if (auto const weight = decided(says_->weights, weights)) {
        out.weight = weight;
        forget(out.unmapped, "importance");
    }
    return out;
}

word_overrides const* overrides_of(overrides const& all, std::string_view tracker)
{
    auto const found = all.find(tracker);
    return found == all.end() ? nullptr : &found->second;
}

} // namespace checkwatches::check
