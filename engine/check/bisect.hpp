#pragma once

#include "adapters/adapter.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>

namespace checkwatches::check {

// A look at these bugs; each of them comes back in its findings or is lost to their trouble.
using look_at = std::function<awaitable<adapters::findings>(std::span<std::string const> ids)>;

struct bisect_limits {
    // Looks in all, the first included; 0: twice the binary logarithm of the ids, plus 8, which finds two bad
    // ids among any.
    std::size_t most_looks = 0;
    // An id of the same tracker, not among those asked, that it answered for lately: looked at where nothing
    // else tells whether an id or the tracker is to blame. Without it a single id's trouble is the tracker's.
    std::optional<std::string> control{};
};

// Whether one bad id can spoil the answer for its whole batch so: an answer that is not what was asked for or
// cannot be read, one that is too large, that did not come in time, or a 5xx. Trouble with the connection,
// the login, a rate limit or a bot wall is never an id's; nor is any, where the tracker names a time to wait.
bool can_be_an_ids(error_kind kind) noexcept;

// Looks at all of the ids at once. Where that fails in a way that one bad id can cause, halves are asked for
// what was lost until an id fails alone; the rest goes on together. An id that failed alone is to blame once
// the tracker answered for another one after that: it comes back as an absence, `unparsable` with the trouble
// as its detail (or the trouble's own outcome where that is about a bug). Where two different ids fail alone
// and nothing is answered, the tracker is to blame: what is open keeps the first trouble, and nothing more is
// asked. Other trouble ends it at once. What is open when the looks are used up is put off (deferred), unless
// no look brought anything.
//
// Each id comes back once, found or lost to the trouble. The ids outlive the call.
awaitable<adapters::findings>
look_bisecting(look_at look, std::span<std::string const> ids, bisect_limits limits);

} // namespace checkwatches::check
