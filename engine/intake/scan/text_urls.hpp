#pragma once

#include "engine/intake/scan/bug_addresses.hpp"
#include "engine/intake/scan/text_link.hpp"

namespace checkwatches::intake::scan {

// Adds the addresses of bugs that stand in a part of a text, in their order.
void find_urls(
    std::string_view text,
    span part,
    said how,
    storage::relation is,
    std::string_view by,
    bug_addresses& bugs,
    text_links& into);

// By what an address is found that a text just mentions.
inline constexpr std::string_view mention = "URL";

// Adds the addresses of bugs that a text mentions; they are related.
void find_mentions(std::string_view text, bug_addresses& bugs, text_links& into);

} // namespace checkwatches::intake::scan
