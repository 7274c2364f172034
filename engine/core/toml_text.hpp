#pragma once

#include "engine/core/toml_hazard.hpp"

#include <toml++/toml.h>

#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace checkwatches {

// Reads TOML, from outside, too.
inline std::variant<toml::table, toml_fault> read_toml(std::string_view text)
{
    if (auto hazard = toml_hazard(text))
        return std::move(*hazard);
    try {
        return toml::parse(text);
    }
    catch (toml::parse_error const& wrong) {
        auto const& at = wrong.source().begin;
        return toml_fault{
            .at = {.line = at.line, .column = at.column}, .what = std::string{wrong.description()}};
    }
}

} // namespace checkwatches
