#include "engine/app/slurp.hpp"

#include <fstream>
#include <iterator>
#include <utility>

namespace checkwatches::app {

std::optional<std::string> slurp(std::string const& path)
{
    std::ifstream in{path, std::ios::binary};
    if (!in)
        return std::nullopt;
    std::string text{std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{}};
    return in.bad() ? std::nullopt : std::optional{std::move(text)};
}

} // namespace checkwatches::app
