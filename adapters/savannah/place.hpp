#pragma once

#include "adapters/adapter.hpp"

namespace checkwatches::adapters::savannah {

// The tracker and the number that an item's address names: …/bugs/?7, …/bugs/index.php?7,
// …/bugs/?func=detailitem&item_id=7, and the same for support, task and patch. All names of Savannah's host
// are one.
std::optional<bug_ref> recognise(web_url const& url);

// What Savane calls an item of the tracker at this address: "bug", "sr", "task", "patch"; empty where it is
// no tracker's.
std::string_view item_word(web_url const& base);

// The question for an item's page.
request ask(remote const& at, std::string_view id);

} // namespace checkwatches::adapters::savannah
