#include "engine/serve/pages/page.hpp"
#include "engine/serve/pages/rows.hpp"
#include "engine/serve/pages/text.hpp"

#include <fmt/format.h>

namespace checkwatches::serve::view {
namespace {

namespace json = boost::json;

std::optional<storage::fixed_key> key_argument(http_request const& rq)
{
    auto const at = number_argument(rq, "at");
    auto const bug = number_argument(rq, "bug");
    if (!at || !bug)
        return std::nullopt;
    return storage::fixed_key{
        .changed_at = utc_time{std::chrono::milliseconds{*at}},
        .bug = static_cast<storage::bug_id>(*bug),
        .label = std::string{rq.argument("label")}};
}

} // namespace

page fixed_page(asked const& with)
{
    page out{.name = "fixed", .title = "Fixed upstream", .live = "change"};
    auto const after = key_argument(with.rq);
    auto found = with.in.list_fixed(after, most_rows + 1);
    auto const more = take_more(found);
    json::array rows;
    for (auto const& one : found) {
        auto row = row_of(with, one.bug);
        auto const& bug = one.bug.bug;
        row["label"] = cut(one.label, 80);
        row["label_href"] = link("/watches", {{"label", one.label}});
        row["since"] = moment(bug.changed_at, with.now);
        row["evidence"] = safe_link(with.known.url_of(one.bug.kind, one.bug.base_url, bug.remote_id));
        row["put_away"] = fmt::format("{}:{}", static_cast<std::int64_t>(bug.id), one.label);
        rows.push_back(std::move(row));
    }
    out.sentence = found.empty()
                       ? (after ? "No more."
                                : "Nothing that you watch was resolved upstream since you last looked.")
                       : fmt::format(
                             "{} resolved upstream, newest first.",
                             counted(static_cast<std::int64_t>(found.size()), "watch is", "watches are"));
    auto& model = out.model;
    model["caption"] = rows_text(found.size(), more, "watch", "watches");
    model["has_rows"] = !rows.empty();
    model["rows"] = std::move(rows);
    model["undo"] = text_argument(with.rq, "put_away").value_or("");
    model["is_first"] = !after.has_value();
    if (more) {
        auto const& last = found.back();
        auto const at = last.bug.bug.changed_at.value_or(utc_time{});
        model["next"] = link(
            "/fixed",
            {{"at", std::to_string(at.time_since_epoch().count())},
             {"bug", std::to_string(static_cast<std::int64_t>(last.bug.bug.id))},
             {"label", last.label}});
    }
    return out;
}

} // namespace checkwatches::serve::view
