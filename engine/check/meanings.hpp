#pragma once

#include "adapters/adapter.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace checkwatches::check {

// What the configuration says the words of one tracker mean, where it says so. The keys are a status, a
// status with its resolution ("RESOLVED FIXED"), a priority, a severity, both ("P1 major"), or a label, in
// lower case.
struct word_overrides {
    std::map<std::string, status, std::less<>> states{};
    std::map<std::string, importance, std::less<>> weights{};

    bool operator==(word_overrides const&) const = default;
};

// By the trackers' names.
using overrides = std::map<std::string, word_overrides, std::less<>>;

// Interprets the words of one tracker: by the configuration first, by the adapter otherwise. Of several
// overrides that fit, the whole text wins ("RESOLVED FIXED"), then the first word alone (status, priority),
// then the second (severity), then the labels in their order. Both parts outlive it.
class interpreter {
public:
    // `says` may be null.
    interpreter(adapters::adapter const& kind, word_overrides const* says) : kind_{kind}, says_{says} {}

    // A side that the configuration decides has no unmapped word. Pure but for the adapter's interpret().
    verdict of(raw_words const& words) const;

private:
    adapters::adapter const& kind_;
    word_overrides const* says_;
};

// The overrides of one tracker; null where there are none.
word_overrides const* overrides_of(overrides const& all, std::string_view tracker);

} // namespace checkwatches::check
