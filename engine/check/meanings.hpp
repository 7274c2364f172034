#pragma once

#include "adapters/adapter.hpp"
#include "engine/core/word_map.hpp"
#include "storage/records.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

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

// `says` and what is stored of all trackers: where both say something of a word, what is stored holds. What
// is no normal word of this program (a newer one stored it) is passed over.
overrides with_stored(overrides says, std::vector<storage::stored_meaning> const& stored);

// What somebody says that a word means, as it is stored: `key` in lower case and without blanks around it. An
// error of kind usage where `field` is none of both, the key is empty, or `means` is no normal word; it names
// those that there are. An empty `means` is none, and no error.
result<storage::stored_meaning> read_meaning(std::string field, std::string const& key, std::string means);

} // namespace checkwatches::check
