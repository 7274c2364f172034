#include "storage/hash_function.hpp"

#include "storage/chain.hpp"
#include "storage/columns.hpp"

#include <sqlite3.h>

#include <exception>

namespace checkwatches::storage {
namespace {

std::optional<std::int64_t> number_of(sqlite3_value* value)
{
    if (sqlite3_value_type(value) == SQLITE_NULL)
        return std::nullopt;
    return sqlite3_value_int64(value);
}

std::optional<std::string> text_of(sqlite3_value* value)
{
    if (sqlite3_value_type(value) == SQLITE_NULL)
        return std::nullopt;
    auto const* const text = reinterpret_cast<char const*>(sqlite3_value_text(value));
    return std::string(text, static_cast<std::size_t>(sqlite3_value_bytes(value)));
}

template <class Id>
std::optional<Id> id_of(sqlite3_value* value)
{
    auto const number = number_of(value);
    return number ? std::optional{static_cast<Id>(*number)} : std::nullopt;
}

// No exception may pass through SQLite.
void hash_key_of_row(sqlite3_context* to, int, sqlite3_value** columns)
try {
    change c;
    c.id = number_of(columns[0]).value_or(0);
    c.at = utc_time{std::chrono::milliseconds{number_of(columns[1]).value_or(0)}};
    c.from = id_of<tracker_id>(columns[2]);
    c.bug = id_of<bug_id>(columns[3]);
    c.field = text_of(columns[4]).value_or("");
    c.before = text_of(columns[5]);
    c.after = text_of(columns[6]);
    c.remote_before = text_of(columns[7]);
    c.remote_after = text_of(columns[8]);
    c.reason = text_of(columns[9]).value_or("");
    c.actor = text_of(columns[10]).value_or("");
    c.previous = text_of(columns[11]);
    sqlite3_result_int64(to, hash_key(hash_of(c)));
}
catch (std::exception const& failed) {
    sqlite3_result_error(to, failed.what(), -1);
}

} // namespace

void add_hash_function(sqlite::database& to)
{
    auto const code = sqlite3_create_function(
        to.get(),
        "change_hash_key",
        logged_columns,
        SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY,
        nullptr,
        hash_key_of_row,
        nullptr,
        nullptr);
    if (code != SQLITE_OK)
        throw database_error{
            error{.kind = error_kind::storage, .message = sqlite3_errstr(code)},
            database_error::trouble::lasting};
}

} // namespace checkwatches::storage
