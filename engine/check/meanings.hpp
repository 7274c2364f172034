#pragma once

#include "adapters/adapter.hpp"
#include "engine/core/word_map.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace checkwatches::check {

// What the configuration says the words of trackers mean, by the trackers' names.
using overrides = std::map<std::string, word_map, std::less<>>;

// Interprets the words of one tracker: by the configuration first, by the adapter otherwise. Both
// parts outlive it.
class interpreter {
public:
    // `says` may be null.
    interpreter(adapters::adapter const& kind, word_map const* says) : kind_{kind}, says_{says} {}

    // A side that the configuration decides has no unmapped word. Pure but for the adapter's interpret().
    verdict of(raw_words const& words) const;

private:
    adapters::adapter const& kind_;
    word_map const* says_;
};

// The overrides of one tracker; null where there are none.
word_map const* overrides_of(overrides const& all, std::string_view tracker);

} // namespace checkwatches::check
