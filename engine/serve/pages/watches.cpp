#include "engine/serve/pages/page.hpp"
#include "engine/serve/pages/rows.hpp"
#include "engine/serve/pages/text.hpp"

#include <fmt/format.h>

#include <array>

namespace checkwatches::serve::view {
namespace {

namespace json = boost::json;
using fields = std::vector<std::pair<std::string, std::string>>;

struct grouping {
    std::string_view name;
    storage::watch_field by;
    std::string_view many;
};
constexpr std::array groupings{
    grouping{"label", storage::watch_field::label, "labels"},
    grouping{"owner", storage::watch_field::owner, "owners"},
    grouping{"source", storage::watch_field::source, "sources"},
};

page groups_page(asked const& with)
{
    auto const asked_for = text_argument(with.rq, "by").value_or("label");
    auto const* by = &groupings.front();
    for (auto const& one : groupings)
        if (one.name == asked_for)
            by = &one;
    if (by->name != asked_for)
        throw bad_argument{"Watches are grouped by label, owner or source."};
    page out{.name = "watches", .title = "Watches", .live = ""};
    auto const after = text_argument(with.rq, "after").value_or("");
    auto groups = with.in.watch_groups(by->by, after, most_rows + 1);
    auto const more = take_more(groups);
    json::array rows;
    for (auto const& one : groups)
        rows.push_back(json::object{
            {"value", cut(one.value, 200)},
            {"href", link("/watches", {{std::string{by->name}, one.value}})},
            {"watches", one.watches}});
    json::array ways;
    for (auto const& one : groupings)
        ways.push_back(json::object{
            {"word", one.name},
            {"href", link("/watches", {{"by", std::string{one.name}}})},
            {"here", &one == by}});
    auto const text = rows_text(groups.size(), more, by->name, by->many);
    out.sentence = !groups.empty() ? fmt::format("Watches by {}: {}.", by->name, text)
                   : after.empty()
                       ? fmt::format("No watch has a{} {}.", by->name == "owner" ? "n" : "", by->name)
                       : fmt::format("No more {}.", by->many);
    auto& model = out.model;
    model["by"] = by->name;
    model["ways"] = std::move(ways);
    model["caption"] = text;
    model["has_rows"] = !rows.empty();
    model["rows"] = std::move(rows);
    if (more)
        model["next"] = link("/watches", {{"by", std::string{by->name}}, {"after", groups.back().value}});
    return out;
}

// Where the list before ended.
std::optional<storage::watch_key> key_argument(http_request const& rq)
{
    auto const bug = number_argument(rq, "after");
    if (!bug)
        return std::nullopt;
    return storage::watch_key{
        .bug = static_cast<storage::bug_id>(*bug),
        .label = std::string{rq.argument("after_label")},
        .source = std::string{rq.argument("after_source")}};
}

page list_page(asked const& with, storage::watch_list which, fields again, std::string const& words)
{
    page out{.name = "watch_list", .title = "Watches", .live = "change,check"};
    which.after = key_argument(with.rq);
    auto watches = with.in.list_watches(which, most_rows + 1);
    auto const more = take_more(watches);
    json::array rows;
    for (auto const& one : watches) {
        auto row = row_of(with, one.on);
        row["label"] = cut(one.what.label, 60);
        row["label_href"] = link("/watches", {{"label", one.what.label}});
        row["source"] = cut(one.what.source, 60);
        row["source_href"] = link("/watches", {{"source", one.what.source}});
        row["owner"] = cut(one.what.owner, 40);
        row["owner_href"] = link("/watches", {{"owner", one.what.owner}});
        rows.push_back(std::move(row));
    }
    auto const text = rows_text(watches.size(), more, "watch", "watches");
    out.sentence = watches.empty() ? fmt::format("No watch {}.", words)
                                   : fmt::format("Watches {}: {}.", words, text);
    auto& model = out.model;
    model["caption"] = text;
    model["has_rows"] = !rows.empty();
    model["rows"] = std::move(rows);
    model["bugs_href"] = link("/bugs", again);
    if (!which.source) {
        put_feed(model, again);
        auto changes = again;
        changes.emplace_back("kind", "changes");
        model["changes_href"] = link("/changes", changes);
    }
    if (more) {
        auto const& last = watches.back();
        again.emplace_back("after", std::to_string(static_cast<std::int64_t>(last.on.bug.id)));
        again.emplace_back("after_label", last.what.label);
        again.emplace_back("after_source", last.what.source);
        model["next"] = link("/watches", again);
    }
    return out;
}

} // namespace

// ?label=, ?owner=, ?source= or ?tracker= lists watches; without one of them ?by= groups them.
page watches_page(asked const& with)
{
    storage::watch_list which{
        .label = text_argument(with.rq, "label"),
        .owner = text_argument(with.rq, "owner"),
        .source = text_argument(with.rq, "source")};
    fields again;
    std::string words;
    auto const add =
        [&](std::string_view name, std::optional<std::string> const& value, std::string_view word) {
            if (!value)
                return;
            again.emplace_back(name, *value);
            words += fmt::format("{}{} {}", words.empty() ? "" : ", ", word, cut(*value, 60));
        };
    std::optional<std::string> tracker;
    if (auto const of = tracker_argument(with)) {
        which.of = of->id;
        tracker = of->name;
    }
    add("tracker", tracker, "at");
    add("label", which.label, "for");
    add("owner", which.owner, "of");
    add("source", which.source, "from");
    auto out = again.empty() ? groups_page(with) : list_page(with, which, again, words);
    out.model["add_label"] = which.label.value_or("");
    return out;
}

} // namespace checkwatches::serve::view
