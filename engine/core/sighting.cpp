#include "engine/core/sighting.hpp"

namespace checkwatches {
namespace {

std::string joined(std::string_view first, std::string_view second)
{
    std::string out{first};
    if (!first.empty() && !second.empty())
        out += ' ';
    out += second;
    return out;
}

} // namespace

std::string remote_status(raw_words const& words)
{
    return joined(words.status, words.resolution);
}

std::string remote_importance(raw_words const& words)
{
    return joined(words.priority, words.severity);
}

} // namespace checkwatches
