#pragma once

#include "engine/core/error.hpp"
#include "engine/core/time.hpp"
#include "engine/serve/http/message.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace checkwatches::serve {

// A date of the pushlog: "2026-11-22", with " 08", " 08:15" or " 08:15:30" behind it, in UTC; or a time of
// RFC 3339. Nothing for anything else.
std::optional<utc_time> read_push_date(std::string_view text) noexcept;

// Where a range of pushes begins or ends: nowhere, at a date, at a change (its hash, or the first digits of
// it), at an id.
struct change_hash {
    std::string digits{};
    bool operator==(change_hash const&) const = default;
};
using push_bound = std::variant<std::monostate, utc_time, change_hash, std::int64_t>;

// What /json-pushes is asked for, by the parameters of Mozilla's pushlog. Of these "tipsonly" asks for what a
// push of ours is anyway: one changeset, its tip.
struct push_request {
    push_bound begin{}; // exclusive: startdate, fromchange or startID, the first of them that is there
    push_bound end{};   // enddate, exclusive; tochange or endID, inclusive
    std::vector<std::string> users{};
    std::vector<std::string> changesets{};
    std::optional<std::string> branch{}; // a tracker's name
    bool full = false;
    int version = 1;
};

inline constexpr std::size_t most_of_a_filter = 100; // users, or changesets

// Reads the parameters; those that the pushlog does not know are left alone, as it does. An error of kind
// usage says which is wrong and how it is written.
result<push_request> read_push_request(http_fields const& query);

} // namespace checkwatches::serve
