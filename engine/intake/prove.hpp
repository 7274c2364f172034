#pragma once

#include "engine/intake/recognise.hpp"
#include "engine/net/client.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace checkwatches::intake {

// A tracker that is not known yet: what it may be, and what it proved to be.
struct newcomer {
    std::vector<candidate> tried{};
    std::optional<std::string> api_url{};
    std::optional<candidate> proven{};
    std::optional<capabilities> can{};
    std::string refusals{}; // "bugzilla: unsupported: …; trac: …": what each kind that was tried answered
    std::optional<error> refusal{}; // the last of them
};

using newcomers = std::map<std::string, newcomer>; // by what tells them apart (intake::unknown_trackers)

// Asks all newcomers at once, each for its kinds one after the other, until one is proven.
awaitable<void> prove_all(newcomers& all, net::client& over, std::vector<credential> const& credentials);

// Of what a newcomer, or any other place, failed with: another attempt may learn more.
bool may_pass(error_kind kind) noexcept;

// Takes a newcomer for its only candidate without asking; refuses where there are several.
void assume_all(newcomers& all);

} // namespace checkwatches::intake
