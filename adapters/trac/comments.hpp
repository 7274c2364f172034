#pragma once

#include "adapters/trac/rpc.hpp"
#include "engine/core/comment.hpp"

#include <string>
#include <vector>

namespace checkwatches::adapters::trac {

// As adapter::read_comments(), through the XML-RPC plugin: what its log of changes tells of a ticket, and
// the ticket's description, whose id is "description". A comment's id is its number in the ticket.
awaitable<result<std::vector<comment>>>
read_change_log(remote& at, rpc_place const& place, std::string const& id, std::optional<utc_time> since);

// … through Launchpad's plugin.
awaitable<result<std::vector<comment>>>
read_by_launchpad_plugin(remote& at, std::string const& id, std::optional<utc_time> since);

} // namespace checkwatches::adapters::trac
