#include "engine/serve/pages/bars.hpp"
#include "engine/serve/pages/chart.hpp"
#include "engine/serve/pages/page.hpp"
#include "engine/serve/pages/rows.hpp"
#include "engine/serve/pages/standing.hpp"
#include "engine/serve/pages/state_of_engine.hpp"
#include "engine/serve/pages/text.hpp"
#include "engine/serve/web/tracker_view.hpp"

#include <fmt/format.h>

#include <set>

namespace checkwatches::serve::view {
namespace {

namespace json = boost::json;
using std::chrono::seconds;

constexpr std::int64_t days_drawn = 30;
constexpr std::int64_t weeks_drawn = 26;
constexpr std::int64_t most_signatures = 10;
constexpr std::int64_t most_passes = 10;
constexpr std::int64_t most_bugs = 15;

json::object spread_row(std::string_view what, storage::age_spread const& s)
{
    bool const is_there = s.n > 0;
    auto const text = [&](seconds span) { return is_there ? span_text(span) : std::string{"–"}; };
    return {
        {"what", what},
        {"n", s.n},
        {"least", text(s.least)},
        {"mean", text(s.mean)},
        {"greatest", text(s.greatest)}};
}

// The four statistics: one row each, of bugs that were counted at the last census.
void put_statistics(json::object& model, standing const& stands)
{
    auto const& c = stands.counts;
    model["spreads"] = json::array{
        spread_row("Age of the last check", c.since_check),
        spread_row("Age of the last success", c.since_seen),
        spread_row("Wait of new watches for their first check", c.waits)};
    json::value share;
    if (c.bugs > 0)
        share = percent(static_cast<double>(c.failing) / static_cast<double>(c.bugs));
    model["failing_share"] = share;
}

void put_charts(json::object& model, asked const& with, storage::tracker const& tracker)
{
    auto const today = day_of(with.now);
    auto const days = with.in.outcome_days(tracker.id, today - weeks_drawn * 7 + 1);
    auto const asked_for = text_argument(with.rq, "slice");
    std::optional<outcome> slice;
    if (asked_for) {
        slice = parse_outcome(*asked_for);
        if (!slice)
            throw bad_argument{fmt::format("“{}” is no outcome of a check.", cut(*asked_for, 40))};
    }
    auto const path = path_of_tracker(tracker.name);
    std::set<outcome> there;
    for (auto const& one : days)
        if (!is_success(one.how))
            there.insert(one.how);
    json::array slices{
        json::object{{"word", "all failures"}, {"href", path + "#charts"}, {"here", !slice.has_value()}}};
    for (auto const how : there)
        slices.push_back(json::object{
            {"word", word(how)},
            {"href", link(path, {{"slice", std::string{word(how)}}}) + "#charts"},
            {"here", slice == how}});
    auto daily = chart_of(points_of(days, today, 1, days_drawn, slice), 1);
    daily["title"] = "Failures a day, 30 days";
    auto weekly = chart_of(points_of(days, today, 7, weeks_drawn, slice), 7);
    weekly["title"] = "Failures a week, 26 weeks";
    model["has_slices"] = !there.empty();
    model["slices"] = std::move(slices);
    model["slice"] = slice ? std::string{word(*slice)} : std::string{};
    model["charts"] = json::array{std::move(daily), std::move(weekly)};
}

void put_traffic(json::object& model, asked const& with, storage::tracker const& tracker)
{
    auto const today = day_of(with.now);
    storage::traffic_day day;
    storage::traffic_day month;
    for (auto const& one : with.in.traffic_days(tracker.id, today - days_drawn + 1))
        for (auto* const sum : {&day, &month}) {
            if (sum == &day && one.day != today)
                continue;
            sum->passes += one.passes;
            sum->requests += one.requests;
            sum->not_modified += one.not_modified;
            sum->bytes += one.bytes;
            sum->deferrals += one.deferrals;
        }
    auto const row = [](std::string_view when, storage::traffic_day const& of) {
        return json::object{
            {"when", when},
            {"passes", of.passes},
            {"requests", of.requests},
            {"not_modified", of.not_modified},
            {"bytes", bytes(of.bytes)},
            {"deferrals", of.deferrals}};
    };
    model["traffic"] = json::array{row("Today (UTC)", day), row("In 30 days", month)};
}

// "8 seen", "2 timeout": in what the checks of a pass ended, with links to the bugs of this tracker whose
// last check ended so; without links where it has no name.
json::array outcomes_of(storage::tracker_pass const& pass, std::string const& tracker)
{
    json::array out;
    for (auto const& [how, times] : pass.outcomes)
        out.push_back(json::object{
            {"text", fmt::format("{} {}", grouped(times), word(how))},
            {"href",
             tracker.empty() ? std::string{}
                             : link("/bugs", {{"tracker", tracker}, {"outcome", std::string{word(how)}}})}});
    return out;
}

void put_passes(json::object& model, asked const& with, storage::tracker const& tracker)
{
    storage::pass_list const which{.of = tracker.id};
    json::array rows;
    for (auto const& one : with.in.list_passes(which, most_passes)) {
        // Only of the last are the bugs still as it left them.
        auto outcomes = outcomes_of(one, rows.empty() ? tracker.name : std::string{});
        if (rows.empty())
            model["last_outcomes"] = outcomes;
        rows.push_back(json::object{
            {"ended", moment(one.ended, with.now)},
            {"took", span_text(std::chrono::ceil<seconds>(one.ended - one.began))},
            {"asked", one.asked},
            {"failed", one.failed},
            {"changes", one.changes},
            {"requests", one.requests},
            {"not_modified", one.not_modified},
            {"bytes", bytes(one.bytes)},
            {"outcomes", std::move(outcomes)},
            {"trouble", one.deferred ? std::string{"put off by a limit"} : cut(one.trouble, 120)}});
    }
    model["has_passes"] = !rows.empty();
    model["passes"] = std::move(rows);
}

// Failing bugs first, and others after them as far as there is room.
void put_bugs(json::object& model, asked const& with, storage::tracker const& tracker)
{
    storage::bug_list which{.of = tracker.id, .failing = true};
    json::array rows;
    std::set<storage::bug_id> there;
    bool more = false;
    bool there_failing = false;
    for (bool const failing : {true, false}) {
        which.failing = failing;
        for (auto const& one : with.in.list_bugs(which, most_bugs + 1)) {
            there_failing = there_failing || failing;
            if (!there.insert(one.bug.id).second)
                continue;
            if (rows.size() < static_cast<std::size_t>(most_bugs))
                rows.push_back(row_of(with, one));
            else
                more = true;
        }
    }
    model["has_bugs"] = !rows.empty();
    auto const count = counted(static_cast<std::int64_t>(rows.size()), "bug");
    model["caption"] = more ? fmt::format("{} of more, failing ones first", count)
                            : fmt::format("All {}, failing ones first", count);
    model["failing_href"] = there_failing ? link("/bugs", {{"tracker", tracker.name}, {"failing", "1"}})
                                          : std::string{};
    model["rows"] = std::move(rows);
    model["bugs_href"] = link("/bugs", {{"tracker", tracker.name}});
}

void put_errors(json::object& model, asked const& with, storage::tracker const& tracker)
{
    storage::signature_list const which{.of = tracker.id};
    json::array rows;
    for (auto const& one : with.in.signatures(which, most_signatures))
        rows.push_back(row_of(with, one));
    model["has_errors"] = !rows.empty();
    model["errors"] = std::move(rows);
    model["errors_href"] = link("/errors", {{"tracker", tracker.name}});
}

// A time of the engine's answer, to be shown.
json::value time_at(json::object const& in, std::string_view field, utc_time now)
{
    auto const* const said = in.if_contains(field);
    if (said == nullptr || !said->is_string())
        return nullptr;
    return moment(parse_time(std::string_view{said->get_string()}, naive_time::is_utc), now);
}

// "at most 2 connections (1 in use), 3 batches at a time, 0.5 requests a second; its host leaves 58 of 60
// requests": how much it may be asked.
void put_limits(json::object& model, asked const& with)
{
    auto const* const there = with.cost.if_contains("limits");
    if (there == nullptr || !there->is_object())
        return;
    auto const& limits = there->get_object();
    auto const count = [&](std::string_view field) { return number_of(limits, field); };
    auto text = fmt::format(
        "{} at most ({} in use), {} at a time",
        counted(count("connections"), "connection"),
        grouped(count("connections_in_use")),
        counted(count("lanes"), "batch", "batches"));
    auto const* const rate = limits.if_contains("requests_per_second");
    text += rate != nullptr && rate->is_number()
                ? fmt::format(", {:g} requests a second", rate->to_number<double>())
                : std::string{", no limit of ours on requests a second"};
    if (auto const wait = count("wait_s"); wait > 0)
        text += fmt::format("; the next request waits {}", span_text(seconds{wait}));
    model["limits"] = text;
    auto const* const told = limits.if_contains("announced");
    if (told == nullptr || !told->is_object())
        return;
    auto const& left = told->get_object();
    auto const* const most = left.if_contains("limit");
    model["announced"] = json::object{
        {"text",
         fmt::format(
             "{} left{}",
             counted(number_of(left, "remaining"), "request"),
             most != nullptr && most->is_int64() ? " of " + grouped(most->get_int64()) : std::string{})},
        {"reset", time_at(left, "reset", with.now)},
        {"said", time_at(left, "said_at", with.now)}};
}

void put_facts(json::object& model, asked const& with, standing const& stands)
{
    auto const& at = stands.at;
    auto const can = with.in.capabilities_of(at.id);
    json::array aliases;
    for (auto const& one : with.in.aliases_of(at.id))
        if (one != at.base_url)
            aliases.push_back(json::object{{"url", cut(one, 200)}});
    model["base_href"] = safe_link(at.base_url);
    model["base_url"] = at.base_url;
    model["api_url"] = at.api_url.value_or("");
    model["has_aliases"] = !aliases.empty();
    model["aliases"] = std::move(aliases);
    model["host"] = host_of(at.base_url, at.api_url);
    model["is_probed"] = can.has_value();
    if (can) {
        model["protocol"] = can->can.protocol;
        model["version"] = cut(can->can.version, 100);
        model["identity"] = cut(can->can.identity, 100);
        model["batch"] = static_cast<std::int64_t>(can->can.batch);
        model["changed_since"] = can->can.changed_since;
        model["probed"] = moment(can->probed_at, with.now);
    }
    auto const& skew = stands.state.skew;
    model["skew"] = skew ? fmt::format(
                               "{} {} ours",
                               span_text(std::chrono::duration_cast<seconds>(std::chrono::abs(*skew))),
                               skew->count() > 0 ? "ahead of" : "behind")
                         : std::string{};
    model["moved_to"] = stands.state.moved_to.value_or("");
    auto const due = number_of(with.cost, "bugs");
    if (due > 0) {
        auto const span = seconds{number_of(with.cost, "seconds")};
        model["complete"] = moment(with.now + span, with.now);
        model["complete_text"] = fmt::format(
            "{} due, {}, {} at this rate",
            counted(due, "bug is", "bugs are"),
            counted(number_of(with.cost, "requests"), "request"),
            about(span));
    }
}

} // namespace

page tracker_page(asked const& with, storage::tracker const& tracker)
{
    auto const stands = standings{with}.of(tracker);
    page out{
        .name = "tracker",
        .title = tracker.name,
        .sentence = fmt::format("{} {}.", cut(tracker.name, 100), words_of(with, stands)),
        .live = "pass_ended"};
    auto const& counts = stands.counts;
    if (with.counted != nullptr && counts.bugs > 0)
        out.model["fare_text"] = fmt::format(
            "{} {} watched; the last check of {} failed",
            counted(counts.bugs, "bug"),
            counts.bugs == 1 ? "is" : "are",
            counts.failing == 0 ? "none" : grouped(counts.failing));
    auto& model = out.model;
    for (auto& field : row_of(with, stands))
        model[field.key()] = std::move(field.value());
    model["bugs_count"] = model.at("bugs");
    model["is_paused"] = stands.state.paused;
    model["path"] = path_of_tracker(tracker.name);
    auto const last = with.in.list_passes({.of = tracker.id}, 1);
    model["started"] = is_under_way(with, last.empty() ? std::nullopt : std::optional{last.front().ended});
    put_facts(model, with, stands);
    put_limits(model, with);
    put_statistics(model, stands);
    put_charts(model, with, tracker);
    model["changes_chart"] = bars_of(changes_of_days(with.in, tracker, day_of(with.now), days_drawn));
    put_feed(model, {{"tracker", tracker.name}});
    model["changes_href"] = link("/changes", {{"tracker", tracker.name}, {"kind", "changes"}});
    put_traffic(model, with, tracker);
    put_passes(model, with, tracker);
    put_errors(model, with, tracker);
    put_bugs(model, with, tracker);
    return out;
}

} // namespace checkwatches::serve::view
