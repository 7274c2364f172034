#pragma once

#include <cstddef>
#include <string>

namespace checkwatches {

// What one tracker can do, as a probe found it. Stored with an expiry, so that a tracker is not probed at
// each pass.
struct capabilities {
    std::string protocol{};     // how it is asked, in the adapter's own word: "rest", "xmlrpc", "csv", …
    std::string version{};      // of the remote software, as it says; may be empty
    std::size_t batch = 1;      // how many ids one look takes at most
    bool changed_since = false; // it can say which ids changed since a time
    bool importance = false;    // it tells priority or severity
    bool comments = false;      // comments can be read
    std::string login{};        // where the credential goes, in the adapter's own word; empty: anonymous
    std::string identity{};     // who we are there, as the tracker itself proved; empty: anonymous

    bool operator==(capabilities const&) const = default;
};

} // namespace checkwatches
