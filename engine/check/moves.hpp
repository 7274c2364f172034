#pragma once

#include "engine/core/url.hpp"

#include <optional>

namespace checkwatches::check {

// Where a tracker lives now, when what was asked for at `asked` lives for good at `now`: only where the
// redirect changes nothing but scheme, host, port and the beginning of the path, so that the same bug, or the
// same question, is behind it. Nothing where it leads to a login, a front page or another bug, from https to
// http, where nothing in the address tells one thing from another, or where the tracker stays where it is.
// Whether the tracker there is the same one must still be proved. Pure.
std::optional<web_url> moved_base(web_url const& base, web_url const& asked, web_url const& now);

} // namespace checkwatches::check
