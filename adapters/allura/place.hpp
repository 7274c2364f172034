#pragma once

#include "adapters/adapter.hpp"

namespace checkwatches::adapters::allura {

// The tool and the number that a ticket's address names, be it that of its page or the API's. Other tools
// than trackers have addresses of this shape too. All names of SourceForge's host are one.
std::optional<bug_ref> recognise(web_url const& url);

// The address at which people read the ticket.
web_url page(web_url const& base, std::string_view id);

// The tool is one for wishes, by its mount point.
bool is_for_wishes(web_url const& base);

// A question to the API below the tool ("search?…"), with the token where there is one.
request ask(remote const& at, std::string_view relative);

} // namespace checkwatches::adapters::allura
