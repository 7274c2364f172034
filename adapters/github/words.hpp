#pragma once

#include "engine/core/sighting.hpp"

namespace checkwatches::adapters::github {

// What GitHub's words mean.
//
// The state and its reason decide first:
//   closed completed   Fix Released
//   closed             (no reason, as before 2022 and on old servers) as the labels say, else Fix Released
//   closed not_planned as the labels say, else Won't Fix
//   closed duplicate   Invalid
//   open               as the labels say, else New
//   a pull request     merged: Fix Released; closed: Won't Fix; open: In Progress
//
// Labels are compared whole, in their plain form: ASCII in lower case, emoji and apostrophes dropped, each
// run of blanks, "_", "-", "/" and ":" one "-". So "Priority: High", "priority/high" and "priority-high" are
// one. A table's word also counts behind "status-", "state-", "resolution-" or "triage-" (of statuses),
// "type-" or "kind-" (of wishes), "priority-", "prio-", "severity-", "sev-" or "importance-", and before
// "-priority", "-severity" or "-importance" (of importances). Any other label says nothing, but one that
// begins with one of those of importances is an unknown word where no other label tells the importance.
//
// Of several labels the first of these decides: fix committed, in progress, incomplete, triaged, confirmed;
// for closed ones duplicate or invalid, expired, won't fix; the most urgent importance; and a wish only where
// no label names a priority. Without any of them the importance is Undecided.
verdict interpret(raw_words const& words);

// A label in its plain form.
std::string plain_label(std::string_view label);

} // namespace checkwatches::adapters::github
