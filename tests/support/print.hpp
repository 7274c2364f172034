#pragma once

#include "engine/core/error.hpp"

#include <catch2/catch.hpp>

// Lets REQUIRE(result) print the error it holds.
template <class T>
struct Catch::StringMaker<checkwatches::result<T>> {
    static std::string convert(checkwatches::result<T> const& r)
    {
        return r.has_error() ? checkwatches::to_string(r.error()) : "a value";
    }
};
