#include "storage/sqlite.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace checkwatches::storage::sqlite {
namespace {

// What people can do about it; empty where only SQLite's own words help.
std::string_view advice(int primary)
{
    switch (primary) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return "another process keeps it locked; try again when that one has finished";
    case SQLITE_FULL: return "the disk is full; free some space";
    case SQLITE_READONLY:
        return "it, its folder or its disk is read-only; get permission to write there or name another file";
    case SQLITE_CANTOPEN:
        return "it or its folder cannot be opened; get permission to write there or name another file";
    case SQLITE_NOTADB: return "it is not a SQLite database; name another file";
    case SQLITE_CORRUPT: return "it is damaged; move it away or restore a copy of it";
    case SQLITE_IOERR: return "reading or writing it failed; look at the disk, its quota and its free space";
    default: return {};
    }
}

database_error::trouble trouble_of(int code)
{
    // The file was moved or removed under us: this connection never reaches it again.
    if (code == SQLITE_READONLY_DBMOVED)
        return database_error::trouble::lasting;
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL: return database_error::trouble::lock_held;
    case SQLITE_FULL:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR: return database_error::trouble::passing;
    default: return database_error::trouble::lasting;
    }
}

[[noreturn]] void fail(sqlite3* handle, int code, std::string_view path)
{
    int const primary = code & 0xff;
    auto message = fmt::format("the database {}: ", path);
    auto const text = advice(primary);
    bool const told = handle != nullptr && sqlite3_extended_errcode(handle) == code;
    std::string_view const detail = told ? sqlite3_errmsg(handle) : sqlite3_errstr(code);
    if (text.empty())
        message += detail;
    else
        message += fmt::format("{} ({})", text, detail);
    int const system = handle ? sqlite3_system_errno(handle) : 0;
    if (system != 0 && (primary == SQLITE_CANTOPEN || primary == SQLITE_IOERR))
        message += fmt::format(": {}", std::generic_category().message(system));
    throw database_error{error{.kind = error_kind::storage, .message = std::move(message)}, trouble_of(code)};
}

void check(sqlite3* handle, int code)
{
    if (code != SQLITE_OK)
        fail(handle, code, sqlite3_db_filename(handle, "main"));
}

// Whose connection it is matters only where it failed.
void check(sqlite3_stmt* of, int code)
{
    if (code != SQLITE_OK)
        check(sqlite3_db_handle(of), code);
}

// SQLite counts its memory under a lock that both threads would meet at; nobody reads the figures.
void count_no_memory()
{
    static int const done = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    static_cast<void>(done);
}

} // namespace

std::variant<std::string, std::error_code> read_start(std::string const& path, std::size_t most)
{
    count_no_memory();
    auto* const system = sqlite3_vfs_find(nullptr);
    if (system == nullptr)
        return std::make_error_code(std::errc::function_not_supported);
    auto const failed = [&] {
        return std::error_code{system->xGetLastError(system, 0, nullptr), std::generic_category()};
    };
    std::unique_ptr<char const, decltype(&sqlite3_free_filename)> const name{
        sqlite3_create_filename(path.c_str(), "", "", 0, nullptr), &sqlite3_free_filename};
    auto const units = static_cast<std::size_t>(system->szOsFile) / sizeof(std::max_align_t) + 1;
    std::vector<std::max_align_t> space(units);
    auto* const file = reinterpret_cast<sqlite3_file*>(space.data());
    int granted = 0;
    int const how = SQLITE_OPEN_READONLY | SQLITE_OPEN_MAIN_DB;
    if (!name || system->xOpen(system, name.get(), file, how, &granted) != SQLITE_OK)
        return failed();
    std::string out(most, '\0');
    sqlite3_int64 size = 0;
    int code = file->pMethods->xFileSize(file, &size);
    out.resize(std::min(most, static_cast<std::size_t>(std::max<sqlite3_int64>(size, 0))));
    if (code == SQLITE_OK && !out.empty())
        code = file->pMethods->xRead(file, out.data(), static_cast<int>(out.size()), 0);
    auto const why = failed();
    file->pMethods->xClose(file);
    if (code != SQLITE_OK && code != SQLITE_IOERR_SHORT_READ)
        return why;
    return out;
}

void database::close::operator()(sqlite3* handle) const noexcept
{
    sqlite3_close(handle);
}

database::database(std::string const& path, access how)
{
    int const mode = how == access::read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    sqlite3* raw = nullptr;
    count_no_memory();
    int const code = sqlite3_open_v2(
        path.c_str(), &raw, mode | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
    handle_.reset(raw);
    if (code != SQLITE_OK)
        fail(raw, code, path);
    // SQLite opens what it may only read all the same, and would say so at the first write.
    if (how == access::write && sqlite3_db_readonly(raw, "main") == 1)
        fail(raw, SQLITE_READONLY, path);
    sqlite3_busy_timeout(raw, static_cast<int>(longest_wait.count()));
}

void database::execute(char const* sql)
{
    check(get(), sqlite3_exec(get(), sql, nullptr, nullptr, nullptr));
}

std::int64_t database::number(char const* sql)
{
    statement query{*this, sql};
    auto row = query.rows();
    return row.next() ? row.number(0) : 0;
}

std::string database::text(char const* sql)
{
    statement query{*this, sql};
    auto row = query.rows();
    return row.next() ? std::string{row.text(0)} : std::string{};
}

bool database::in_transaction() const noexcept
{
    return sqlite3_get_autocommit(get()) == 0;
}

std::int64_t database::changes() const noexcept
{
    return sqlite3_changes64(get());
}

std::int64_t database::last_id() const noexcept
{
    return sqlite3_last_insert_rowid(get());
}

cursor::~cursor()
{
    sqlite3_reset(handle_);
}

bool cursor::next()
{
    int const code = sqlite3_step(handle_);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        check(handle_, code);
    return code == SQLITE_ROW;
}

bool cursor::is_null(int column) const noexcept
{
    return sqlite3_column_type(handle_, column) == SQLITE_NULL;
}

std::int64_t cursor::number(int column) const noexcept
{
    return sqlite3_column_int64(handle_, column);
}

double cursor::real(int column) const noexcept
{
    return sqlite3_column_double(handle_, column);
}

// Most of what is read is empty: that is known by its length alone.
std::string_view cursor::text(int column) const noexcept
{
    auto const size = static_cast<std::size_t>(sqlite3_column_bytes(handle_, column));
    if (size == 0)
        return {};
    auto const* const data = reinterpret_cast<char const*>(sqlite3_column_text(handle_, column));
    return data == nullptr ? std::string_view{} : std::string_view{data, size};
}

void statement::finalize::operator()(sqlite3_stmt* handle) const noexcept
{
    sqlite3_finalize(handle);
}

statement::statement(database& db, std::string_view sql)
{
    sqlite3_stmt* raw = nullptr;
    check(
        db.get(),
        sqlite3_prepare_v3(
            db.get(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &raw, nullptr));
    handle_.reset(raw);
}

void statement::put(int index, std::string_view text)
{
    // A null pointer would be bound as NULL.
    char const* const data = text.data() == nullptr ? "" : text.data();
    check(
        handle_.get(),
        sqlite3_bind_text64(handle_.get(), index, data, text.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void statement::put(int index, std::int64_t value)
{
    check(handle_.get(), sqlite3_bind_int64(handle_.get(), index, value));
}

void statement::put(int index, double value)
{
    check(handle_.get(), sqlite3_bind_double(handle_.get(), index, value));
}

void statement::put_null(int index)
{
    check(handle_.get(), sqlite3_bind_null(handle_.get(), index));
}

transaction::transaction(database& db, purpose what) : db_{&db}
{
    db.execute(what == purpose::write ? "BEGIN IMMEDIATE" : "BEGIN");
}

transaction::~transaction()
{
    // Fails where SQLite has rolled back by itself, as after a full disk.
    if (db_ != nullptr)
        sqlite3_exec(db_->get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void transaction::commit()
{
    db_->execute("COMMIT");
    db_ = nullptr;
}

void backup::finish::operator()(sqlite3_backup* handle) const noexcept
{
    sqlite3_backup_finish(handle);
}

backup::backup(database& from, database& to)
    : to_{&to},
      handle_{sqlite3_backup_init(to.get(), "main", from.get(), "main")}
{
    if (!handle_)
        check(to.get(), sqlite3_extended_errcode(to.get()));
}

bool backup::step(int pages)
{
    int const code = sqlite3_backup_step(handle_.get(), pages);
    if (code != SQLITE_DONE)
        check(to_->get(), code);
    return code != SQLITE_DONE;
}

} // namespace checkwatches::storage::sqlite
