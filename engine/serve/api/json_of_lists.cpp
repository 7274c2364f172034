#include "engine/serve/api/json_of_lists.hpp"

#include "engine/serve/api/json_of.hpp"

namespace checkwatches::serve {
namespace {

namespace json = boost::json;

json::value number_or_null(std::int64_t number)
{
    return number == 0 ? json::value(nullptr) : json::value(number);
}

} // namespace

json::object json_of(storage::watch_list_record const& list)
{
    return {
        {"name", list.name},
        {"path", list.path},
        {"state", word(list.state)},
        {"trouble", text_or_null(list.trouble)},
        {"line", number_or_null(list.line)},
        {"column", number_or_null(list.column)},
        {"hash", text_or_null(list.hash)},
        {"read_at", format_time(list.read_at)},
        {"applied_at", time_or_null(list.applied_at)},
        {"watched", list.watched},
        {"waiting", list.waiting},
        {"bad", list.bad}};
}

json::object json_of(storage::list_entry const& entry)
{
    return {
        {"line", entry.line},
        {"column", entry.column},
        {"state", word(entry.state)},
        {"reason", text_or_null(entry.reason)},
        {"url", text_or_null(entry.url)},
        {"tracker", text_or_null(entry.tracker)},
        {"bug", text_or_null(entry.bug)},
        {"label", text_or_null(entry.label)},
        {"owner", text_or_null(entry.owner)},
        {"relation", word(entry.is)},
        {"note", text_or_null(entry.note)},
        {"bug_id",
         entry.watched ? json::value(static_cast<std::int64_t>(*entry.watched)) : json::value(nullptr)}};
}

} // namespace checkwatches::serve
