#pragma once

#include "adapters/ledger.hpp"

#include <vector>

namespace checkwatches::adapters {

// Answers to requests for single bugs that may be about the bug (it crashes the server, it wants a login) or
// about the tracker as a whole. They are held back until another answer shows that the tracker works, so that
// one bug cannot stop a look, and a broken tracker is not written down bug by bug.
class doubts {
public:
    // `proved`: an earlier answer has shown that the tracker works.
    doubts(ledger& book, bool proved) : book_{book}, proved_{proved} {}

    // The tracker answered for a bug: what is held back was about those bugs alone.
    void clear_up();

    // Holds a bug back that ends in `what`, or in the tracker's trouble. False where it is the third in a
    // row: then it is trouble.
    bool hold(std::string const& id, outcome what, error const& why);

    // No more answers come.
    void close();

private:
    struct held {
        std::string id;
        outcome what;
        error why;
    };

    ledger& book_;
    bool proved_;
    std::vector<held> held_;
};

} // namespace checkwatches::adapters
