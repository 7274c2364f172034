#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace checkwatches {

// What a message of a failure has in common with those that are like it: what differs from one bug, request
// or moment to the next is taken out of it. Pure; at most 200 bytes, valid UTF-8 where the message was.
//
//   dates and times         T     "2026-11-20T10:00:00Z", "20 Nov 2026", "10:15:53"
//   UUIDs, hex of 8 and more digits with a digit among them, with or without "0x"   H
//   other numbers           N     "404", "3.5", "bug17" → "bugN"
//   quoted texts of more than 20 bytes   "…"     in "", '', `` or “”
//   the query of a URL      dropped, with its question mark
//   blanks, control characters   folded to one blank; none at either end
std::string normalise_message(std::string_view message);

// The longest beginning of at most `most` bytes that cuts no UTF-8 character in two.
std::string_view cut_text(std::string_view text, std::size_t most) noexcept;

} // namespace checkwatches
