#include "engine/serve/pages/recheck_bug.hpp"

#include "engine/serve/pages/hours.hpp"
#include "engine/serve/pages/rows.hpp"
#include "engine/serve/pages/text.hpp"
#include "engine/serve/rechecks/rates.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace checkwatches::serve::view {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_text = 200;
constexpr std::size_t longest_query = 4'000;

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

} // namespace

page recheck_bug_page(asked const& with, recheck_book const& book, std::string const& number)
{
    if (book.sources().size() != 1)
        throw bad_argument{"The Gerrit that is meant must be named: ?source=."};
    auto const& of = book.sources().front();
    auto const bug = number == named_none ? std::string{} : number;
    page out{.name = "recheck_bug"};
    out.title = bug.empty() ? "Rechecks for no bug" : fmt::format("Rechecks for bug {}", cut(bug, 20));
    auto& model = out.model;
    auto const all = book.bugs(with.in);
    auto const at = std::ranges::find(all, bug, &storage::recheck_count::bug);
    json::array lines;
    out.sentence = fmt::format("Its share of what was rechecked in {}.", of.name);
    if (at != all.end()) {
        auto found = book.draw(*at, with.in);
        look_up(found, with.in, with.known);
        out.sentence = fmt::format(
            "{}: {} in 24 hrs / {} in 10 days.", cut(found.name, longest_text), found.times_24, found.times);
        for (auto const& line : found.lines)
            if (!line.project.empty())
                lines.push_back(json::object{
                    {"project", cut(line.project, longest_text)},
                    {"times", grouped(line.times)},
                    {"hours", drawing_of(line.hours)}});
        model["url"] = safe_link(found.url);
        model["bug_href"] = found.bug ? path_of(*found.bug) : std::string{};
        model["query"] = found.signature == nullptr ? std::string{}
                                                    : cut(found.signature->query, longest_query);
    }
    model["charts"] = charts_of(with, book, of, bug);
    model["has_lines"] = !lines.empty();
    model["lines"] = std::move(lines);
    return out;
}

} // namespace checkwatches::serve::view
