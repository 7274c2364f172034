#pragma once

#include "engine/serve/http/message.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace checkwatches::serve {

// What the path of a request had at the places that its route leaves open.
struct route_match {
    http_fields captured{};

    // Empty where the route has no such place.
    std::string_view operator[](std::string_view name) const noexcept { return find_field(captured, name); }
};

// Which route a request takes.
struct route_found {
    std::size_t index = 0; // of the route, by the order in which they were added
    route_match match{};
    // No route: 404, or 405 where other methods have one, and these are they ("GET, HEAD, POST").
    unsigned status = 200;
    std::string allow{};
};

// Routes by method and pattern: "/api/v1/bugs/{id}" takes every one part in the place of "{id}". A part that
// is written out goes before one that is open, whichever was added first.
class route_table {
public:
    // Throws std::logic_error where the pattern is none, or is there already with this method.
    void add(std::string_view method, std::string_view pattern);
    route_found find(std::string_view method, std::vector<std::string> const& parts) const;

private:
    struct route {
        std::string method{};
        std::vector<std::string> parts{};
        std::size_t index = 0;
    };

    static bool fits(route const& r, std::vector<std::string> const& parts) noexcept;

    std::vector<route> routes_; // in the order in which they are tried
    std::size_t added_ = 0;
};

} // namespace checkwatches::serve
