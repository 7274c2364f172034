#pragma once

#include "engine/core/importance.hpp"
#include "engine/core/sighting.hpp"
#include "engine/core/status.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>

namespace checkwatches {

// What somebody says the words of a tracker mean. The keys are a status, a status with its resolution
// ("RESOLVED FIXED"), a priority, a severity, both ("P1 major"), or a label, in lower case.
struct word_map {
    std::map<std::string, status, std::less<>> states{};
    std::map<std::string, importance, std::less<>> weights{};

    bool operator==(word_map const&) const = default;
};

// Of several keys that fit, the whole text wins ("RESOLVED FIXED"), then the first word alone (status,
// priority), then the second (severity), then the labels in their order. Nothing where none fits.
std::optional<status> state_of(word_map const& says, raw_words const& words);
std::optional<importance> weight_of(word_map const& says, raw_words const& words);

} // namespace checkwatches
