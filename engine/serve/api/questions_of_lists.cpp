#include "engine/serve/api/arguments.hpp"
#include "engine/serve/api/json_of.hpp"
#include "engine/serve/api/questions.hpp"
#include "engine/serve/api/slice.hpp"
#include "engine/serve/web/sift.hpp"

#include <boost/json/value_to.hpp>

#include <fmt/format.h>

// Watches, errors, passes, words, and what was fixed upstream.
namespace checkwatches::serve {
namespace {

namespace json = boost::json;

// The rows of a part that was asked for with one row more than is to be shown, and where it goes on.
template <class Row, class Item, class Key>
json::object part_of(std::vector<Row> rows, std::int64_t limit, Item item, Key key)
{
    bool const more = static_cast<std::int64_t>(rows.size()) > limit;
    if (more)
        rows.pop_back();
    json::array items;
    for (auto const& row : rows)
        items.push_back(item(row));
    json::value next = nullptr;
    if (more)
        next = make_cursor(key(rows.back()));
    return {{"items", std::move(items)}, {"next", std::move(next)}};
}

bool are_texts(json::array const& key, std::size_t from)
{
    for (auto i = from; i != key.size(); ++i)
        if (!key[i].is_string())
            return false;
    return true;
}

constexpr auto bad_cursor = "\"after\" must be what an answer named as \"next\"";

std::string text(json::value const& v)
{
    return json::value_to<std::string>(v);
}

storage::bug_id bug_in(json::value const& v)
{
    return static_cast<storage::bug_id>(v.as_int64());
}

} // namespace

result<std::optional<storage::tracker_id>>
restricted_to(storage::reader const& in, std::optional<std::string> const& name)
{
    if (!name)
        return std::optional<storage::tracker_id>{};
    auto const tracker = tracker_named(in, *name);
    if (!tracker)
        return tracker.error();
    return std::optional{tracker->id};
}

result<question> ask_watches(ask const& a)
{
    arguments in{a.rq};
    auto const limit = in.limit();
    auto const tracker = in.text("tracker");
    storage::watch_list list{
        .label = in.text("label"), .owner = in.text("owner"), .source = in.text("source")};
    if (auto const after = in.cursor(3)) {
        if (after->front().is_int64() && are_texts(*after, 1))
            list.after = storage::watch_key{bug_in((*after)[0]), text((*after)[1]), text((*after)[2])};
        else
            in.complain(bad_cursor);
    }
    if (auto const good = in.finish(); !good)
        return good.error();
    return [=, known = a.known](storage::reader const& store) mutable -> result<json::object> {
        auto const of = restricted_to(store, tracker);
        if (!of)
            return of.error();
        list.of = *of;
        auto const item = [&](storage::shown_watch const& w) {
            return json::object{
                {"label", text_or_null(w.what.label)},
                {"source", w.what.source},
                {"owner", text_or_null(w.what.owner)},
                {"relation", word(w.what.is)},
                {"note", text_or_null(w.what.note)},
                {"created_at", format_time(w.created_at)},
                {"bug", item_of(known, store, w.on)}};
        };
        auto const key = [](storage::shown_watch const& w) {
            return json::array{static_cast<std::int64_t>(w.on.bug.id), w.what.label, w.what.source};
        };
        return part_of(store.list_watches(list, limit + 1), limit, item, key);
    };
}

result<question> ask_watch_groups(ask const& a)
{
    arguments in{a.rq};
    auto const limit = in.limit();
    auto const by = in.one_of("by", {"label", "owner", "source"}).value_or("label");
    std::string after;
    if (auto const key = in.cursor(1)) {
        if (are_texts(*key, 0))
            after = text(key->front());
        else
            in.complain(bad_cursor);
    }
    if (auto const good = in.finish(); !good)
        return good.error();
    auto const field = by == "owner"    ? storage::watch_field::owner
                       : by == "source" ? storage::watch_field::source
                                        : storage::watch_field::label;
    return [=](storage::reader const& store) -> result<json::object> {
        auto const item = [&](storage::watch_group const& g) {
            return json::object{{by, g.value}, {"watches", g.watches}};
        };
        auto const key = [](storage::watch_group const& g) { return json::array{g.value}; };
        return part_of(store.watch_groups(field, after, limit + 1), limit, item, key);
    };
}

result<question> ask_signatures(ask const& a)
{
    arguments in{a.rq};
    auto const limit = in.limit();
    auto const tracker = in.text("tracker");
    storage::signature_list list{.with_ended = in.flag("ended")};
    if (auto const good = in.finish(); !good)
        return good.error();
    return [=](storage::reader const& store) mutable -> result<json::object> {
        auto const of = restricted_to(store, tracker);
        if (!of)
            return of.error();
        list.of = *of;
        json::array items;
        for (auto const& s : store.signatures(list, limit)) {
            auto item = json_of(s);
            item["id"] = s.id;
            items.push_back(std::move(item));
        }
        return json::object{{"items", std::move(items)}};
    };
}

result<question> ask_incidents(ask const& a)
{
    arguments in{a.rq};
    auto const limit = in.limit();
    auto const after = in.offset();
    if (auto const good = in.finish(); !good)
        return good.error();
    return [=](storage::reader const& store) -> result<json::object> {
        auto const rows = store.incidents(after + limit + 1);
        return slice_of(rows, after, limit, [](storage::incident const& i) { return json_of(i); });
    };
}

result<question> ask_passes(ask const& a)
{
    arguments in{a.rq};
    auto const limit = in.limit();
    auto const tracker = in.text("tracker");
    storage::pass_list list{.before = in.number("before")};
    if (auto const good = in.finish(); !good)
        return good.error();
    return [=](storage::reader const& store) mutable -> result<json::object> {
        auto const of = restricted_to(store, tracker);
        if (!of)
            return of.error();
        list.of = *of;
        auto const rows = store.list_passes(list, limit);
        json::array items;
        for (auto const& row : rows)
            items.push_back(json_of(row));
        json::value next = nullptr;
        if (static_cast<std::int64_t>(rows.size()) == limit)
            next = rows.back().id;
        return json::object{{"items", std::move(items)}, {"next", std::move(next)}};
    };
}

result<question> ask_queue(ask const& a)
{
    arguments in{a.rq};
    auto const limit = in.limit();
    auto const after = in.offset();
    auto const tracker = in.text("tracker");
    if (auto const good = in.finish(); !good)
        return good.error();
    return [=, known = a.known](storage::reader const& store) -> result<json::object> {
        if (auto const of = restricted_to(store, tracker); !of)
            return of.error();
        auto entries = store.unmapped();
        if (tracker)
            std::erase_if(entries, [&](auto const& entry) { return entry.tracker != *tracker; });
        auto const bugs = count_words(store, *known.of_kinds, entries);
        return slice_of(entries, after, limit, [&](storage::unmapped_entry const& entry) {
            auto out = json_of(entry);
            // Where not all bugs were looked at, there may be more.
            out["bugs"] = bugs.is_cut ? json::value(nullptr) : json::value(bugs.of(entry));
            out["setting"] = setting_for(entry.tracker, entry.what.field, entry.what.word);
            return out;
        });
    };
}

result<question> ask_mappings(ask const& a)
{
    arguments in{a.rq};
    auto const limit = in.limit();
    auto const after = in.offset();
    if (auto const good = in.finish(); !good)
        return good.error();
    return [=](storage::reader const& store) -> result<json::object> {
        return slice_of(
            store.meanings(), after, limit, [](storage::stored_meaning const& m) { return json_of(m); });
    };
}

result<question> ask_preview(ask const& a)
{
    arguments in{a.rq};
    auto const need = [&](std::string_view name) {
        auto const value = in.text(name);
        if (!value || value->empty())
            in.complain(fmt::format("\"{}\" is needed", name));
        return value.value_or("");
    };
    auto const tracker = need("tracker");
    auto const key = need("key");
    auto const means = need("means");
    auto const field = in.one_of("field", {"status", "importance"}).value_or("status");
    if (field == "status" ? !parse_status(means) : !parse_importance(means))
        in.complain(fmt::format("\"means\": \"{}\" is no {}", means, field));
    if (auto const good = in.finish(); !good)
        return good.error();
    return [=, known = a.known](storage::reader const& store) -> result<json::object> {
        if (auto const there = tracker_named(store, tracker); !there)
            return there.error();
        auto const preview = known.of_kinds->preview_meaning(store, tracker, field, key, means);
        json::array first;
        for (auto const& one : preview.first) {
            auto item = item_of(known, store, one.bug);
            json::object becomes;
            for (auto const& change : one.by)
                becomes[change.field] = change.after ? json::value(*change.after) : json::value(nullptr);
            item["becomes"] = std::move(becomes);
            first.push_back(std::move(item));
        }
        return json::object{
            {"bugs", preview.bugs}, {"changes", preview.changes}, {"first", std::move(first)}};
    };
}

result<question> ask_fixed(ask const& a)
{
    arguments in{a.rq};
    auto const limit = in.limit();
    storage::fixed_list list{.label = in.text("label"), .owner = in.text("owner")};
    if (auto const kind = in.one_of("kind", {"fixed", "wontfix", "invalid", "duplicate"}))
        list.kind = *kind == "fixed"     ? storage::fixed_kind::fixed
                    : *kind == "wontfix" ? storage::fixed_kind::wont_fix
                    : *kind == "invalid" ? storage::fixed_kind::invalid
                                         : storage::fixed_kind::duplicate;
    if (auto const key = in.cursor(3)) {
        if ((*key)[0].is_int64() && (*key)[1].is_int64() && are_texts(*key, 2))
            list.after = storage::fixed_key{
                utc_time{std::chrono::milliseconds{(*key)[0].as_int64()}},
                bug_in((*key)[1]),
                text((*key)[2])};
        else
            in.complain(bad_cursor);
    }
    if (auto const good = in.finish(); !good)
        return good.error();
    return [=, known = a.known](storage::reader const& store) -> result<json::object> {
        auto rows = store.list_fixed(list, limit + 1);
        bool const more = static_cast<std::int64_t>(rows.size()) > limit;
        json::value next = nullptr;
        if (more) {
            rows.pop_back();
            auto const& last = rows.back();
            next = make_cursor(
                {std::int64_t{last.since.value_or(utc_time{}).time_since_epoch().count()},
                 static_cast<std::int64_t>(last.bug.bug.id),
                 last.label});
        }
        json::array items;
        for (auto const& row : rows) {
            // Where duplicates have their master's verdict, one whose master is open is not resolved.
            auto const judge = known.of_kinds->judge_of(store, row.bug);
            if (judge && !(judge->bug.state && is_resolved(*judge->bug.state)))
                continue;
            items.push_back(json::object{
                {"label", row.label},
                {"since", time_or_null(row.since)},
                {"bug", item_of(known, store, row.bug)}});
        }
        return json::object{{"items", std::move(items)}, {"next", std::move(next)}};
    };
}

} // namespace checkwatches::serve
