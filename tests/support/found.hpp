#pragma once

#include "adapters/adapter.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string_view>

namespace checkwatches::test {

inline adapters::finding const* find(adapters::findings const& in, std::string_view id)
{
    auto const found = std::ranges::find(in.found, id, [](auto const& f) { return f.remote_id; });
    return found == in.found.end() ? nullptr : &*found;
}

// What was seen of this bug; the test fails where it was not.
inline sighting seen(adapters::findings const& in, std::string_view id)
{
    auto const* const one = find(in, id);
    INFO("bug " << id);
    REQUIRE(one != nullptr);
    REQUIRE(std::holds_alternative<sighting>(one->what));
    return std::get<sighting>(one->what);
}

// How the look at this bug ended; nothing where it has no finding, and was lost to trouble.
inline std::optional<outcome> ended(adapters::findings const& in, std::string_view id)
{
    auto const* const one = find(in, id);
    if (one == nullptr)
        return std::nullopt;
    auto const* const why = std::get_if<adapters::absence>(&one->what);
    return why == nullptr ? outcome::seen : why->why;
}

} // namespace checkwatches::test
