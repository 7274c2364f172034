#pragma once

#include "engine/intake/scan/bug_addresses.hpp"
#include "engine/intake/scan/text_link.hpp"

namespace checkwatches::intake::scan {

// Adds the bugs that the entries of a debian/changelog close: of Debian by deb-changelog(5)'s regular
// expression,
//
//     /closes:\s*(?:bug)?\#?\s?\d+(?:,\s*(?:bug)?\#?\s?\d+)*/i     found by "Closes"
//
// and of Launchpad by dpkg's for Ubuntu,
//
//     /lp:\s+\#\d+(?:,\s*\#\d+)*/i                                 found by "LP"
void find_closed(std::string_view text, bug_addresses& bugs, text_links& into);

// Adds the bugs of a list of numbers that is all there is in a part of a text ("#17, #18", "17"), at an
// address that ends where the number stands; nothing where it is no such list.
void find_numbers(
    std::string_view text,
    span part,
    std::string const& address,
    storage::relation is,
    std::string_view by,
    bug_addresses& bugs,
    text_links& into);

inline constexpr char const debian_bugs[] = "https://bugs.debian.org/";
inline constexpr char const launchpad_bugs[] = "https://bugs.launchpad.net/bugs/";

} // namespace checkwatches::intake::scan
