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
    // What a plan is chosen by. Rows of one page of a project's list of changes, where that is how it says
    // what changed; 0: it can be asked for the changed ones among some ids, and answers with their records.
    std::size_t page = 0;
    // How many requests a look takes for each bug: from 1 on that is all it takes (2: each is read singly, in
    // two requests); below 1 it comes on top of one for the whole batch (0.01: and one for each hundred).
    double each = 0;
    bool importance = false; // it tells priority or severity
    bool comments = false;   // comments can be read
    std::string login{};     // where the credential goes, in the adapter's own word; empty: anonymous
    std::string identity{};  // who we are there, as the tracker itself proved; empty: anonymous

    bool operator==(capabilities const&) const = default;
};

} // namespace checkwatches
