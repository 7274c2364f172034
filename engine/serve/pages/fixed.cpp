#include "engine/core/status.hpp"
#include "engine/serve/pages/page.hpp"
#include "engine/serve/pages/rows.hpp"
#include "engine/serve/pages/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace checkwatches::serve::view {
namespace {

namespace json = boost::json;

using fields = std::vector<std::pair<std::string, std::string>>;

struct kind_of_fix {
    std::string_view word; // of the query
    std::string_view title;
    storage::fixed_kind kind;
};
constexpr std::array kinds{
    kind_of_fix{"fixed", "Fix Released", storage::fixed_kind::fixed},
    kind_of_fix{"wontfix", "Won’t Fix", storage::fixed_kind::wont_fix},
    kind_of_fix{"invalid", "Invalid", storage::fixed_kind::invalid},
    kind_of_fix{"duplicate", "Duplicate", storage::fixed_kind::duplicate},
};

std::optional<storage::fixed_key> key_argument(http_request const& rq)
{
    auto const at = number_argument(rq, "at");
    auto const bug = number_argument(rq, "bug");
    if (!at || !bug)
        return std::nullopt;
    return storage::fixed_key{
        .since = utc_time{std::chrono::milliseconds{*at}},
        .bug = static_cast<storage::bug_id>(*bug),
        .label = std::string{rq.argument("behind")}};
}

// The list that the query asks for, and the query again, for links.
struct question {
    storage::fixed_list which{};
    std::string kind{};
    std::string words{}; // " for gedit, watched by anna"
    fields again{};

    std::string with_kind(std::string_view word) const
    {
        auto out = again;
        out.emplace_back("kind", word);
        return link("/fixed", std::move(out));
    }
};

question question_of(http_request const& rq)
{
    question out;
    out.which.after = key_argument(rq);
    if (auto const kind = text_argument(rq, "kind")) {
        auto const found = std::ranges::find(kinds, *kind, &kind_of_fix::word);
        if (found == kinds.end())
            throw bad_argument{fmt::format("“{}” is no way in which a bug is resolved.", cut(*kind, 40))};
        out.kind = *kind;
        out.which.kind = found->kind;
        out.words += fmt::format(" as {}", found->title);
    }
    out.which.label = text_argument(rq, "label");
    if (auto const& label = out.which.label) {
        out.again.emplace_back("label", *label);
        out.words += " for " + cut(*label, 60);
    }
    out.which.owner = text_argument(rq, "owner");
    if (auto const& owner = out.which.owner) {
        out.again.emplace_back("owner", *owner);
        out.words += " watched by " + cut(*owner, 60);
    }
    return out;
}

// Where duplicates are shown with their master's verdict, one whose master is open is not resolved.
bool is_open(asked const& with, storage::shown_bug const& bug)
{
    auto const judge = with.known.judge_of(with.in, bug);
    return judge && !(judge->bug.state && is_resolved(*judge->bug.state));
}

void put_filters(json::object& model, question const& what)
{
    json::array ways;
    for (auto const& one : kinds)
        ways.push_back(json::object{
            {"word", one.title}, {"href", what.with_kind(one.word)}, {"here", what.kind == one.word}});
    ways.push_back(
        json::object{{"word", "All"}, {"href", link("/fixed", what.again)}, {"here", what.kind.empty()}});
    model["ways"] = std::move(ways);
    model["kind"] = what.kind;
    model["label_value"] = what.which.label.value_or("");
    model["owner_value"] = what.which.owner.value_or("");
}

} // namespace

// ?kind= fixed, wontfix, invalid or duplicate, ?label= and ?owner= restrict; ?at=, ?bug= and ?behind= turn
// the pages.
page fixed_page(asked const& with)
{
    page out{.name = "fixed", .title = "Fixed upstream", .live = "change"};
    auto question = question_of(with.rq);
    bool const is_first = !question.which.after.has_value();
    auto found = with.in.list_fixed(question.which, most_rows + 1);
    auto const more = take_more(found);
    json::array rows;
    for (auto const& one : found) {
        if (is_open(with, one.bug))
            continue;
        auto row = row_of(with, one.bug);
        auto const& bug = one.bug.bug;
        row["label"] = cut(one.label, 80);
        row["label_href"] = link("/watches", {{"label", one.label}});
        row["since"] = moment(one.since, with.now);
        row["evidence"] = safe_link(with.known.url_of(one.bug.kind, one.bug.base_url, bug.remote_id));
        row["put_away"] = fmt::format("{}:{}", static_cast<std::int64_t>(bug.id), one.label);
        rows.push_back(std::move(row));
    }
    auto const shown = static_cast<std::int64_t>(rows.size());
    if (rows.empty())
        out.sentence = is_first ? fmt::format(
                                      "Nothing that you watch was resolved upstream{} since you last looked.",
                                      question.words)
                                : "No more.";
    else if (!is_first)
        out.sentence = fmt::format(
            "The next {} whose upstream bug is resolved{}.", counted(shown, "label"), question.words);
    else
        out.sentence = fmt::format(
            "{}{} whose upstream bug is resolved{}, newest first.",
            more ? "The newest " : "",
            counted(shown, "label"),
            question.words);
    auto& model = out.model;
    put_filters(model, question);
    model["caption"] = rows_text(rows.size(), more, "label");
    model["has_rows"] = !rows.empty();
    model["rows"] = std::move(rows);
    model["undo"] = text_argument(with.rq, "put_away").value_or("");
    model["is_first"] = is_first;
    if (more) {
        auto const& last = found.back();
        auto next = question.again;
        next.emplace_back("kind", question.kind);
        next.emplace_back("at", std::to_string(last.since.value_or(utc_time{}).time_since_epoch().count()));
        next.emplace_back("bug", std::to_string(static_cast<std::int64_t>(last.bug.bug.id)));
        next.emplace_back("behind", last.label);
        model["next"] = link("/fixed", std::move(next));
    }
    return out;
}

} // namespace checkwatches::serve::view
