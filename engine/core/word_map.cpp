#include "engine/core/word_map.hpp"

#include "engine/core/ascii.hpp"

#include <initializer_list>
#include <vector>

namespace checkwatches {
namespace {

template <class Word>
std::optional<Word> decided(
    std::map<std::string, Word, std::less<>> const& says,
    std::initializer_list<std::string> texts,
    std::vector<std::string> const& labels)
{
    if (says.empty())
        return std::nullopt;
    std::vector<std::string> keys{texts};
    keys.insert(keys.end(), labels.begin(), labels.end());
    for (auto const& key : keys)
        if (auto const found = says.find(lower(key)); !key.empty() && found != says.end())
            return found->second;
    return std::nullopt;
}

} // namespace

std::optional<status> state_of(word_map const& says, raw_words const& words)
{
    return decided(says.states, {remote_status(words), words.status}, words.labels);
}

std::optional<importance> weight_of(word_map const& says, raw_words const& words)
{
    return decided(says.weights, {remote_importance(words), words.priority, words.severity}, words.labels);
}

} // namespace checkwatches
