#include "engine/serve/api/questions.hpp"

#include "engine/serve/api/arguments.hpp"
#include "engine/serve/api/json_of.hpp"
#include "engine/serve/api/slice.hpp"
#include "engine/serve/web/sift.hpp"
#include "engine/serve/web/tracker_view.hpp"

#include <boost/json/value_to.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

// Trackers and bugs.
namespace checkwatches::serve {
namespace {

namespace json = boost::json;

constexpr std::int64_t errors_of_a_tracker = 50;
constexpr std::int64_t days_shown = 182; // 26 weeks

std::vector<storage::tracker_counts> counts_of(common_knowledge const& known)
{
    return known.counted ? known.counted->trackers : std::vector<storage::tracker_counts>{};
}

json::value counted_at(common_knowledge const& known)
{
    return known.counted ? json::value(format_time(known.counted->at)) : json::value(nullptr);
}

json::value spread_or_null(storage::age_spread const& s)
{
    if (s.n == 0)
        return nullptr;
    return json::object{
        {"n", s.n},
        {"least_s", s.least.count()},
        {"mean_s", s.mean.count()},
        {"greatest_s", s.greatest.count()}};
}

std::string name_at(storage::tracker const& t)
{
    return t.name;
}

} // namespace

error no_such(std::string what)
{
    return error{.kind = error_kind::not_found, .message = "there is no " + std::move(what)};
}

result<storage::tracker> tracker_named(storage::reader const& in, std::string const& name)
{
    if (auto found = in.tracker_by_name(name))
        return *found;
    return no_such(fmt::format("tracker \"{}\"", name));
}

result<storage::bug_id> bug_numbered(std::string_view text)
{
    std::int64_t number = 0;
    auto const* const end = text.data() + text.size();
    auto const [stop, ec] = std::from_chars(text.data(), end, number);
    if (ec != std::errc{} || stop != end || number < 0)
        return error{.kind = error_kind::usage, .message = fmt::format("\"{}\" is no number of a bug", text)};
    return static_cast<storage::bug_id>(number);
}

result<storage::shown_bug> shown_bug_of(storage::reader const& in, storage::bug_id id)
{
    std::optional<storage::shown_bug> found;
    in.each_bug({.bugs = {id}}, [&](storage::shown_bug const& shown) { found = shown; });
    if (found)
        return std::move(*found);
    return no_such(fmt::format("bug {}", static_cast<std::int64_t>(id)));
}

json::object
item_of(common_knowledge const& known, storage::reader const& in, storage::shown_bug const& shown)
{
    auto const url = known.of_kinds->url_of(shown.kind, shown.base_url, shown.bug.remote_id);
    auto out = json_of(shown, url, known.of_kinds->why(in, shown, known.now));
    out["id"] = static_cast<std::int64_t>(shown.bug.id);
    auto const judge = known.of_kinds->judge_of(in, shown);
    auto const& verdict = judge ? judge->bug : shown.bug;
    out["status"] = or_null(verdict.state, [](status s) { return title(s); });
    out["importance"] = or_null(verdict.weight, [](importance i) { return title(i); });
    out["verdict_of"] = judge ? "master" : "itself";
    out["stale"] = known.of_kinds->is_late(shown.bug, known.now)
                   || known.of_kinds->is_late(verdict, known.now);
    return out;
}

result<question> ask_trackers(ask const& a)
{
    arguments in{a.rq};
    auto const limit = in.limit();
    auto const after = in.cursor(1);
    if (after && !after->front().is_string())
        in.complain("\"after\" must be what an answer named as \"next\"");
    if (auto const good = in.finish(); !good)
        return good.error();
    auto const from = after ? json::value_to<std::string>(after->front()) : std::string{};
    return [=, known = a.known](storage::reader const& store) -> result<json::object> {
        auto all = store.trackers();
        auto const first = std::ranges::upper_bound(all, from, {}, name_at);
        all.erase(all.begin(), from.empty() ? all.begin() : first);
        bool const more = all.size() > static_cast<std::size_t>(limit);
        if (more)
            all.erase(all.begin() + limit, all.end());
        json::array items;
        for (auto const& view : view_of(store, all, counts_of(known), 0))
            items.push_back(json_of_listed(view));
        return json::object{
            {"items", std::move(items)},
            {"next", more ? json::value(make_cursor({all.back().name})) : json::value(nullptr)},
            {"counted_at", counted_at(known)}};
    };
}

result<question> ask_tracker(ask const& a)
{
    if (auto const good = arguments{a.rq}.finish(); !good)
        return good.error();
    return [known = a.known, name = a.names.front()](storage::reader const& in) -> result<json::object> {
        auto const tracker = tracker_named(in, name);
        if (!tracker)
            return tracker.error();
        auto const views = view_of(in, {*tracker}, counts_of(known), errors_of_a_tracker);
        auto const& counts = views.front().counts;
        auto out = json_of(views.front());
        out["since_check"] = spread_or_null(counts.since_check);
        out["since_seen"] = spread_or_null(counts.since_seen);
        out["waits"] = spread_or_null(counts.waits);
        out["counted_at"] = counted_at(known);
        return out;
    };
}

result<question> ask_days(ask const& a)
{
    arguments in{a.rq};
    auto const days = in.number("days").value_or(30);
    if (days == 0 || days > days_shown)
        in.complain(fmt::format("\"days\" must be 1 to {}", days_shown));
    if (auto const good = in.finish(); !good)
        return good.error();
    auto const today = day_of(a.known.now);
    return [name = a.names.front(),
            first = today - days + 1](storage::reader const& store) -> result<json::object> {
        auto const tracker = tracker_named(store, name);
        if (!tracker)
            return tracker.error();
        std::map<std::int64_t, json::object> by_day;
        auto const row_of = [&](std::int64_t day) -> json::object& {
            auto& out = by_day[day];
            if (out.empty())
                out = {
                    {"day", format_time(utc_time{std::chrono::days{day}}).substr(0, 10)},
                    {"outcomes", json::object{}}};
            return out;
        };
        for (auto const& d : store.outcome_days(tracker->id, first))
            row_of(d.day)["outcomes"].as_object()[word(d.how)] = d.checks;
        for (auto const& d : store.traffic_days(tracker->id, first)) {
            auto& out = row_of(d.day);
            out["passes"] = d.passes;
            out["requests"] = d.requests;
            out["not_modified"] = d.not_modified;
            out["bytes"] = d.bytes;
            out["deferrals"] = d.deferrals;
        }
        json::array items;
        for (auto& [day, object] : by_day)
            items.push_back(std::move(object));
        return json::object{{"items", std::move(items)}};
    };
}

namespace {

sieve sieve_of(arguments& in, bool has_tracker)
{
    sieve by{.due = in.flag("due"), .late = in.flag("late")};
    if (auto const text = in.text("status")) {
        by.state = parse_status(*text);
        if (!by.state)
            in.complain(fmt::format("\"status\": \"{}\" is no status", *text));
    }
    if (auto const text = in.text("importance")) {
        by.weight = parse_importance(*text);
        if (!by.weight)
            in.complain(fmt::format("\"importance\": \"{}\" is no importance", *text));
    }
    auto const field = in.one_of("field", {"status", "importance"});
    auto const word = in.text("word");
    if (word)
        by.word = unmapped_word{.field = field.value_or("status"), .word = *word};
    if (word && !has_tracker)
        in.complain("\"word\" is one of a tracker: it goes with \"tracker\"");
    if (field && !word)
        in.complain("\"field\" goes with \"word\"");
    return by;
}

} // namespace

result<question> ask_bugs(ask const& a)
{
    arguments in{a.rq};
    auto const limit = in.limit();
    auto const tracker = in.text("tracker");
    auto const after = in.cursor(1);
    storage::bug_list list{
        .label = in.text("label"),
        .owner = in.text("owner"),
        .source = in.text("source"),
        .signature = in.number("signature"),
        .how = in.how("outcome"),
        .failing = in.flag("failing"),
        .unchecked = in.flag("unchecked")};
    auto const by = sieve_of(in, tracker.has_value());
    if (after && !after->front().is_int64())
        in.complain("\"after\" must be what an answer named as \"next\"");
    else if (after)
        list.after = static_cast<storage::bug_id>(after->front().as_int64());
    if (auto const good = in.finish(); !good)
        return good.error();
    return [=, known = a.known](storage::reader const& store) mutable -> result<json::object> {
        if (tracker) {
            auto const of = tracker_named(store, *tracker);
            if (!of)
                return of.error();
            list.of = of->id;
        }
        auto const found = sift(store, *known.of_kinds, list, by, known.now, limit);
        json::array items;
        for (auto const& row : found.bugs)
            items.push_back(item_of(known, store, row));
        json::value next = nullptr;
        if (found.next)
            next = make_cursor({static_cast<std::int64_t>(*found.next)});
        return json::object{{"items", std::move(items)}, {"next", std::move(next)}};
    };
}

result<question> ask_bug(ask const& a)
{
    auto const id = bug_numbered(a.names.front());
    if (!id)
        return id.error();
    if (auto const good = arguments{a.rq}.finish(); !good)
        return good.error();
    return [known = a.known, id = *id](storage::reader const& in) -> result<json::object> {
        auto const shown = shown_bug_of(in, id);
        if (!shown)
            return shown.error();
        auto out = item_of(known, in, *shown);
        out["explanation"] = json_of(known.of_kinds->explain(in, *shown, known.now));
        json::array chain;
        for (auto const& step : known.of_kinds->chain_of(in, *shown))
            chain.push_back(json::object{
                {"url", text_or_null(step.url)},
                {"remote_id", step.remote_id},
                {"id", step.bug ? json::value(static_cast<std::int64_t>(*step.bug)) : json::value(nullptr)}});
        out["leads_to"] = std::move(chain);
        json::array watches;
        for (auto const& w : in.watches(id))
            watches.push_back(json::object{
                {"label", text_or_null(w.label)},
                {"source", w.source},
                {"owner", text_or_null(w.owner)},
                {"relation", word(w.is)},
                {"note", text_or_null(w.note)}});
        out["watches"] = std::move(watches);
        return out;
    };
}

result<question> ask_comments(ask const& a)
{
    auto const id = bug_numbered(a.names.front());
    if (!id)
        return id.error();
    arguments in{a.rq};
    auto const limit = in.limit();
    auto const after = in.offset();
    if (auto const good = in.finish(); !good)
        return good.error();
    return [=, id = *id](storage::reader const& store) -> result<json::object> {
        if (auto const shown = shown_bug_of(store, id); !shown)
            return shown.error();
        return slice_of(
            store.comments(id), after, limit, [](storage::stored_comment const& c) { return json_of(c); });
    };
}

result<question> ask_checks(ask const& a)
{
    arguments in{a.rq};
    auto const text = in.text("bug");
    if (!text)
        in.complain("\"bug\" must say of which bug: its number, as /bugs names it");
    auto const limit = in.limit();
    auto const after = in.offset();
    if (auto const good = in.finish(); !good)
        return good.error();
    auto const id = bug_numbered(*text);
    if (!id)
        return id.error();
    return [=, id = *id](storage::reader const& store) -> result<json::object> {
        if (auto const shown = shown_bug_of(store, id); !shown)
            return shown.error();
        return slice_of(
            store.runs(id), after, limit, [](storage::check_run const& run) { return json_of(run); });
    };
}

} // namespace checkwatches::serve
