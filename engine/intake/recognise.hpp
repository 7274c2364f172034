#pragma once

#include "adapters/registry.hpp"
#include "storage/reader.hpp"

#include <string>
#include <vector>

namespace checkwatches::intake {

// A kind that a URL may belong to, and the bug it would name there.
struct candidate {
    adapters::adapter const* kind{};
    adapters::bug_ref bug{};
};

// Every kind whose shape the URL has, in the order of the registry; only `only_kind` where that is not empty.
// A kind that is never asked (a link) knows its addresses by their hosts: no other may ask there. An error of
// kind usage: no shape fits (it lists the shapes that are known), or there is no such kind.
result<std::vector<candidate>>
candidates(adapters::registry const& kinds, web_url const& url, std::string const& only_kind);

// Other spellings of a tracker's address that are taken for the same tracker: http and https at their default
// ports, with and without a slash at the end, with and without /-/issues. The address itself comes first.
std::vector<std::string> same_tracker(web_url const& base);

// The registered tracker at this address, under any of its spellings; nothing where there is none.
std::optional<storage::tracker> find_tracker(storage::reader const& in, web_url const& base);

// The stored bug that a URL names, under any spelling of its tracker's address; nothing where there is none.
// Errors as for candidates().
result<std::optional<storage::bug_id>>
find_bug(storage::reader const& in, adapters::registry const& kinds, web_url const& url);

} // namespace checkwatches::intake
