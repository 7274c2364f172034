#pragma once

#include <string>
#include <string_view>

namespace checkwatches::serve {

// A token that nobody can guess: "cw_" and 43 characters that may stand in a URL, of 32 random bytes. Throws
// std::runtime_error where the machine has no randomness to give.
std::string new_token();

// What is stored of a token: its SHA-256 in hexadecimal digits. The token has the entropy that a password
// lacks, so that a slow hash would add nothing.
std::string hash_of_token(std::string_view token);

} // namespace checkwatches::serve
