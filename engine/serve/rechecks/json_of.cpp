#include "engine/serve/rechecks/json_of.hpp"

#include "engine/serve/api/json_of.hpp"

#include <algorithm>

namespace checkwatches::serve {
namespace {

namespace json = boost::json;

std::int64_t ms_of(utc_time at)
{
    return at.time_since_epoch().count();
}

json::value ms_or_null(std::optional<utc_time> const& at)
{
    return at ? json::value(ms_of(*at)) : json::value(nullptr);
}

json::array hours_of(recheck_book const& book, recheck_line const& line)
{
    json::array out;
    for (std::size_t h = 0; h != hours_shown; ++h)
        out.push_back(json::array{ms_of(book.first_hour() + std::chrono::hours{h}), or_null(line.hours[h])});
    return out;
}

json::array reviews_of(
    recheck_book const& book, std::string const& source, std::vector<storage::recheck_review> const& all)
{
    json::array out;
    auto const* const of = book.source(source);
    for (auto const& one : all)
        out.push_back(json::object{
            {"number", one.change},
            {"url", of == nullptr ? std::string{} : review_url(*of, one.change)},
            {"project", one.project},
            {"subject", one.subject},
            {"last", format_time(one.last)}});
    return out;
}

json::object graph_item(recheck_book const& book, rechecked_bug const& one)
{
    json::array data;
    for (auto const& line : one.lines)
        data.push_back(json::object{{"label", line.project}, {"data", hours_of(book, line)}});
    json::array reviews;
    for (auto const& review : one.reviews)
        reviews.push_back(review.change);
    auto out = json_of(one);
    out["bug_data"] = json::object{
        {"name", one.name}, {"affects", one.affects}, {"reviews", std::move(reviews)}};
    out["data"] = std::move(data);
    return out;
}

} // namespace

json::object json_of(rechecked_bug const& one)
{
    return {
        {"number", one.number},
        {"source", one.source},
        {"url", one.url},
        {"bug", one.bug ? json::value(static_cast<std::int64_t>(*one.bug)) : json::value(nullptr)},
        {"query", one.signature == nullptr ? std::string{} : one.signature->query},
        {"fails", one.times},
        {"fails24", one.times_24},
        {"voting", one.signature == nullptr || !one.signature->allow_nonvoting}};
}

json::object
graph_of(recheck_book const& book, storage::reader const& in, lore const& known, std::size_t most)
{
    auto const read = book.read_up_to();
    json::array bugs;
    for (auto const& count : book.bugs(in)) {
        if (bugs.size() == most)
            break;
        auto one = book.draw(count, in);
        look_up(one, in, known);
        bugs.push_back(graph_item(book, one));
    }
    json::array sources;
    for (auto const& of : book.sources())
        sources.push_back(json_of(book, of));
    return {
        {"now", ms_of(book.now())},
        {"last_indexed", ms_or_null(read)},
        {"behind",
         read ? json::value(std::max<std::int64_t>((book.now() - *read).count(), 0)) : json::value(nullptr)},
        {"status", book.status()},
        {"sources", std::move(sources)},
        {"buglist", std::move(bugs)}};
}

json::object json_of(recheck_book const& book, queued_bug const& one)
{
    json::array projects;
    for (auto const& project : one.projects)
        projects.push_back(json::object{{"project", project.project}, {"times", project.times}});
    return {
        {"source", one.sum.source},
        {"number", text_or_null(one.sum.bug)},
        {"url", text_or_null(one.url)},
        {"times", one.sum.times},
        {"first", format_time(one.sum.first)},
        {"last", format_time(one.sum.last)},
        {"trouble", text_or_null(one.trouble)},
        {"projects", std::move(projects)},
        {"reviews", reviews_of(book, one.sum.source, one.reviews)}};
}

json::object json_of(recheck_book const& book, storage::recheck_source const& of)
{
    json::array gaps;
    for (auto const& gap : book.gaps())
        if (gap.source == of.name)
            gaps.push_back(json::object{
                {"began", format_time(gap.began)},
                {"ended", time_or_null(gap.ended)},
                {"filled", gap.is_filled},
                {"why", gap.why}});
    return {
        {"name", of.name},
        {"url", of.url},
        {"tried_at", time_or_null(of.tried_at)},
        {"read_at", time_or_null(of.read_at)},
        {"began_at", time_or_null(of.began_at)},
        {"failure", text_or_null(of.failure)},
        {"signatures_trouble", text_or_null(of.folder_trouble)},
        {"gaps", std::move(gaps)}};
}

json::object json_of(std::string const& source, storage::recheck_signature const& bad)
{
    return {
        {"source", source},
        {"file", bad.file},
        {"line", bad.line == 0 ? json::value(nullptr) : json::value(bad.line)},
        {"column", bad.column == 0 ? json::value(nullptr) : json::value(bad.column)},
        {"reason", bad.trouble}};
}

} // namespace checkwatches::serve
