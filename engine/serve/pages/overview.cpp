#include "engine/serve/pages/page.hpp"
#include "engine/serve/pages/rows.hpp"
#include "engine/serve/pages/standing.hpp"
#include "engine/serve/pages/state_of_engine.hpp"
#include "engine/serve/pages/text.hpp"
#include "engine/serve/web/sift_changes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace checkwatches::serve::view {
namespace {

namespace json = boost::json;

constexpr std::size_t most_in_need = 20;
constexpr std::int64_t most_changes = 5;
constexpr std::int64_t most_incidents = 20;
constexpr std::int64_t most_passes = 10;
constexpr std::int64_t most_passes_counted = 1'000;

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

// The incidents that go on, and those of the last day, with the last start.
json::array incidents(asked const& with)
{
    json::array out;
    auto const run = with.in.engine();
    if (run && run->started_at >= with.now - std::chrono::days{1})
        out.push_back(json::object{
            {"what", "checkwatches was started"},
            {"detail", run->version.empty() ? std::string{} : "version " + run->version},
            {"began", moment(run->started_at, with.now)},
            {"ended", moment(run->started_at, with.now)},
            {"mark", mark(state::fine, "started")}});
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

// What goes on: {"asked": "1 tracker is being asked", "due": "20 bugs are due", "rest": "3 of them …"}.
json::value now_of(asked const& with)
{
    if (with.engine.empty())
        return nullptr;
    auto const count = [&](std::string_view field) { return number_of(with.engine, field); };
    std::string rest;
    if (auto const asked = count("in_flight"); asked != 0)
        rest += fmt::format(", {} of them being asked", grouped(asked));
    if (auto const deferred = count("deferred"); deferred != 0)
        rest += fmt::format(
            ", {} put off (their tracker is paused, fails, or has a limit)", grouped(deferred));
    auto const active = count("active_trackers");
    return json::object{
        {"asked",
         active == 0 ? std::string{"no tracker is being asked"}
                     : counted(active, "tracker is being asked", "trackers are being asked")},
        {"due", count("due") == 0 ? std::string{} : counted(count("due"), "bug is due", "bugs are due")},
        {"rest", rest}};
}

// How fast it goes, by the passes that ended in the last hour; nothing where none did.
std::string rate_of(asked const& with)
{
    constexpr std::chrono::hours hour{1};
    std::int64_t checks = 0;
    std::int64_t requests = 0;
    auto since = with.now;
    auto const all = with.in.list_passes({}, most_passes_counted);
    for (auto const& one : all) {
        if (one.ended < with.now - hour)
            break;
        since = std::min(since, one.began);
        checks += one.asked;
        requests += one.requests;
    }
    if (checks == 0 && requests == 0)
        return {};
    // Where there are more passes than were read, they tell of a shorter time.
    bool const is_cut = static_cast<std::int64_t>(all.size()) == most_passes_counted
                        && all.back().ended >= with.now - hour;
    auto const span = is_cut ? with.now - since : std::chrono::milliseconds{hour};
    auto const minutes = std::max(1.0, std::chrono::duration<double, std::ratio<60>>{span}.count());
    auto const a_minute = [&](std::int64_t n) {
        return fmt::format("{:.1f}", static_cast<double>(n) / minutes);
    };
    return fmt::format(
        "{} checks and {} requests a minute in the last {}",
        a_minute(checks),
        a_minute(requests),
        is_cut ? span_text(std::chrono::floor<std::chrono::seconds>(span)) : std::string{"hour"});
}

// "4 fine", "1 paused": how many trackers stand so, each a link to them.
json::array healths_of(std::map<std::string, std::pair<json::object, std::int64_t>> const& by_word)
{
    json::array out;
    for (auto const& [word, one] : by_word) {
        auto part = one.first;
        part["word"] = fmt::format("{} {}", grouped(one.second), word);
        part["href"] = link("/trackers", {{"state", word}});
        out.push_back(std::move(part));
    }
    return out;
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
    std::map<std::string, std::pair<json::object, std::int64_t>> by_word;
    for (auto const& one : trackers) {
        auto const stands = all.of(one);
        auto const sign = mark_of(stands);
        auto& health = by_word[std::string{std::string_view{sign.at("word").as_string()}}];
        health.first = sign;
        ++health.second;
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
    model["healths"] = healths_of(by_word);
    model["now"] = now_of(with);
    model["rate"] = rate_of(with);
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
