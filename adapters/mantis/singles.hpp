#pragma once

#include "adapters/doubts.hpp"

#include <cstddef>

namespace checkwatches::adapters::mantis {

// How many requests one look may spend on issues one by one. What is beyond stays due (an error of kind
// deferred), so that none ends in an outcome that nobody found out.
inline constexpr std::size_t most_singles = 60;

// Enters the answers to requests for single issues that brought no issue.
class single_refusals {
public:
    // `proved`: Mantis has shown to us that it gives issues. `logged_in`: by a login that was taken.
    single_refusals(ledger& book, bool proved, bool logged_in)
        : book_{book},
          doubts_{book, proved},
          logged_in_{logged_in}
    {}

    // The answer brought the issue, or one thing about it for certain.
    void good() { doubts_.clear_up(); }
    // False where it is of no use to go on.
    bool enter(std::string const& id, error why, unsigned http_status);
    // No more answers come.
    void close() { doubts_.close(); }

private:
    ledger& book_;
    doubts doubts_;
    bool logged_in_;
};

} // namespace checkwatches::adapters::mantis
