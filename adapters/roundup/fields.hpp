#pragma once

#include "adapters/adapter.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace checkwatches::adapters::roundup {

// How a Roundup is asked: the words of capabilities::protocol, best first, each followed by a colon and the
// fields that the site's issues have of those that we read ("rest:title,activity,status,priority"): every
// site has its own, and a question for one that it does not have is refused.
//
// "rest": its REST API (Roundup 2.0 and later), which names links, duplicates and times.
// "csv": the index of its issues, exported as CSV.
inline constexpr std::string_view by_rest = "rest";
inline constexpr std::string_view by_csv = "csv";

// Where the credential goes: the words of capabilities::login.
inline constexpr std::string_view by_basic = "basic";
inline constexpr std::string_view by_bearer = "bearer"; // a JSON web token

struct way {
    std::string_view protocol{};
    std::vector<std::string> fields{};

    bool has(std::string_view field) const;
};

way read_protocol(std::string_view protocol);
std::string protocol_text(std::string_view protocol, std::vector<std::string> const& fields);

// A GET below the tracker's address, with the login that capabilities::login names.
request get(remote const& at, std::string_view relative, std::string_view login);

// A time as Roundup writes it, "2026-11-20.10:00:00" in UTC; nothing for another text.
std::optional<utc_time> read_time(std::string_view text);

// A word where it is one: not what stands for none.
std::string plain_word(std::string_view text);

// A status and a resolution as they were read, for interpret(): a closed issue of a site with resolutions
// says so where it has none.
void mark_missing_resolution(way const& by, raw_words& words);

} // namespace checkwatches::adapters::roundup
