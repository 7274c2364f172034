#include "engine/serve/pages/hours.hpp"
#include "engine/serve/pages/page.hpp"
#include "engine/serve/pages/rows.hpp"
#include "engine/serve/pages/text.hpp"
#include "engine/serve/rechecks/rates.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace checkwatches::serve::view {
namespace {

namespace json = boost::json;

constexpr std::int64_t queue_days = 14; // as far back as elastic-recheck's own list goes
constexpr std::size_t projects_named = 3;
constexpr std::size_t longest_text = 200;
constexpr std::string_view no_bug = "none"; // what ?bug= names it by

std::string page_of(std::string const& source, std::string const& bug)
{
    return link("/rechecks", {{"source", source}, {"bug", bug.empty() ? std::string{no_bug} : bug}});
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
    constexpr std::size_t shown = 5;
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
            {"failure", cut(of.failure, longest_text)},
            {"folder_trouble", cut(of.folder_trouble, longest_text)}});
    }
    return out;
}

json::object row_of(asked const& with, recheck_book const& book, rechecked_bug& one)
{
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
        {"affects", cut(one.affects, longest_text)},
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
        if (rows.size() == static_cast<std::size_t>(most_rows))
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
        if (bad.is_good() || rows.size() == static_cast<std::size_t>(most_rows))
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

std::string sentence_of(recheck_book const& book, std::size_t rechecked, std::size_t queued)
{
    if (book.sources().empty())
        return "No Gerrit is read.";
    auto out = rechecked == 0
                   ? std::string{"Nothing is known to have been rechecked for a bug in the last 10 days."}
                   : fmt::format(
                         "Changes were rechecked for {} in the last 10 days; {} no signature.",
                         counted(static_cast<std::int64_t>(rechecked), "bug"),
                         queued == 0 ? "none has"
                                     : counted(static_cast<std::int64_t>(queued), "bug has", "bugs have"));
    if (book.status() != "green")
        out += book.read_up_to() ? " That is behind: not all was read since." : " Not all was read yet.";
    return out;
}

page all_page(asked const& with, recheck_book const& book)
{
    page out{.name = "rechecks", .title = "Rechecks"};
    auto bugs = book.bugs();
    auto const all = bugs.size();
    auto const active = std::ranges::count_if(bugs, [](auto const& one) { return one.times != 0; });
    auto queue = book.queue(with.in, queue_days);
    auto const named = std::ranges::count_if(queue, [](auto const& one) { return !one.sum.bug.empty(); });
    out.sentence = sentence_of(book, static_cast<std::size_t>(active), static_cast<std::size_t>(named));
    auto& model = out.model;
    model["has_sources"] = !book.sources().empty();
    model["sources"] = sources_of(book);
    take_more(bugs);
    json::array rows;
    for (auto& one : bugs)
        rows.push_back(row_of(with, book, one));
    model["caption"] = rows.size() == all ? counted(static_cast<std::int64_t>(all), "bug")
                                          : fmt::format("The first {} of {} bugs", rows.size(), all);
    model["has_rows"] = !rows.empty();
    model["rows"] = std::move(rows);
    auto const waiting = queue.size();
    take_more(queue);
    json::array queued;
    for (auto& one : queue)
        queued.push_back(row_of(with, book, one));
    model["queue_caption"] =
        queued.size() == waiting
            ? fmt::format(
                  "{} of the last {} days, most often first",
                  counted(static_cast<std::int64_t>(waiting), "entry", "entries"),
                  queue_days)
            : fmt::format(
                  "The first {} of {} entries of the last {} days", queued.size(), waiting, queue_days);
    model["has_queue"] = !queued.empty();
    model["queue"] = std::move(queued);
    put_gaps(model, book);
    put_bad(model, book);
    return out;
}

json::array charts_of(
    asked const& with, recheck_book const& book, storage::recheck_source const& of, std::string const& bug)
{
    chart_words const words{
        .one = "recheck",
        .many = "Rechecks",
        .hit = bug.empty() ? "named no bug" : "named it",
        .hit_title = bug.empty() ? "Named no bug" : "Named it",
        .trend = bug.empty() ? "Rechecks for no bug" : "Rechecks for it"};
    auto daily = chart_of(rates_of(book, with.in, of, bug, 1, rate_days), 1, words);
    daily["title"] = "Share of all rechecks a day, 30 days";
    auto weekly = chart_of(rates_of(book, with.in, of, bug, 7, rate_weeks), 7, words);
    weekly["title"] = "Share of all rechecks a week, 26 weeks";
    return {std::move(daily), std::move(weekly)};
}

page bug_page_of(asked const& with, recheck_book const& book, std::string const& number)
{
    auto const* const of = book.sources().empty() ? nullptr : &book.sources().front();
    if (of == nullptr)
        throw bad_argument{"The Gerrit that is meant must be named."};
    auto const bug = number == no_bug ? std::string{} : number;
    page out{.name = "recheck_bug"};
    out.title = bug.empty() ? "Rechecks for no bug" : fmt::format("Rechecks for bug {}", cut(bug, 20));
    auto& model = out.model;
    auto all = book.bugs();
    auto const found = std::ranges::find(all, bug, &rechecked_bug::number);
    json::array lines;
    out.sentence = fmt::format("Its share of what was rechecked in {}.", of->name);
    if (found != all.end()) {
        look_up(*found, with.in, with.known);
        out.sentence = fmt::format(
            "{}: {} in 24 hrs / {} in 10 days.",
            cut(found->name, longest_text),
            found->times_24,
            found->times);
        for (auto const& line : found->lines)
            if (!line.project.empty())
                lines.push_back(json::object{
                    {"project", cut(line.project, longest_text)},
                    {"times", grouped(line.times)},
                    {"hours", drawing_of(line.hours)}});
        model["url"] = safe_link(found->url);
        model["bug_href"] = found->bug ? path_of(*found->bug) : std::string{};
        model["query"] = found->signature == nullptr ? std::string{} : cut(found->signature->query, 4'000);
    }
    model["charts"] = charts_of(with, book, *of, bug);
    model["has_lines"] = !lines.empty();
    model["lines"] = std::move(lines);
    return out;
}

} // namespace

// ?source=NAME restricts to one Gerrit; with ?bug=N, or "none", the rates of one bug there.
page rechecks_page(asked const& with)
{
    auto const source = text_argument(with.rq, "source");
    auto const bug = text_argument(with.rq, "bug");
    recheck_book const book{with.in, source.value_or(""), with.now};
    if (source && book.sources().empty())
        throw bad_argument{fmt::format("No Gerrit “{}” is read.", cut(*source, 60))};
    if (!bug)
        return all_page(with, book);
    if (book.sources().size() > 1)
        throw bad_argument{"The Gerrit that is meant must be named: ?source=."};
    return bug_page_of(with, book, *bug);
}

} // namespace checkwatches::serve::view
