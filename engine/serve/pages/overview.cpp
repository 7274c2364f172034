#include "engine/serve/pages/page.hpp"
#include "engine/serve/pages/rows.hpp"
#include "engine/serve/pages/standing.hpp"
#include "engine/serve/pages/state_of_engine.hpp"
#include "engine/serve/pages/text.hpp"
#include "engine/serve/web/sift_changes.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace checkwatches::serve::view {
namespace {

namespace json = boost::json;

constexpr std::size_t most_in_need = 20;
constexpr std::int64_t most_changes = 5;
constexpr std::int64_t most_incidents = 20;
constexpr std::int64_t most_passes = 10;

std::string incident_text(storage::incident const& one)
{
    if (one.kind == "offline")
        return "This machine was offline";
    if (one.kind == "disk")
        return "The database took nothing";
    if (one.kind == "suspended")
        return "The machine was suspended";
    if (one.kind == "clock_step")
        return "The clock was set";
    return one.kind;
}

// The incidents that go on, and those of the last day.
json::array incidents(asked const& with)
{
    json::array out;
    for (auto const& one : with.in.incidents(most_incidents)) {
        if (one.ended && *one.ended < with.now - std::chrono::days{1})
            continue;
        out.push_back(json::object{
            {"what", incident_text(one)},
            {"detail", cut(one.detail, 200)},
            {"began", moment(one.began, with.now)},
            {"ended", moment(one.ended, with.now)},
            {"mark", one.ended ? mark(state::fine, "over") : mark(state::failing, "goes on")}});
    }
    return out;
}

json::array passes(asked const& with)
{
    json::array out;
    for (auto const& one : with.in.list_passes({}, most_passes))
        out.push_back(json::object{
            {"tracker", cut(one.tracker, 60)},
            {"tracker_href", path_of_tracker(one.tracker)},
            {"ended", moment(one.ended, with.now)},
            {"asked", one.asked},
            {"failed", one.failed},
            {"changes", one.changes},
            {"requests", one.requests},
            {"trouble", one.deferred ? "put off by a limit" : cut(one.trouble, 120)}});
    return out;
}

std::string now_text(asked const& with)
{
    auto const count = [&](std::string_view field) { return number_of(with.engine, field); };
    if (count("active_trackers") == 0 && count("in_flight") == 0 && count("due") == 0)
        return "nothing is being asked, and nothing is due.";
    auto text = fmt::format(
        "{} being asked, {} in flight, {} due",
        counted(count("active_trackers"), "tracker is", "trackers are"),
        counted(count("in_flight"), "bug"),
        grouped(count("due")));
    if (auto const deferred = count("deferred"); deferred != 0)
        text += fmt::format(
            ", {} put off (their tracker is paused, fails, or has a limit)", grouped(deferred));
    return text + ".";
}

} // namespace

page overview_page(asked const& with)
{
    page out{
        .name = "overview",
        .title = "Overview",
        .sentence = sentence_of_engine(with),
        .live = "change,check,pass_ended"};
    auto const trackers = with.in.trackers();
    standings const all{with};
    json::array in_need;
    std::size_t needing = 0;
    for (auto const& one : trackers) {
        auto const stands = all.of(one);
        if (!stands.needs_you)
            continue;
        if (++needing <= most_in_need)
            in_need.push_back(row_of(with, stands));
    }
    auto const changes = sift(with.in, {}, {.kind = change_kind::changes}, most_changes);
    json::array last;
    for (auto const& one : changes.changes)
        last.push_back(row_of(with, one));
    auto const run = with.in.engine();
    auto& model = out.model;
    model["is_empty"] = trackers.empty();
    model["trackers"] = static_cast<std::int64_t>(trackers.size());
    model["with_probe"] = with.who.may_operate;
    model["needing"] = static_cast<std::int64_t>(needing);
    model["fare"] = fare_of(with);
    model["needing_text"] = needing == 0
                                ? std::string{}
                                : counted(
                                      static_cast<std::int64_t>(needing), "tracker needs", "trackers need");
    model["has_needing"] = needing != 0;
    model["more_needing"] = needing > most_in_need;
    model["trackers_rows"] = std::move(in_need);
    model["now_text"] = with.engine.empty() ? std::string{} : now_text(with);
    model["committed"] = run ? moment(run->committed_at, with.now) : json::value{};
    model["started"] = run ? moment(run->started_at, with.now) : json::value{};
    model["version"] = run ? run->version : std::string{};
    model["has_changes"] = !last.empty();
    model["changes"] = std::move(last);
    auto const going = incidents(with);
    model["has_incidents"] = !going.empty();
    model["incidents"] = going;
    auto const ended = passes(with);
    model["has_passes"] = !ended.empty();
    model["passes"] = ended;
    return out;
}

} // namespace checkwatches::serve::view
