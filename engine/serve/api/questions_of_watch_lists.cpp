#include "engine/serve/api/arguments.hpp"
#include "engine/serve/api/json_of_lists.hpp"
#include "engine/serve/api/questions.hpp"
#include "engine/serve/api/slice.hpp"

// Watch lists and their entries.
namespace checkwatches::serve {

namespace json = boost::json;

result<question> ask_lists(ask const& a)
{
    arguments in{a.rq};
    auto const limit = in.limit();
    auto const after = in.offset();
    if (auto const good = in.finish(); !good)
        return good.error();
    return [=](storage::reader const& store) -> result<json::object> {
        return slice_of(store.watch_lists(), after, limit, [](storage::watch_list_record const& list) {
            return json_of(list);
        });
    };
}

result<question> ask_list(ask const& a)
{
    arguments in{a.rq};
    auto const limit = in.limit();
    auto const after = in.offset();
    auto const troubled = in.flag("troubled");
    if (auto const good = in.finish(); !good)
        return good.error();
    return [=, name = a.names.front()](storage::reader const& store) -> result<json::object> {
        auto const list = store.watch_list_by_name(name);
        if (!list)
            return no_such("list \"" + name + "\"");
        auto out = json_of(*list);
        auto const rows = store.list_entries(name, troubled, after, limit);
        json::array items;
        for (auto const& row : rows)
            items.push_back(json_of(row));
        out["items"] = std::move(items);
        out["next"] = nullptr;
        if (static_cast<std::int64_t>(rows.size()) == limit)
            out["next"] = make_cursor({rows.back().number});
        return out;
    };
}

} // namespace checkwatches::serve
