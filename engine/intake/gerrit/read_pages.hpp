#pragma once

#include "adapters/adapter.hpp"
#include "engine/core/async.hpp"
#include "engine/intake/gerrit/progress.hpp"
#include "engine/intake/gerrit/source.hpp"

#include <functional>
#include <optional>

namespace checkwatches::intake::gerrit {

// Keeps what one answer brought; how many rechecks were new, or why it cannot be kept.
using keep_page = std::function<awaitable<result<std::size_t>>(storage::recheck_reading)>;

// Reads what changed after `newest` (nothing: all that the query reaches), page by page, newest change first,
// and keeps each page at once. Pages overlap, since a change that is merged meanwhile can leave the list and
// move all others up. It ends at the last page, at the bound of pages, or at trouble.
awaitable<reading> read_pages(
    adapters::remote& at,
    source const& of,
    std::optional<utc_time> newest,
    utc_time now,
    keep_page const& keep);

} // namespace checkwatches::intake::gerrit
