#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace checkwatches::mock {

// The n-th number of a stream that depends on the seed alone (splitmix64).
std::uint64_t scramble(std::uint64_t n) noexcept;

// Numbers by a seed, the same on every machine.
class dice {
public:
    explicit dice(std::uint64_t seed) noexcept : state_(seed) {}

    std::uint64_t next() noexcept { return scramble(state_++); }
    // From 0 to below `sides` (at least 1).
    std::size_t roll(std::size_t sides) noexcept { return static_cast<std::size_t>(next() % sides); }

private:
    std::uint64_t state_;
};

// "5.0.4.rh103" ≥ "5.0": compares the leading numbers.
bool version_at_least(std::string_view version, std::string_view wanted) noexcept;

// Append `text` as a JSON string in quotes, escaped for XML (quotes too), or as a CSV cell in quotes.
void append_json(std::string& out, std::string_view text);
void append_xml(std::string& out, std::string_view text);
void append_quoted(std::string& out, std::string_view text);

// Times as the trackers write them, from seconds since 1970 UTC.
std::string iso_time(std::int64_t t);    // 2026-01-01T13:00:00Z
std::string xmlrpc_time(std::int64_t t); // 20260101T13:00:00
std::string plain_time(std::int64_t t);  // 2026-01-01 13:00:00
std::string trac_time(std::int64_t t);   // Jan 1, 2026, 1:00:00 PM
std::string http_time(std::int64_t t);   // Thu, 01 Jan 2026 13:00:00 GMT

// Seconds since 1970 of "2026-01-01T13:00:00" with or without separators, zone and fraction ignored.
std::optional<std::int64_t> read_time(std::string_view text) noexcept;
// Microseconds since 1970 of the same with its fraction.
std::optional<std::int64_t> read_micros(std::string_view text) noexcept;

// 22 characters of base64 and 24 of hex, as the trackers' ETags and cookies look.
std::string base64_tag(std::uint64_t high, std::uint64_t low);
std::string hex_tag(std::uint64_t n);
// The text of a base64 string; what is no base64 is left out.
std::string base64_decode(std::string_view text);

using form = std::vector<std::pair<std::string, std::string>>;

// The fields of "a=1&b=x%2Cy".
form parse_form(std::string_view text);
// The first field of this name, or nothing.
std::optional<std::string_view> field(form const& fields, std::string_view name) noexcept;
// All fields of this name, each split at commas.
std::vector<std::string_view> listed(form const& fields, std::string_view name);
std::vector<std::string_view> split(std::string_view text, char at);

// A decimal number of at most 18 digits, or nothing.
std::optional<std::int64_t> read_id(std::string_view text) noexcept;

} // namespace checkwatches::mock
