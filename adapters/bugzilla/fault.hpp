#pragma once

#include "adapters/adapter.hpp"
#include "adapters/ledger.hpp"

#include <cstdint>
#include <string_view>

namespace checkwatches::adapters::bugzilla {

// What a code of Bugzilla's web services says about one bug: 100 invalid_id, 101 and 51 not_found, 102 and
// 113 forbidden. Nothing for a code that is about the request as a whole.
std::optional<outcome> outcome_of(std::int64_t code) noexcept;

// What a code means for the request as a whole. The server's own words are quoted, but not where they may
// quote a credential.
error error_of(std::int64_t code, std::string_view message, std::string_view request);

// An answer that cannot be read.
error unreadable(reply const& answer, std::string message);

// Under which of the ids asked an answer is recorded: an alias is asked alone, and its bug comes back under
// its number.
std::string_view asked_as(std::span<std::string const> ids, std::string_view returned) noexcept;

// Records a bug under its id. One without a status is unparsable. `replaced` of the whole answer counts for
// the bug as far as it can be told: all of it for an only bug, otherwise the replaced characters that it
// shows.
void record(
    ledger& book,
    std::span<std::string const> ids,
    std::string_view returned,
    sighting&& seen,
    std::size_t replaced);

// The fault that the tracker reports for one id. Nothing where it is recorded; otherwise what it means for
// the whole request.
std::optional<error> record_fault(
    ledger& book, std::string_view id, std::int64_t code, std::string_view message, std::string_view request);

// "" for what stands in the place of a missing resolution: "---", " ---".
std::string_view resolution_of(std::string_view text) noexcept;

} // namespace checkwatches::adapters::bugzilla
