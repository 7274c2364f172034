#include "engine/app/commands.hpp"
#include "engine/app/known_kinds.hpp"
#include "engine/app/table.hpp"
#include "engine/app/web_lore.hpp"
#include "engine/serve/rechecks/json_of.hpp"

#include <boost/json/serialize.hpp>

#include <fmt/format.h>

namespace checkwatches::app {
namespace {

namespace json = boost::json;

constexpr std::size_t most_projects = 3; // that a line of the table names

template <class Entries, class Name>
std::string names_of(Entries const& all, Name name)
{
    std::string out;
    std::size_t n = 0;
    for (auto const& one : all) {
        if (n++ == most_projects)
            return out + ", …";
        out += (out.empty() ? "" : ", ") + fmt::format("{} {}", name(one), one.times);
    }
    return out;
}

// How each source fares, where that has to be known to believe the rest; on standard error.
void tell_sources(serve::recheck_book const& book)
{
    for (auto const& of : book.sources()) {
        if (!of.failure.empty())
            fmt::print(
                stderr,
                "checkwatches: {} cannot be read ({}); {}\n",
                of.name,
                one_line(of.failure),
                of.read_at ? "nothing is known since " + format_time(*of.read_at)
                           : std::string{"nothing of it was read yet"});
        else if (!of.read_at)
            fmt::print(stderr, "checkwatches: {} was not read yet\n", of.name);
        if (!of.folder_trouble.empty())
            fmt::print(stderr, "checkwatches: {}: {}\n", of.name, one_line(of.folder_trouble));
    }
    for (auto const& [source, bad] : book.signatures())
        if (!bad.is_good())
            fmt::print(
                stderr,
                "checkwatches: {}/{}{}: {}\n",
                book.source(source)->folder,
                one_line(bad.file),
                bad.line == 0 ? std::string{} : fmt::format(":{}:{}", bad.line, bad.column),
                one_line(bad.trouble));
}

std::string json_line(serve::rechecked_bug const& one)
{
    auto out = serve::json_of(one);
    out["name"] = one.name;
    out["affects"] = one.affects;
    json::array projects;
    for (auto const& line : one.lines)
        if (line.times != 0)
            projects.push_back(json::object{{"project", line.project}, {"times", line.times}});
    out["projects"] = std::move(projects);
    return json::serialize(out);
}

void print_bugs(
    serve::recheck_book const& book, storage::reader const& in, serve::lore const& known, bool as_json)
{
    table shown{{"BUG", "24 H", "10 D", "PROJECTS", "SIGNATURE", "STATUS", "TITLE"}};
    for (auto const& count : book.bugs(in)) {
        auto one = book.draw(count, in);
        serve::look_up(one, in, known);
        if (as_json) {
            fmt::print("{}\n", json_line(one));
            continue;
        }
        auto lines = one.lines;
        std::erase_if(lines, [](auto const& line) { return line.times == 0; });
        shown.add(
            {one.url,
             fmt::format("{}", one.times_24),
             fmt::format("{}", one.times),
             names_of(lines, [](auto const& line) { return line.project; }),
             one.signature == nullptr ? "none" : one.signature->file,
             one.affects,
             one.name});
    }
    if (!as_json && shown.empty())
        fmt::print("Nothing was rechecked for a bug in the last 10 days.\n");
    else if (!as_json)
        fmt::print("{}", shown.text(terminal_width()));
}

void print_queue(serve::recheck_book const& book, storage::reader const& in, rechecks_options const& options)
{
    table shown{{"BUG", "TIMES", "FIRST", "LAST", "PROJECTS", "OPEN REVIEWS"}};
    for (auto& one : book.queue(in, options.days)) {
        serve::fill(one, in);
        if (options.json) {
            fmt::print("{}\n", json::serialize(serve::json_of(book, one)));
            continue;
        }
        std::string reviews;
        for (auto const& review : one.reviews)
            reviews += (reviews.empty() ? "" : " ")
                       + serve::review_url(*book.source(one.sum.source), review.change);
        shown.add(
            {one.url.empty() ? "no bug" : one.url,
             fmt::format("{}", one.sum.times),
             format_time(one.sum.first),
             format_time(one.sum.last),
             names_of(one.projects, [](auto const& project) { return project.project; }),
             reviews});
    }
    if (!options.json && shown.empty())
        fmt::print("Every bug that was rechecked for has a signature.\n");
    else if (!options.json)
        fmt::print("{}", shown.text(terminal_width()));
}

} // namespace

exit_code run_rechecks(global_options const& global, config const& conf, rechecks_options const& options)
{
    auto const reader = storage::reader::open(global.database);
    if (!reader)
        return fail(reader.error());
    serve::recheck_book const book{**reader, options.source, utc_now()};
    if (!options.source.empty() && book.sources().empty())
        return fail(error{
            .kind = error_kind::usage,
            .message = fmt::format(
                "no Gerrit of the name {} was read; the configuration names them: [[gerrit]]",
                options.source)});
    tell_sources(book);
    if (options.queue) {
        print_queue(book, **reader, options);
        return exit_code::done;
    }
    auto const kinds = load_kinds(conf);
    print_bugs(book, **reader, *make_lore(kinds.all, conf), options.json);
    return exit_code::done;
}

} // namespace checkwatches::app
