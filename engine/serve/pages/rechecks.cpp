#include "engine/serve/pages/hours.hpp"
#include "engine/serve/pages/page.hpp"
#include "engine/serve/pages/recheck_bug.hpp"
#include "engine/serve/pages/rows.hpp"
#include "engine/serve/pages/text.hpp"
#include "engine/serve/rechecks/book.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace checkwatches::serve::view {
namespace {

namespace json = boost::json;

constexpr std::int64_t queue_days = 14; // as far back as elastic-recheck's own list goes
constexpr std::size_t projects_named = 3;
constexpr std::size_t longest_text = 200;
constexpr std::size_t bugs_a_page = 30;
constexpr std::size_t queued_a_page = 50;
constexpr std::size_t gaps_shown = 10;
constexpr std::size_t bad_shown = 20;

std::string page_of(std::string const& source, std::string const& bug)
{
    return link("/rechecks", {{"source", source}, {"bug", bug.empty() ? std::string{named_none} : bug}});
}

template <class Entries>
std::string projects_text(Entries const& all)
{
    std::string out;
    std::size_t named = 0;
    for (auto const& one : all) {
        if (one.times == 0)
            continue;
        if (named++ == projects_named)
            return out + ", …";
        out += fmt::format("{}{} ({})", out.empty() ? "" : ", ", cut(one.project, 60), one.times);
    }
    return out;
}

json::array reviews_of(storage::recheck_source const& of, std::vector<storage::recheck_review> const& all)
{
    constexpr std::size_t shown = 3;
    json::array out;
    for (auto const& one : all) {
        if (out.size() == shown)
            break;
        out.push_back(json::object{
            {"number", std::to_string(one.change)}, {"href", safe_link(review_url(of, one.change))}});
    }
    return out;
}

// The hours of all projects together.
std::vector<std::optional<std::int64_t>> sum_of(rechecked_bug const& one)
{
    std::vector<std::optional<std::int64_t>> out(hours_shown);
    for (auto const& line : one.lines)
        for (std::size_t h = 0; h != hours_shown; ++h)
            if (line.hours[h])
                out[h] = out[h].value_or(0) + *line.hours[h];
    return out;
}

json::array sources_of(recheck_book const& book)
{
    json::array out;
    for (auto const& of : book.sources()) {
        bool const fails = !of.failure.empty();
        auto const stands = fails ? state::failing : of.read_at ? state::fine : state::waiting;
        out.push_back(json::object{
            {"mark",
             mark(
                 stands,
                 fails        ? "failing"
                 : of.read_at ? "read"
                              : "waiting")},
            {"name", of.name},
            {"url", safe_link(of.url)},
            {"read", moment(of.read_at, book.now())},
            {"behind",
             of.read_at && book.is_late(of)
                 ? span_text(std::chrono::duration_cast<std::chrono::seconds>(book.now() - *of.read_at))
                 : std::string{}},
            {"failure", cut(of.failure, longest_text)},
            {"folder_trouble", cut(of.folder_trouble, longest_text)}});
    }
    return out;
}

json::object row_of(asked const& with, recheck_book const& book, storage::recheck_count const& count)
{
    auto one = book.draw(count, with.in);
    look_up(one, with.in, with.known);
    auto const hours = sum_of(one);
    bool const is_only = book.sources().size() == 1;
    return {
        {"anchor", is_only ? one.number : one.source + "-" + one.number},
        {"number", one.number},
        {"url", safe_link(one.url)},
        {"href", page_of(one.source, one.number)},
        {"bug_href", one.bug ? path_of(*one.bug) : std::string{}},
        {"name", cut(one.name, longest_text)},
        {"affects", one.affects == one.name ? std::string{} : cut(one.affects, longest_text)},
        {"is_quiet", one.times == 0},
        {"times", grouped(one.times)},
        {"times_24", grouped(one.times_24)},
        {"hours", drawing_of(hours)},
        {"projects", projects_text(one.lines)},
        {"signature", one.signature == nullptr ? std::string{} : one.signature->file},
        {"reviews", reviews_of(*book.source(one.source), one.reviews)}};
}

json::object row_of(asked const& with, recheck_book const& book, queued_bug& one)
{
    fill(one, with.in);
    return {
        {"number", one.sum.bug},
        {"url", safe_link(one.url)},
        {"href", page_of(one.sum.source, one.sum.bug)},
        {"trouble", cut(one.trouble, longest_text)},
        {"times", grouped(one.sum.times)},
        {"first", moment(one.sum.first, with.now)},
        {"last", moment(one.sum.last, with.now)},
        {"projects", projects_text(one.projects)},
        {"reviews", reviews_of(*book.source(one.sum.source), one.reviews)}};
}

void put_gaps(json::object& model, recheck_book const& book)
{
    json::array rows;
    for (auto gap = book.gaps().rbegin(); gap != book.gaps().rend(); ++gap) {
        if (rows.size() == gaps_shown)
            break;
        rows.push_back(json::object{
            {"source", gap->source},
            {"began", moment(gap->began, book.now())},
            {"ended", moment(gap->ended, book.now())},
            {"filled",
             !gap->ended      ? "not yet"
             : gap->is_filled ? "yes"
                              : "no, it was too late"},
            {"why", cut(gap->why, longest_text)}});
    }
    model["has_gaps"] = !rows.empty();
    model["gaps"] = std::move(rows);
}

void put_bad(json::object& model, recheck_book const& book)
{
    json::array rows;
    for (auto const& [source, bad] : book.signatures()) {
        if (bad.is_good() || rows.size() == bad_shown)
            continue;
        rows.push_back(json::object{
            {"source", source},
            {"file", cut(bad.file, longest_text)},
            {"place",
             bad.line == 0 ? std::string{} : fmt::format("line {}, column {}", bad.line, bad.column)},
            {"why", cut(bad.trouble, longest_text)}});
    }
    model["has_bad"] = !rows.empty();
    model["bad"] = std::move(rows);
}

std::string sentence_of(recheck_book const& book, std::int64_t rechecked, std::int64_t queued)
{
    if (book.sources().empty())
        return "No Gerrit is read.";
    auto out = rechecked == 0
                   ? std::string{"Nothing is known to have been rechecked for a bug in the last 10 days."}
                   : fmt::format(
                         "Changes were rechecked for {} in the last 10 days; {} no signature.",
                         counted(rechecked, "bug"),
                         queued == 0 ? "none has" : counted(queued, "bug has", "bugs have"));
    if (book.status() != "green")
        out += book.read_up_to() ? " That is behind: not all was read since." : " Not all was read yet.";
    return out;
}

// The part of a list that begins behind `after` rows, and the address of the next one, where there is one.
template <class Row>
std::string take_part(
    std::vector<Row>& rows,
    std::size_t after,
    std::size_t most,
    std::vector<std::pair<std::string, std::string>> at)
{
    rows.erase(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(std::min(after, rows.size())));
    if (rows.size() <= most)
        return {};
    rows.resize(most);
    at.emplace_back("after", std::to_string(after + most));
    return link("/rechecks", std::move(at));
}

std::string caption_of(std::size_t shown, std::size_t after, std::size_t all, std::string_view one)
{
    auto const whole = counted(static_cast<std::int64_t>(all), one);
    return shown == all ? whole
                        : fmt::format("{} to {} of {}", after + (shown == 0 ? 0 : 1), after + shown, whole);
}

void put_bugs(
    json::object& model,
    asked const& with,
    recheck_book const& book,
    std::vector<storage::recheck_count> bugs)
{
    auto const all = bugs.size();
    auto const after = static_cast<std::size_t>(number_argument(with.rq, "after").value_or(0));
    model["next"] = take_part(
        bugs, after, bugs_a_page, {{"source", std::string{with.rq.argument("source")}}});
    json::array rows;
    for (auto const& one : bugs)
        rows.push_back(row_of(with, book, one));
    model["caption"] = caption_of(rows.size(), after, all, "bug") + ", most rechecks in 24 hours first";
    model["has_rows"] = !rows.empty();
    model["rows"] = std::move(rows);
}

void put_queue(
    json::object& model, asked const& with, recheck_book const& book, std::vector<queued_bug> queue)
{
    auto const all = queue.size();
    auto const after = static_cast<std::size_t>(number_argument(with.rq, "after").value_or(0));
    model["next"] = take_part(
        queue,
        after,
        queued_a_page,
        {{"source", std::string{with.rq.argument("source")}}, {"show", "queue"}});
    json::array rows;
    for (auto& one : queue)
        rows.push_back(row_of(with, book, one));
    model["caption"] = fmt::format(
        "{}, rechecked for in the last {} days, most often first",
        caption_of(rows.size(), after, all, "row"),
        queue_days);
    model["has_queue"] = !rows.empty();
    model["queue"] = std::move(rows);
}

// All bugs, or what has no signature.
page all_page(asked const& with, recheck_book const& book, bool of_queue)
{
    page out{.name = "rechecks", .title = "Rechecks"};
    auto bugs = book.bugs(with.in);
    auto const active = std::ranges::count_if(bugs, [](auto const& one) { return one.times != 0; });
    auto queue = book.queue(with.in, queue_days);
    auto const named = std::ranges::count_if(queue, [](auto const& one) { return !one.sum.bug.empty(); });
    out.sentence = sentence_of(book, active, named);
    auto& model = out.model;
    auto const source = std::string{with.rq.argument("source")};
    model["ways"] = json::array{
        json::object{
            {"word", "Bugs"}, {"href", link("/rechecks", {{"source", source}})}, {"here", !of_queue}},
        json::object{
            {"word", "Without a signature"},
            {"href", link("/rechecks", {{"source", source}, {"show", "queue"}})},
            {"here", of_queue}}};
    model["is_queue"] = of_queue;
    model["has_sources"] = !book.sources().empty();
    model["sources"] = sources_of(book);
    if (of_queue)
        put_queue(model, with, book, std::move(queue));
    else
        put_bugs(model, with, book, std::move(bugs));
    put_gaps(model, book);
    put_bad(model, book);
    return out;
}

} // namespace

// ?source=NAME restricts to one Gerrit, ?show=queue shows what has no signature, ?after=N goes on behind so
// many rows; with ?bug=N, or "none", the rates of one bug.
page rechecks_page(asked const& with)
{
    auto const source = text_argument(with.rq, "source");
    auto const bug = text_argument(with.rq, "bug");
    recheck_book const book{with.in, source.value_or(""), with.now};
    if (source && book.sources().empty())
        throw bad_argument{fmt::format("No Gerrit “{}” is read.", cut(*source, 60))};
    if (bug)
        return recheck_bug_page(with, book, *bug);
    auto const show = text_argument(with.rq, "show");
    if (show && *show != "queue")
        throw bad_argument{fmt::format("“{}” cannot be shown; “queue” can.", cut(*show, 40))};
    return all_page(with, book, show.has_value());
}

} // namespace checkwatches::serve::view
