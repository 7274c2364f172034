#pragma once

#include "engine/core/importance.hpp"
#include "engine/core/outcome.hpp"
#include "engine/core/status.hpp"
#include "engine/core/time.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace checkwatches {

// The words of a bug as its tracker wrote them. Empty where the tracker has no such field or left it empty.
struct raw_words {
    std::string status{};
    std::string resolution{};
    std::string priority{};
    std::string severity{};
    std::string type{};
    std::vector<std::string> labels{};

    bool operator==(raw_words const&) const = default;
};

// What an adapter saw of one bug.
struct sighting {
    raw_words words{};
    std::string title{};
    std::string product{};      // the part of the tracker that it is in; empty where it has none
    std::string duplicate_of{}; // a remote id of the same tracker, or a URL; empty where it is no duplicate
    std::optional<utc_time> modified{}; // when the tracker says that the bug last changed
    std::size_t replaced = 0; // characters of the answer that could not be decoded and were replaced
};

// "RESOLVED FIXED": status and resolution as one text, as it is shown and stored. Empty where both are.
std::string remote_status(raw_words const& words);

// "P1 major": priority and severity as one text. Empty where both are.
std::string remote_importance(raw_words const& words);

// A word that no mapping knows, in the field it was seen in: {"status", "RESOLVED FROBNICATED"}.
struct unmapped_word {
    std::string field{}; // "status" or "importance"
    std::string word{};

    bool operator==(unmapped_word const&) const = default;
};

// A sighting in normal words. Where a word is unknown its side stays empty, so that the last good value is
// kept, and the word is listed.
struct verdict {
    std::optional<status> state{};
    std::optional<importance> weight{};
    std::vector<unmapped_word> unmapped{};

    bool operator==(verdict const&) const = default;
};

} // namespace checkwatches
