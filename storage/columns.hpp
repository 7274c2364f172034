#pragma once

#include "engine/core/sighting.hpp"
#include "storage/records.hpp"
#include "storage/sqlite.hpp"
#include "storage/watch_list_records.hpp"

#include <concepts>
#include <optional>
#include <string>
#include <type_traits>

// How our words lie in columns: times and durations as integer milliseconds (UTC), ids and numbers as
// integers, statuses, importances and outcomes as the words they are shown by, nothing as NULL.
namespace checkwatches::storage {

namespace detail {

template <class T>
concept whole_number = std::integral<T> || std::is_same_v<T, tracker_id> || std::is_same_v<T, bug_id>;

template <class T>
struct is_optional : std::false_type {};
template <class T>
struct is_optional<std::optional<T>> : std::true_type {};

// What a column without a value reads as.
template <class T>
bool is_empty(T const& value)
{
    return value == T{};
}

} // namespace detail

// Binds one parameter; a text must live until the cursor is gone.
template <class T>
void put(sqlite::statement& to, int index, T const& value)
{
    if constexpr (detail::is_optional<T>::value) {
        if (value)
            put(to, index, *value);
        else
            to.put_null(index);
    }
    else if constexpr (detail::whole_number<T>)
        to.put(index, static_cast<std::int64_t>(value));
    else if constexpr (std::is_same_v<T, double>)
        to.put(index, value);
    else if constexpr (std::is_same_v<T, utc_time>)
        to.put(index, std::int64_t{value.time_since_epoch().count()});
    else if constexpr (std::is_same_v<T, std::chrono::milliseconds>)
        to.put(index, std::int64_t{value.count()});
    else if constexpr (std::is_same_v<T, status> || std::is_same_v<T, importance>)
        to.put(index, title(value));
    else if constexpr (
        std::is_same_v<T, outcome> || std::is_same_v<T, relation> || std::is_same_v<T, list_state>
        || std::is_same_v<T, entry_state>)
        to.put(index, word(value));
    else
        to.put(index, std::string_view{value});
}

// Binds all parameters of a statement, from the first on, and starts it. Texts are not copied: name them.
template <class... T>
sqlite::cursor start(sqlite::statement& what, T&&... values)
{
    static_assert((!std::is_same_v<T, std::string> && ...), "the text would be gone before the cursor");
    int index = 0;
    (put(what, ++index, values), ...);
    return what.rows();
}
template <class... T>
void run(sqlite::statement& what, T const&... values)
{
    auto rows = start(what, values...);
    while (rows.next()) {
    }
}

// Reads one column. A word that this program does not know reads as nothing.
template <class T>
void take(sqlite::cursor const& from, int column, T& value)
{
    if constexpr (std::is_same_v<T, std::optional<status>>)
        value = parse_status(from.text(column));
    else if constexpr (std::is_same_v<T, std::optional<importance>>)
        value = parse_importance(from.text(column));
    else if constexpr (std::is_same_v<T, std::optional<outcome>>)
        value = parse_outcome(from.text(column));
    else if constexpr (detail::is_optional<T>::value) {
        take(from, column, value.emplace());
        // Nothing reads as what is empty: whatever is not empty is spared the question.
        if (detail::is_empty(*value) && from.is_null(column))
            value.reset();
    }
    else if constexpr (std::is_same_v<T, relation>)
        value = parse_relation(from.text(column)).value_or(relation::same);
    else if constexpr (std::is_same_v<T, list_state>)
        value = parse_list_state(from.text(column)).value_or(list_state::bad);
    else if constexpr (std::is_same_v<T, entry_state>)
        value = parse_entry_state(from.text(column)).value_or(entry_state::bad);
    else if constexpr (std::is_same_v<T, bool>)
        value = from.number(column) != 0;
    else if constexpr (detail::whole_number<T>)
        value = static_cast<T>(from.number(column));
    else if constexpr (std::is_same_v<T, double>)
        value = from.real(column);
    else if constexpr (std::is_same_v<T, utc_time>)
        value = utc_time{std::chrono::milliseconds{from.number(column)}};
    else if constexpr (std::is_same_v<T, std::chrono::milliseconds>)
        value = std::chrono::milliseconds{from.number(column)};
    else if (auto const text = from.text(column); !text.empty())
        value = text;
    else
        value.clear();
}

// Reads neighbouring columns, from `first` on.
template <class... T>
void take_all(sqlite::cursor const& from, int first, T&... values)
{
    int column = first;
    (take(from, column++, values), ...);
}

// An entry of the log: id, at, tracker_id, bug_id, field, before, after, remote_before, remote_after, reason,
// actor, previous, from the column `first` on.
inline change logged_at(sqlite::cursor const& row, int first)
{
    change c;
    take_all(
        row,
        first,
        c.id,
        c.at,
        c.from,
        c.bug,
        c.field,
        c.before,
        c.after,
        c.remote_before,
        c.remote_after,
        c.reason,
        c.actor,
        c.previous);
    return c;
}
inline constexpr int logged_columns = 12;

} // namespace checkwatches::storage
