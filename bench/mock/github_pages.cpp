#include "bench/mock/github.hpp"
#include "engine/core/url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace checkwatches::mock {

namespace {

std::size_t number_in(request const& rq, std::string_view name, std::size_t otherwise)
{
    auto const text = field(rq.query, name);
    return text ? static_cast<std::size_t>(read_id(*text).value_or(1)) : otherwise;
}

std::size_t page_size(request const& rq)
{
    constexpr std::size_t usual = 30;
    constexpr std::size_t largest = 100;
    return std::clamp<std::size_t>(number_in(rq, "per_page", usual), 1, largest);
}

std::size_t page_number(request const& rq)
{
    return std::max<std::size_t>(number_in(rq, "page", 1), 1);
}

} // namespace

std::pair<std::size_t, std::size_t> part_of_page(request const& rq, std::size_t rows)
{
    auto const size = page_size(rq);
    auto const begin = std::min(rows, (page_number(rq) - 1) * size);
    return {begin, std::min(rows, begin + size)};
}

std::string link_header(github_ground const& at, request const& rq, std::size_t rows)
{
    auto const size = page_size(rq);
    auto const here = page_number(rq);
    auto const last = (rows + size - 1) / size;
    if (last <= 1)
        return {};
    form fields;
    std::ranges::copy_if(
        rq.query, std::back_inserter(fields), [](auto const& f) { return f.first != "page"; });
    auto const path = rq.path.substr(rq.path.find("/issues"));
    std::string out;
    auto const add = [&](std::size_t page, std::string_view rel) {
        fmt::format_to(
            std::back_inserter(out),
            "{}<{}/repositories/{}{}?{}&page={}>; rel=\"{}\"",
            out.empty() ? "" : ", ",
            at.api(),
            number_of_project,
            path,
            form_encode(fields),
            page,
            rel);
    };
    if (here > 1)
        add(here - 1, "prev");
    if (here < last) {
        add(here + 1, "next");
        add(last, "last");
    }
    if (here > 1)
        add(1, "first");
    return out;
}

} // namespace checkwatches::mock
