#pragma once

#include "adapters/adapter.hpp"

namespace checkwatches::adapters::allura {

// A ticket as the API gives it.
struct ticket {
    std::string id{};
    sighting seen{};
};

// What a search came to.
struct search_page {
    std::vector<ticket> tickets{};
    bool complete = false; // by its own count no ticket was found that is not among these
};

// They read a complete answer; an error by explain() where it is no JSON of status 200, of kind unparsable
// where it is not what it should be. A search that failed is 200 with the reason in it: protocol_error.
result<ticket> read_ticket(reply const& from);
result<search_page> read_search(reply const& from);

// Nothing where the answer is what the API says of a tool for tickets; otherwise an error like those above.
std::optional<error> check_tool(reply const& from);

// The answer refuses in Allura's own form: its page for errors, or what it has instead of a login. Another
// one comes from something in front of it.
bool is_own_refusal(reply const& answer);

} // namespace checkwatches::adapters::allura
