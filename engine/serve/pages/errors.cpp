#include "engine/serve/pages/page.hpp"
#include "engine/serve/pages/rows.hpp"
#include "engine/serve/pages/text.hpp"

#include <fmt/format.h>

namespace checkwatches::serve::view {

namespace json = boost::json;

// ?tracker=NAME restricts; ?ended=1 adds those that no bug has any more.
page errors_page(asked const& with)
{
    page out{.name = "errors", .title = "Errors", .live = "pass_ended"};
    storage::signature_list which;
    auto const of = tracker_argument(with);
    if (of)
        which.of = of->id;
    which.with_ended = with.rq.argument("ended") == "1";
    auto found = with.in.signatures(which, most_rows + 1);
    auto const more = take_more(found);
    std::int64_t bugs = 0;
    std::int64_t going = 0;
    json::array rows;
    for (auto const& one : found) {
        bugs += one.bugs;
        going += one.ended_at ? 0 : 1;
        rows.push_back(row_of(with, one));
    }
    auto const whose = of ? " at " + cut(of->name, 60) : std::string{};
    if (going == 0)
        out.sentence = fmt::format("No check{} fails.", whose);
    else
        out.sentence = fmt::format(
            "{}{}{} {} in {}{}.",
            more ? "At least " : "",
            counted(bugs, "bug"),
            whose,
            bugs == 1 ? "fails" : "fail",
            more ? "more than " : "",
            counted(going, "way"));
    if (auto const over = static_cast<std::int64_t>(found.size()) - going; over != 0)
        out.sentence += fmt::format(" {} over.", counted(over, "way is", "ways are"));
    auto& model = out.model;
    model["caption"] = counted(static_cast<std::int64_t>(found.size()), "error") + ", most bugs first";
    model["is_cut"] = more;
    model["has_rows"] = !rows.empty();
    model["errors"] = std::move(rows);
    model["with_ended"] = which.with_ended;
    auto const name = of ? of->name : std::string{};
    model["other_href"] = link("/errors", {{"tracker", name}, {"ended", which.with_ended ? "" : "1"}});
    model["all_href"] = of ? "/errors" : "";
    return out;
}

} // namespace checkwatches::serve::view
