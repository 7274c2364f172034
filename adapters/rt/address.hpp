#pragma once

#include "adapters/adapter.hpp"

namespace checkwatches::adapters::rt {

// The ticket that a page shows: Ticket/Display.html and its neighbours, RT 2's Bug/, SelfService/, and what
// rt.cpan.org shows below Public/.
std::optional<bug_ref> recognise(web_url const& url);

// Where people read a ticket.
web_url ticket_page(web_url const& base, std::string_view id);

} // namespace checkwatches::adapters::rt
