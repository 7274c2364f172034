#pragma once

#include "adapters/bugzilla/place.hpp"
#include "engine/core/comment.hpp"

#include <string>
#include <vector>

namespace checkwatches::adapters::bugzilla {

// As adapter::read_comments(), by REST or XML-RPC. Comments for insiders are left out: our credential may
// show them to us, and what is imported is shown to others.
awaitable<result<std::vector<comment>>>
read_comments(remote& at, place where, std::string const& id, std::optional<utc_time> since);

} // namespace checkwatches::adapters::bugzilla
