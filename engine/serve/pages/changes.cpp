#include "engine/serve/pages/page.hpp"
#include "engine/serve/pages/rows.hpp"
#include "engine/serve/pages/text.hpp"

#include <fmt/format.h>

namespace checkwatches::serve::view {

namespace json = boost::json;

// ?before=ID turns the pages; ?tracker=NAME restricts.
page changes_page(asked const& with)
{
    page out{.name = "changes", .title = "Changes", .live = "change"};
    storage::change_list which;
    auto const of = tracker_argument(with);
    if (of)
        which.of = of->id;
    which.before = number_argument(with.rq, "before");
    auto changes = with.in.list_changes(which, most_rows + 1);
    auto const more = take_more(changes);
    json::array rows;
    for (auto const& one : changes)
        rows.push_back(row_of(with, one));
    auto const whose = of ? " of " + cut(of->name, 60) : std::string{};
    if (changes.empty())
        out.sentence = fmt::format("No change{} was recorded yet.", whose);
    else if (which.before)
        out.sentence = fmt::format("Changes{} before number {}.", whose, grouped(*which.before));
    else
        out.sentence = fmt::format("What changed{}, newest first.", whose);
    auto& model = out.model;
    model["caption"] = rows_text(changes.size(), more, "change");
    model["has_rows"] = !rows.empty();
    model["changes"] = std::move(rows);
    model["is_first"] = !which.before.has_value();
    model["first_href"] = link("/changes", {{"tracker", of ? of->name : ""}});
    if (more)
        model["next"] = link(
            "/changes",
            {{"tracker", of ? of->name : ""}, {"before", std::to_string(changes.back().what.id)}});
    return out;
}

} // namespace checkwatches::serve::view
