#pragma once

#include "engine/intake/recognise.hpp"

#include <optional>
#include <string>
#include <vector>

namespace checkwatches::intake {

// Whose verdict a duplicate is shown with: its own, or its master's.
enum class duplicate_policy { own, master };

// A chain of duplicates is followed so far.
inline constexpr std::size_t longest_chain = 10;

// The address of the bug that a tracker calls the master of one of its own: an id of the same tracker, or an
// address. Nothing where it is neither.
std::optional<web_url> master_of(
    adapters::registry const& kinds,
    std::string const& kind,
    std::string const& base_url,
    std::string const& duplicate_of);

// The bugs that a duplicate leads to, one behind the other.
struct duplicate_chain {
    std::vector<storage::shown_bug> bugs{}; // those that are known
    std::string unknown{};                  // the address of the next, where that is not watched
    bool loops = false;                     // … or leads back into the chain
    bool is_cut = false;                    // … or is beyond the longest

    // The one at its end; null where that is not known, or was not seen yet.
    storage::shown_bug const* master() const noexcept;
};

// Empty for what is no duplicate.
duplicate_chain
chain_of(storage::reader const& in, adapters::registry const& kinds, storage::shown_bug const& of);

} // namespace checkwatches::intake
