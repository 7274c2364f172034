#pragma once

#include "engine/core/toml_hazard.hpp"

#include <toml++/toml.h>

#include <string>
#include <string_view>
#include <variant>

namespace checkwatches {

// Why a text is no TOML, and where.
struct toml_fault {
    toml_place at{};
    std::string what{}; // the library's words, which may quote a value
};

// Reads TOML, from outside, too.
inline std::variant<toml::table, toml_fault> read_toml(std::string_view text)
{
    if (auto const at = toml_hazard(text))
        return toml_fault{.at = *at, .what = "no TOML has such a character here"};
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
