#pragma once

#include "engine/core/sighting.hpp"

namespace checkwatches::adapters::redmine {

// The label by which raw_words say that the tracker counts the status as closed (status.is_closed, from
// Redmine 5.0 on). Redmine has no labels of its own.
inline constexpr std::string_view closed_mark = "closed";

// What Redmine's words mean. The names of a status are a site's own; these are known, without case: those of
// a new Redmine (Resolved is fixed but not released: Fix Committed; Closed, which names no reason, is Fix
// Released, because Rejected stands beside it), and some of well-known sites. Where the status closes the
// issue, a custom field "Resolution" decides instead, if it holds a word; one that is not known is not
// guessed. A status that closes the issue makes Resolved mean Fix Released, and a word that means an open
// state is then unknown: the two contradict each other.
verdict interpret(raw_words const& words);

} // namespace checkwatches::adapters::redmine
