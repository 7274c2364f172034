#pragma once

#include "tests/fuzz/claim.hpp"

#include <simdjson.h>

namespace checkwatches::fuzz {

// What everything that was decoded is: valid UTF-8 (asked of somebody else's code) without control
// characters.
inline void claim_clean(std::string_view text)
{
    claim(simdjson::validate_utf8(text), "the text is valid UTF-8");
    claim(is_printable(text), "the text has no control characters");
    for (auto at = text.find('\xC2'); at != std::string_view::npos; at = text.find('\xC2', at + 1))
        claim(static_cast<unsigned char>(text[at + 1]) >= 0xA0, "the text has no C1 control characters");
}

} // namespace checkwatches::fuzz
