#include "adapters/forge/path.hpp"

#include "engine/core/ascii.hpp"

#include <algorithm>

namespace checkwatches::adapters::forge {
std::string_view without_slash(std::string_view path)
{
    while (path.ends_with('/'))
        path.remove_suffix(1);
    return path;
}

std::vector<std::string_view> path_segments(std::string_view path)
{
    std::vector<std::string_view> out;
    while (!path.empty()) {
        auto const part = path.substr(0, path.find('/'));
        path.remove_prefix(std::min(path.size(), part.size() + 1));
        if (!part.empty())
            out.push_back(part);
    }
    return out;
}

std::string path_of(std::span<std::string_view const> segments)
{
    std::string out;
    for (auto const part : segments)
        out.append("/").append(part);
    return out.empty() ? "/" : out;
}

web_url at_path(web_url url, std::string path)
{
    url.path = std::move(path);
    url.query.clear();
    return url;
}

bool is_elsewhere(web_url const& asked, web_url const& answered)
{
    return !same_word(without_slash(asked.path), without_slash(answered.path));
}

} // namespace checkwatches::adapters::forge
