#pragma once

#include "engine/core/sighting.hpp"

namespace checkwatches::adapters::gitea {

// Words of our own, for what the API says in other ways than by a word.
inline constexpr std::string_view pull_request = "pull request";
inline constexpr std::string_view merged = "merged";

// The label that decides the importance; empty where there is none. Of several that are known it is the most
// urgent one, and one that is not known counts only where it is alone.
std::string importance_label(std::vector<std::string> const& labels);

// Gitea's words in normal words. A label counts as a whole, without regard to case; blanks, "_" and "-" are
// one, and so are the marks between a scope and its word: "Priority/High", "priority: high",
// "priority::high".
//
// A pull request is Fix Released when merged, Won't Fix when closed otherwise, In Progress while open.
//
// A closed issue: the first that it bears of
//   duplicate, invalid, not-a-bug, works-for-me, cannot-reproduce → Invalid
//   wontfix, wont-fix, won't-fix → Won't Fix
//   abandoned, expired, stale → Expired
//   fixed, done, completed → Fix Released
// otherwise it is Fix Released: Gitea has no reason for closing, and that is what most are closed for.
// An open issue: the first that it bears of
//   pending-release, fixed-upstream, fix-committed → Fix Committed
//   in-progress, wip, has-pr → In Progress
//   need-more-info, needs-info, needinfo, awaiting-response, question, more-information-needed → Incomplete
//   triaged, accepted of scope triage → Triaged
//   confirmed, reproduced, accepted, verified, bug-confirmed → Confirmed
// otherwise it is New. These may have one of the scopes status, state, reviewed, resolution, triage. Another
// word of reviewed or resolution is not guessed where none of these decides.
//
// Importance is told by labels of the scopes priority, prio, severity, importance, urgency (also written
// "priority-high", "high-priority"), and by p0 … p4, sev0, sev1, critical, blocker, urgent without one:
//   p0, sev0, sev1, critical, blocker, urgent, highest → Critical
//   p1, high, major → High
//   p2, medium, moderate, normal → Medium
//   p3, p4, low, lowest, minor, trivial → Low
// Another word of such a scope is not guessed. Without one enhancement, feature, feature-request, wishlist
// (alone or of scope kind or type) is Wishlist, and nothing of it Undecided.
verdict interpret(raw_words const& words);

} // namespace checkwatches::adapters::gitea
