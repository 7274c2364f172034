#pragma once

#include "engine/serve/http/message.hpp"
#include "engine/serve/http/problem.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
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

// Answers each request by the handler of its route, which is given `Context` besides ("who asks", say).
template <class... Context>
class router {
public:
    using handler =
        std::function<awaitable<http_answer>(http_request const& rq, route_match const& m, Context... with)>;

    void add(std::string_view method, std::string_view pattern, handler h)
    {
        table_.add(method, pattern);
        handlers_.push_back(std::move(h));
    }
    void get(std::string_view pattern, handler h) { add("GET", pattern, std::move(h)); }
    void post(std::string_view pattern, handler h) { add("POST", pattern, std::move(h)); }

    route_found find(http_request const& rq) const { return table_.find(rq.method, rq.parts); }

    // A problem with status 404 or 405 where there is no route. The request lives until this returns.
    awaitable<http_answer> answer(http_request const& rq, Context... with) const
    {
        auto const found = table_.find(rq.method, rq.parts);
        if (found.status != 200)
            co_return no_route(found);
        co_return co_await handlers_[found.index](rq, found.match, std::forward<Context>(with)...);
    }

private:
    static http_answer no_route(route_found const& found)
    {
        auto out = problem(
            found.status, found.status == 404 ? "there is nothing at this path" : "it has no such method");
        if (!found.allow.empty())
            out.headers.emplace_back("Allow", found.allow);
        return out;
    }

    route_table table_;
    std::vector<handler> handlers_;
};

} // namespace checkwatches::serve
