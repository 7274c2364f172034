#include "engine/serve/pages/page.hpp"
#include "engine/serve/pages/rows.hpp"
#include "engine/serve/pages/standing.hpp"
#include "engine/serve/pages/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace checkwatches::serve::view {

namespace json = boost::json;

// ?need=1: those that somebody should look at; ?state=WORD: those that stand so; ?after=NAME: behind this
// one.
page trackers_page(asked const& with)
{
    page out{.name = "trackers", .title = "Trackers", .live = "pass_ended"};
    auto all = with.in.trackers();
    std::ranges::sort(all, {}, &storage::tracker::name);
    bool const only_needing = !with.rq.argument("need").empty();
    auto const state = text_argument(with.rq, "state");
    auto const after = with.rq.argument("after");
    standings const known{with};
    json::array rows;
    bool more = false;
    std::string last;
    for (auto const& one : all) {
        if (one.name <= after)
            continue;
        auto const stands = known.of(one);
        if (only_needing && !stands.needs_you)
            continue;
        if (state && mark_of(stands).at("word").as_string() != *state)
            continue;
        more = rows.size() == static_cast<std::size_t>(most_rows);
        if (more)
            break;
        rows.push_back(row_of(with, stands));
        last = one.name;
    }
    auto const shown = rows.size();
    auto const whole = static_cast<std::int64_t>(all.size());
    out.sentence = all.empty() ? "No tracker is known yet: the first watch brings the first one."
                   : state     ? fmt::format(
                                 "{} of {} “{}”.",
                                 counted(static_cast<std::int64_t>(shown), "tracker"),
                                 grouped(whole),
                                 cut(*state, 40))
                   : only_needing
                       ? fmt::format(
                             "{} somebody's look.",
                             counted(static_cast<std::int64_t>(shown), "tracker needs", "trackers need"))
                       : fmt::format(
                             "{} known.",
                             counted(static_cast<std::int64_t>(all.size()), "tracker is", "trackers are"));
    out.model["state"] = state.value_or("");
    out.model["only_needing"] = only_needing;
    out.model["caption"] = rows_text(shown, more, "tracker");
    out.model["has_rows"] = shown != 0;
    out.model["trackers_rows"] = std::move(rows);
    out.model["next"] =
        more ? link(
                   "/trackers",
                   {{"need", only_needing ? "1" : ""}, {"state", state.value_or("")}, {"after", last}})
             : std::string{};
    return out;
}

} // namespace checkwatches::serve::view
