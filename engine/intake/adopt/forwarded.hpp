#pragma once

#include "engine/core/error.hpp"
#include "engine/intake/adopt/adopted.hpp"

#include <map>
#include <string>
#include <string_view>

namespace checkwatches::intake {

// What bts-link works on, as lists of text.

// Debian bugs and where they were forwarded to: a number and addresses a line; blank lines and lines that
// start with # are passed over. Of several addresses the first is the same bug and the others are related;
// all are where other words stand beside them ("see also https://…"). The usual label of a watch is
// "debian:N".
adopted read_forwarded(std::string_view text);

// What bts-link says of Debian bugs, by their numbers, in the user tags that it keeps: status-… and
// resolution-…. Read as the tracker has them, in paragraphs of "Tag: T" and "Bugs: N, N, …", or as lines of a
// number and its tags. What is neither is added to `rest`.
std::map<std::string, other_view> read_usertags(std::string_view text, std::vector<leftover>& rest);

} // namespace checkwatches::intake
