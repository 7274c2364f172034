#pragma once

#include "engine/core/error.hpp"
#include "engine/feed/digest/settings.hpp"
#include "storage/digest_records.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace checkwatches::feed {

// Somebody's address, as "Bug watch <bugs@example.org>" or "bugs@example.org" has it.
struct mail_address {
    std::string name{};
    std::string address{}; // "bugs@example.org"

    std::string domain() const { return address.substr(address.rfind('@') + 1); }
};

// Exactly one address, of plain characters, with a domain. An error of kind configuration says what is wrong.
result<mail_address> parse_address(std::string_view text);

// How letters are headed, whichever digest they are of.
struct mail_head {
    mail_address from{};
    std::string unsubscribe{}; // a web or mailto address; empty: no List-Unsubscribe
};

// A message as it is handed over: its envelope, and its bytes, with "\n" at the end of lines.
struct outgoing_mail {
    std::string from{};
    std::vector<std::string> to{};
    std::string name{}; // of this message alone: the left side of its Message-Id
    std::string bytes{};
};

// The letter as a message (RFC 5322, MIME): as text and as HTML, threaded by References, and marked as sent
// by a machine to a list, so that no other machine answers (RFC 3834). It is the same each time.
outgoing_mail compose(storage::digest_letter const& letter, digest_settings const& of, mail_head const& head);

} // namespace checkwatches::feed
