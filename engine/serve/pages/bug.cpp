#include "engine/serve/pages/failure_words.hpp"
#include "engine/serve/pages/page.hpp"
#include "engine/serve/pages/rows.hpp"
#include "engine/serve/pages/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace checkwatches::serve::view {
namespace {

namespace json = boost::json;
using std::chrono::seconds;

constexpr std::int64_t longest_line = 100;
constexpr std::size_t most_comments = 20;
constexpr std::size_t most_watches = 50;
constexpr std::size_t longest_comment = 600; // bytes that are shown

template <class Word>
std::string title_or(std::optional<Word> const& value, std::string_view otherwise)
{
    return std::string{value ? title(*value) : otherwise};
}

// "New ── 12 d ── Confirmed": the statuses that it had, oldest first, and for how long.
json::array line_of(std::vector<storage::shown_change> const& newest_first, utc_time now)
{
    json::array out;
    std::optional<utc_time> since;
    for (auto at = newest_first.rbegin(); at != newest_first.rend(); ++at) {
        auto const& what = at->what;
        if (what.field != "status" || !what.actor.empty())
            continue;
        if (since)
            out.push_back(json::object{
                {"is_span", true},
                {"text", span_text(std::max(seconds{0}, std::chrono::floor<seconds>(what.at - *since)))}});
        out.push_back(json::object{
            {"is_span", false}, {"text", what.after.value_or("Unknown")}, {"at", moment(what.at, now)}});
        since = what.at;
    }
    return out;
}

json::array runs_of(asked const& with, storage::bug_id id)
{
    json::array out;
    for (auto const& run : with.in.runs(id)) {
        bool const fine = is_success(run.how);
        out.push_back(json::object{
            {"mark", mark(fine ? state::fine : state::failing, word(run.how))},
            {"last", moment(run.last, with.now)},
            {"first", run.times > 1 ? moment(run.first, with.now) : json::value{}},
            {"times", run.times > 1 ? counted(run.times, "time") : std::string{}},
            {"detail", cut(reason_of(run.how, run.detail), 300)}});
    }
    return out;
}

json::array chain_of(asked const& with, storage::shown_bug const& shown)
{
    json::array out;
    for (auto const& step : with.known.chain_of(with.in, shown)) {
        auto const here = step.bug ? path_of(*step.bug) : std::string{};
        out.push_back(json::object{
            {"id", cut(step.remote_id.empty() ? step.url : step.remote_id, 120)},
            {"href", here},
            {"url", safe_link(step.url)},
            {"watch_href", here.empty() ? link("/search", {{"q", step.url}}) : std::string{}}});
    }
    return out;
}

// Rows of a list of this bug that is shown in parts, and how to go on: "the newest 20 of 31 comments".
struct part {
    std::size_t from = 0;
    std::size_t to = 0;
    std::string caption{};
    std::string next{};
};

// The part that the query asks for by ?NAME=, the number of rows before it.
part part_of(
    asked const& with,
    storage::bug_id id,
    std::string_view name,
    std::size_t all,
    std::size_t most,
    std::string_view one,
    std::string_view many)
{
    auto const asked_for = number_argument(with.rq, name).value_or(0);
    part out{.from = std::min(static_cast<std::size_t>(asked_for), all)};
    out.to = std::min(out.from + most, all);
    out.caption = counted(static_cast<std::int64_t>(all), one, many);
    if (out.to - out.from < all)
        out.caption = fmt::format(
            "{} to {} of {}",
            grouped(static_cast<std::int64_t>(out.from) + 1),
            grouped(static_cast<std::int64_t>(out.to)),
            out.caption);
    if (out.to < all)
        out.next = fmt::format("{}?{}={}#{}", path_of(id), name, out.to, name);
    return out;
}

// The page of the watch list that a watch comes from; empty where it comes from none.
std::string list_href(std::string const& source)
{
    constexpr std::string_view list = "list:";
    return source.starts_with(list) ? link("/lists", {{"list", source.substr(list.size())}}) : std::string{};
}

void put_watches(json::object& model, asked const& with, storage::bug_id id)
{
    json::array rows;
    auto const all = with.in.watches(id);
    auto const shown = part_of(with, id, "watches", all.size(), most_watches, "watch", "watches");
    for (auto i = shown.from; i != shown.to; ++i) {
        auto const& one = all[i];
        rows.push_back(json::object{
            {"label", cut(one.label, 200)},
            {"label_value", one.label},
            {"label_href", link("/watches", {{"label", one.label}})},
            {"source", cut(one.source, 200)},
            {"source_value", one.source},
            {"list_href", list_href(one.source)},
            {"relation", one.is == storage::relation::same ? "" : "a related bug"},
            {"note", cut(one.note, 300)},
            {"owner", cut(one.owner, 100)},
            {"owner_href", link("/watches", {{"owner", one.owner}})}});
    }
    model["watches_caption"] = shown.caption;
    model["watches_next"] = shown.next;
    model["has_watches"] = !all.empty();
    model["watches"] = std::move(rows);
}

void put_comments(json::object& model, asked const& with, storage::bug_id id)
{
    std::vector const wanted{id};
    auto const marks = with.in.comment_marks(wanted);
    model["has_comments"] = false;
    if (marks.empty())
        return;
    auto const all = with.in.comments(id);
    json::array rows;
    auto const shown = part_of(with, id, "comments", all.size(), most_comments, "comment", "comments");
    bool is_short = false;
    for (auto i = shown.from; i != shown.to; ++i) {
        auto const at = all.rbegin() + static_cast<std::ptrdiff_t>(i);
        is_short = is_short || at->what.text.size() > longest_comment;
        rows.push_back(json::object{
            {"author", cut(at->what.author, 100)},
            {"written", moment(at->what.at, with.now)},
            {"text", cut(at->what.text, longest_comment)}});
    }
    model["has_comments"] = true;
    model["comments_caption"] = shown.caption + ", newest first";
    model["comments_next"] = shown.next;
    model["comments_whole"] = is_short ? fmt::format("/api/v1{}/comments", path_of(id)) : std::string{};
    model["comments_read"] = moment(marks.front().read_at, with.now);
    model["comments_failure"] = cut(marks.front().failure, 200);
    model["comments"] = std::move(rows);
}

// What it is, up to where its age follows.
std::string sentence_of(
    storage::bug_state const& bug,
    std::optional<storage::shown_bug> const& judge,
    std::vector<unmapped_word> const& strange)
{
    if (!bug.last_outcome)
        return bug.next_check == storage::never ? "It is not asked about." : "It waits for its first check.";
    if (!bug.seen_at)
        return "It was never seen.";
    auto const& verdict = judge ? judge->bug : bug;
    auto const words = fmt::format(
        "{}{}",
        title_or(verdict.state, "A status that is not mapped yet"),
        verdict.weight ? fmt::format(", {} importance", title(*verdict.weight)) : std::string{});
    if (judge)
        return words + ", the verdict of the bug that it is a duplicate of, as its tracker said";
    if (strange.empty())
        return words + ", as its tracker said";
    std::string said;
    for (auto const& one : strange)
        said += fmt::format("{}“{}”", said.empty() ? "" : " and ", cut(one.word, 120));
    return fmt::format(
        "{} as of its last known word; its tracker now says {}, which has no meaning here yet, as seen",
        words,
        said);
}

json::array queue_links(std::string const& tracker, std::vector<unmapped_word> const& words)
{
    json::array out;
    for (auto const& one : words)
        out.push_back(json::object{
            {"word", cut(one.word, 120)},
            {"href", link("/queue", {{"tracker", tracker}, {"field", one.field}, {"word", one.word}})}});
    return out;
}

// What is wrong with it, if anything is.
std::string trouble_of(storage::bug_state const& bug, asked const& with)
{
    std::string out;
    if (bug.last_outcome && !is_success(*bug.last_outcome))
        out = bug.failures > 1 ? fmt::format("The last {} checks failed.", grouped(bug.failures))
                               : std::string{"The last check failed."};
    if (with.known.is_late(bug, with.now))
        out += " That is longer ago than the schedule promises.";
    return out;
}

} // namespace

page bug_page(asked const& with, storage::bug_id id)
{
    std::optional<storage::shown_bug> found;
    storage::bug_filter const which{.bugs = {id}};
    with.in.each_bug(which, [&](storage::shown_bug const& one) { found = one; });
    if (!found)
        return no_such_page("There is no bug with this number.");
    auto const& shown = *found;
    auto const& bug = shown.bug;
    auto const judge = with.known.judge_of(with.in, shown);
    auto const strange = with.known.unmapped(with.in, shown);
    page out{
        .name = "bug",
        .title = fmt::format("{} {}", cut(shown.tracker, 60), cut(bug.remote_id, 80)),
        .sentence = sentence_of(bug, judge, strange),
        .live = "change,check"};
    auto& model = out.model;
    model = row_of(with, shown);
    model["path"] = path_of(id);
    model["bug_number"] = std::to_string(static_cast<std::int64_t>(id));
    model["trouble"] = trouble_of(bug, with);
    model["remote_title"] = bug.title;
    model["said"] = bug.seen_at ? moment(judge ? judge->bug.seen_at : bug.seen_at, with.now) : json::value{};
    model["unmapped"] = queue_links(shown.tracker, strange);
    model["own_status"] = title_or(bug.state, "");
    model["resolution"] = bug.words.resolution;
    model["product"] = cut(bug.product, 200);
    model["url"] = safe_link(with.known.url_of(shown.kind, shown.base_url, bug.remote_id));
    model["changed"] = moment(bug.changed_at, with.now);
    model["checked"] = moment(bug.checked_at, with.now);
    model["modified"] = moment(bug.modified_at, with.now);
    model["next_check"] = bug.next_check == storage::never ? json::value{} : moment(bug.next_check, with.now);
    model["why"] = with.known.why(with.in, shown, with.now);
    json::array reasons;
    for (auto const& one : with.known.explain(with.in, shown, with.now))
        reasons.push_back(json::value(cut(one, 300)));
    model["has_reasons"] = !reasons.empty();
    model["reasons"] = std::move(reasons);
    auto const chain = chain_of(with, shown);
    model["is_duplicate"] = !bug.duplicate_of.empty();
    model["duplicate_of"] = cut(bug.duplicate_of, 200);
    model["has_chain"] = !chain.empty();
    model["chain"] = chain;

    auto const before = number_argument(with.rq, "before");
    auto changes = with.in.list_changes({.bug = id, .before = before}, most_rows + 1);
    auto const more = take_more(changes);
    json::array rows;
    for (auto const& one : changes)
        rows.push_back(row_of(with, one));
    auto const line = line_of(with.in.list_changes({.bug = id, .statuses = true}, longest_line), with.now);
    model["has_line"] = !line.empty();
    model["line"] = line;
    model["has_changes"] = !rows.empty();
    auto const count = counted(static_cast<std::int64_t>(rows.size()), "change");
    model["changes_caption"] = fmt::format(
        "{}{}{}, newest first",
        more && !before ? "The newest " : "",
        count,
        before ? fmt::format(" before number {}", grouped(*before)) : std::string{});
    model["changes_next"] = more ? fmt::format("{}?before={}#changes", path_of(id), changes.back().what.id)
                                 : std::string{};
    model["changes"] = std::move(rows);
    auto const runs = runs_of(with, id);
    model["has_runs"] = !runs.empty();
    model["runs"] = runs;
    put_watches(model, with, id);
    put_comments(model, with, id);
    model["unwatched"] = with.rq.argument("unwatched") == "1" && with.who.may_operate;
    model["unwatched_label"] = cut(with.rq.argument("for"), 500);
    model["checking"] = is_under_way(with, bug.checked_at);
    return out;
}

} // namespace checkwatches::serve::view
