#include "engine/serve/pages/page.hpp"
#include "engine/serve/pages/rows.hpp"
#include "engine/serve/pages/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace checkwatches::serve::view {
namespace {

namespace json = boost::json;
using storage::entry_state;
using storage::list_state;

std::string place_of(std::int64_t line, std::int64_t column)
{
    return line == 0 ? std::string{} : fmt::format("{}:{}", line, column);
}

json::object mark_of(storage::watch_list_record const& list)
{
    if (list.state == list_state::bad)
        return mark(state::failing, word(list.state));
    if (!list.trouble.empty())
        return mark(state::waiting, "held");
    if (list.state != list_state::good)
        return mark(state::unknown, word(list.state));
    if (list.bad != 0)
        return mark(state::failing, "bad entries");
    return list.waiting != 0 ? mark(state::waiting, "waiting") : mark(state::fine, word(list.state));
}

json::object row_of(storage::watch_list_record const& list, utc_time now)
{
    bool const is_old = list.applied_at && *list.applied_at != list.read_at;
    return {
        {"mark", mark_of(list)},
        {"name", cut(list.name, 120)},
        {"href", link("/lists", {{"list", list.name}})},
        {"watches_href", link("/watches", {{"source", "list:" + list.name}})},
        {"path", cut(list.path, 300)},
        {"place", place_of(list.line, list.column)},
        {"watched", grouped(list.watched)},
        {"waiting", list.waiting == 0 ? std::string{} : grouped(list.waiting)},
        {"bad", list.bad == 0 ? std::string{} : grouped(list.bad)},
        {"read", moment(list.read_at, now)},
        {"applied", is_old ? moment(list.applied_at, now) : json::value{}},
        {"trouble", cut(list.trouble, 300)}};
}

bool is_troubled(storage::watch_list_record const& list)
{
    return !list.trouble.empty() || list.waiting != 0 || list.bad != 0;
}

page list_page(asked const& with, std::string const& name)
{
    auto const list = with.in.watch_list_by_name(name);
    if (!list)
        return no_such_page(fmt::format("There is no list “{}”.", cut(name, 80)));
    page out{.name = "list", .title = fmt::format("List {}", cut(list->name, 120))};
    auto const entries = [](std::int64_t n, std::string_view what) {
        return fmt::format("{} {}", counted(n, "entry", "entries"), what);
    };
    out.sentence = fmt::format(
        "{}: {}, {} waiting, {} bad.{}{}",
        list->state == list_state::good ? "Good" : fmt::format("It is {}", word(list->state)),
        entries(list->watched, "watched"),
        grouped(list->waiting),
        grouped(list->bad),
        list->trouble.empty() ? "" : " ",
        cut(list->trouble, 300));
    auto& model = out.model;
    model = row_of(*list, with.now);
    auto const after = number_argument(with.rq, "after").value_or(0);
    auto found = with.in.list_entries(name, true, after, most_rows + 1);
    auto const more = take_more(found);
    json::array rows;
    for (auto const& e : found)
        rows.push_back(json::object{
            {"mark", mark(e.state == entry_state::bad ? state::failing : state::waiting, word(e.state))},
            {"place", place_of(e.line, e.column)},
            {"bug", cut(e.url.empty() ? e.tracker + " " + e.bug : e.url, 200)},
            {"label", cut(e.label, 100)},
            {"reason", cut(e.reason, 500)}});
    model["caption"] = fmt::format(
        "{} or bad", rows_text(found.size(), more, "entry that waits", "entries that wait"));
    model["has_rows"] = !rows.empty();
    model["rows"] = std::move(rows);
    if (more)
        model["next"] = link("/lists", {{"list", name}, {"after", std::to_string(found.back().number)}});
    return out;
}

} // namespace

// ?list= shows what is wrong in one list; without it all lists stand here, those with trouble first.
page lists_page(asked const& with)
{
    if (auto const name = text_argument(with.rq, "list"))
        return list_page(with, *name);
    page out{.name = "lists", .title = "Lists"};
    auto all = with.in.watch_lists();
    auto const troubled = std::ranges::count_if(all, is_troubled);
    std::ranges::sort(all, {}, [](auto const& list) { return std::pair{!is_troubled(list), list.name}; });
    auto const size = static_cast<std::int64_t>(all.size());
    auto const from = std::min(number_argument(with.rq, "after").value_or(0), size);
    auto const to = std::min(from + most_rows, size);
    json::array rows;
    for (auto i = from; i != to; ++i)
        rows.push_back(row_of(all[static_cast<std::size_t>(i)], with.now));
    out.sentence = size == 0       ? std::string{"There are no watch lists."}
                   : troubled == 0 ? fmt::format("{}, all of them in order.", counted(size, "watch list"))
                                   : fmt::format(
                                         "{} of {} have trouble, or entries that wait or are bad.",
                                         grouped(troubled),
                                         counted(size, "watch list"));
    auto& model = out.model;
    model["caption"] = rows_text(rows.size(), to != size, "list");
    model["has_rows"] = !rows.empty();
    model["rows"] = std::move(rows);
    if (to != size)
        model["next"] = link("/lists", {{"after", std::to_string(to)}});
    return out;
}

} // namespace checkwatches::serve::view
