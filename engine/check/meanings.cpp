#include "engine/check/meanings.hpp"

#include <vector>

namespace checkwatches::check {
namespace {

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

} // namespace checkwatches::check
