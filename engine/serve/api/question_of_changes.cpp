#include "engine/serve/api/arguments.hpp"
#include "engine/serve/api/json_of.hpp"
#include "engine/serve/api/questions.hpp"
#include "engine/serve/web/sift_changes.hpp"

// The log.
namespace checkwatches::serve {

namespace json = boost::json;

result<question> ask_changes(ask const& a)
{
    arguments in{a.rq};
    auto const limit = in.limit();
    auto const after = in.number("after");
    auto const before = in.number("before");
    auto const tracker = in.text("tracker");
    auto const bug = in.text("bug");
    change_sieve const by{
        .kind = parse_change_kind(in.one_of("kind", {"all", "changes", "statuses", "acts"}).value_or("all"))
                    .value_or(change_kind::all),
        .label = in.text("label"),
        .owner = in.text("owner")};
    if (after && before)
        in.complain("\"after\" reads the log in its order, \"before\" from its end: one of them");
    if (auto const good = in.finish(); !good)
        return good.error();
    storage::change_list list{.before = before};
    if (bug) {
        auto const id = bug_numbered(*bug);
        if (!id)
            return id.error();
        list.bug = *id;
    }
    return [=, known = a.known](storage::reader const& store) mutable -> result<json::object> {
        auto const of = restricted_to(store, tracker);
        if (!of)
            return of.error();
        list.of = *of;
        auto const last = store.last_change();
        std::vector<storage::shown_change> rows;
        json::value next = nullptr;
        bool is_cut = false;
        if (after) {
            auto found = follow(
                store, {.after = *after, .up_to = last, .bug = list.bug, .of = list.of}, by, limit);
            rows = std::move(found.changes);
            next = found.reached;
            is_cut = found.is_cut;
        }
        else {
            auto found = sift(store, list, by, limit);
            rows = std::move(found.changes);
            if (found.next)
                next = *found.next;
            is_cut = found.next.has_value();
        }
        json::array items;
        for (auto const& row : rows) {
            auto const url = row.what.bug ? known.of_kinds->url_of(row.kind, row.base_url, row.remote_id)
                                          : row.base_url;
            items.push_back(json_of(row, url));
        }
        return json::object{
            {"items", std::move(items)}, {"next", std::move(next)}, {"truncated", is_cut}, {"last", last}};
    };
}

} // namespace checkwatches::serve
