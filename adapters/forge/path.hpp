#pragma once

#include "engine/core/url.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace checkwatches::adapters::forge {

// The path without slashes at its end.
std::string_view without_slash(std::string_view path);

// The segments of a path as they are written; empty ones are left out. They point into `path`.
std::vector<std::string_view> path_segments(std::string_view path);

// "/a/b" of its segments; "/" of none.
std::string path_of(std::span<std::string_view const> segments);

// `url` with this path and no query.
web_url at_path(web_url url, std::string path);

// The server sent us to another path than the one asked for: what was there lives elsewhere now. Another
// host, scheme or query is a detour to the same thing.
bool is_elsewhere(web_url const& asked, web_url const& answered);

} // namespace checkwatches::adapters::forge
