#include "engine/serve/http/router.hpp"

#include "engine/serve/http/take_until.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

namespace checkwatches::serve {
namespace {

bool is_open(std::string_view part) noexcept
{
    return part.size() > 2 && part.starts_with('{') && part.ends_with('}');
}

std::vector<std::string> parts_of(std::string_view pattern)
{
    if (!pattern.starts_with('/'))
        throw std::logic_error{"a pattern begins with a slash: " + std::string{pattern}};
    std::vector<std::string> out;
    for (auto rest = pattern.substr(1); !rest.empty();) {
        auto const part = take_until(rest, '/');
        if (part.empty())
            throw std::logic_error{"a part of the pattern is empty: " + std::string{pattern}};
        out.emplace_back(part);
    }
    return out;
}

// At the first part where they differ in kind, the one that is written out is tried first.
bool goes_before(std::vector<std::string> const& a, std::vector<std::string> const& b)
{
    return std::ranges::lexicographical_compare(
        a, b, [](auto const& x, auto const& y) { return !is_open(x) && is_open(y); });
}

} // namespace

void route_table::add(std::string_view method, std::string_view pattern)
{
    route next{.method = std::string{method}, .parts = parts_of(pattern), .index = added_++};
    auto const is_same = [&](route const& r) {
        auto const same_part = [](auto const& x, auto const& y) {
            return x == y || (is_open(x) && is_open(y));
        };
        return r.method == next.method && std::ranges::equal(r.parts, next.parts, same_part);
    };
    if (std::ranges::any_of(routes_, is_same))
        throw std::logic_error{"this route is there already: " + std::string{pattern}};
    auto const at = std::ranges::find_if(
        routes_, [&](route const& r) { return goes_before(next.parts, r.parts); });
    routes_.insert(at, std::move(next));
}

bool route_table::fits(route const& r, std::vector<std::string> const& parts) noexcept
{
    return std::ranges::equal(r.parts, parts, [](auto const& wanted, auto const& part) {
        return is_open(wanted) || wanted == part;
    });
}

route_found route_table::find(std::string_view method, std::vector<std::string> const& parts) const
{
    route_found out;
    std::set<std::string> methods;
    for (auto const& r : routes_) {
        if (!fits(r, parts))
            continue;
        if (r.method != method) {
            methods.insert(r.method);
            continue;
        }
        out.index = r.index;
        for (std::size_t i = 0; i != parts.size(); ++i)
            if (is_open(r.parts[i]))
                out.match.captured.emplace_back(r.parts[i].substr(1, r.parts[i].size() - 2), parts[i]);
        return out;
    }
    out.status = methods.empty() ? 404 : 405;
    if (methods.contains("GET"))
        methods.insert("HEAD");
    for (auto const& one : methods)
        out.allow.append(out.allow.empty() ? "" : ", ").append(one);
    return out;
}

} // namespace checkwatches::serve
