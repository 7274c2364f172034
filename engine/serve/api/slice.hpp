#pragma once

#include "engine/serve/api/arguments.hpp"

#include <boost/json/object.hpp>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace checkwatches::serve {

// A part of a short list that is read whole; it goes on by the number of rows before.
template <class Row, class Item>
boost::json::object slice_of(std::vector<Row> const& rows, std::int64_t after, std::int64_t limit, Item item)
{
    auto const size = static_cast<std::int64_t>(rows.size());
    auto const end = std::min(size, after + limit);
    boost::json::array items;
    for (auto at = after; at < end; ++at)
        items.push_back(item(rows[static_cast<std::size_t>(at)]));
    boost::json::value next = nullptr;
    if (end < size) {
        boost::json::array key;
        key.emplace_back(end);
        next = make_cursor(key);
    }
    return {{"items", std::move(items)}, {"next", std::move(next)}};
}

} // namespace checkwatches::serve
