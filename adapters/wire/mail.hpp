#pragma once

#include "engine/core/time.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace checkwatches::wire {

// The date of a mail's header (RFC 5322 §3.3 and what old programs write): "Thu, 23 Nov 2006 22:18:28 +0900
// (JST)", with or without weekday and seconds, the zone as an offset or as one of RFC 822's names; a year of
// two digits is one from 1950 to 2049. Nothing for anything else.
std::optional<utc_time> parse_mail_date(std::string_view text);

// A field of a mail's header in one line of UTF-8: its encoded words (RFC 2047: "=?utf-8?Q?=C3=A4?=")
// decoded. A word that cannot be read stays as it is.
std::string decode_mail_words(std::string_view value);

} // namespace checkwatches::wire
