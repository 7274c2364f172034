#pragma once

#include "storage/database_error.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <variant>

struct sqlite3;
struct sqlite3_backup;
struct sqlite3_stmt;

// Thin owning wrappers around SQLite; every failure throws database_error.
namespace checkwatches::storage::sqlite {

enum class access { read, write };

// The first bytes of a file, at most `most`. They are read as SQLite reads: a descriptor of our own would,
// when it is closed, let go of the locks that this process's connections hold on the file (POSIX), and the
// next program that closes the database would remove the log that we write to
// (https://sqlite.org/howtocorrupt.html, 2.2). Needs an absolute path, like database. The error is the
// system's.
std::variant<std::string, std::error_code> read_start(std::string const& path, std::size_t most);

inline constexpr std::chrono::milliseconds longest_wait{5'000}; // for a lock that another connection holds

// One connection, for one thread at a time. It waits for locks, but no longer than that.
class database {
public:
    // `path` must be absolute (SQLite gives "file:…" and ":memory:" other meanings). With access::write the
    // file is made where there is none.
    database(std::string const& path, access how);

    // Runs statements whose rows are not wanted.
    void execute(char const* sql);
    // The first column of the first row.
    std::int64_t number(char const* sql);
    std::string text(char const* sql);

    bool in_transaction() const noexcept;
    std::int64_t changes() const noexcept; // rows that the last statement wrote
    std::int64_t last_id() const noexcept; // the row that the last INSERT made
    sqlite3* get() const noexcept { return handle_.get(); }

private:
    struct close {
        void operator()(sqlite3* handle) const noexcept;
    };
    std::unique_ptr<sqlite3, close> handle_;
};

// A statement at work: its rows one after the other. It must go before the statement is bound again, and
// leaves it ready for that.
class cursor {
public:
    explicit cursor(sqlite3_stmt* handle) : handle_{handle} {}
    cursor(cursor const&) = delete;
    ~cursor();

    bool next(); // true while there is a row
    // The columns of the row, from 0; a text lives until next().
    bool is_null(int column) const noexcept;
    std::int64_t number(int column) const noexcept;
    double real(int column) const noexcept;
    std::string_view text(int column) const noexcept;

private:
    sqlite3_stmt* handle_;
};

class statement {
public:
    statement(database& db, std::string_view sql);

    // Parameters count from 1. A text must live until the cursor is gone.
    void put(int index, std::string_view text);
    void put(int index, std::int64_t value);
    void put(int index, double value);
    void put_null(int index);
    cursor rows() { return cursor{handle_.get()}; }

private:
    struct finalize {
        void operator()(sqlite3_stmt* handle) const noexcept;
    };
    std::unique_ptr<sqlite3_stmt, finalize> handle_;
};

// Rolls back unless committed. Several statements that read see one state inside it.
class transaction {
public:
    enum class purpose { read, write };

    transaction(database& db, purpose what);
    transaction(transaction const&) = delete;
    ~transaction();

    void commit();

private:
    database* db_;
};

// Copies one whole database into another, piece by piece. Both connections outlive it.
class backup {
public:
    backup(database& from, database& to);

    bool step(int pages); // true while there is more

private:
    struct finish {
        void operator()(sqlite3_backup* handle) const noexcept;
    };
    database* to_;
    std::unique_ptr<sqlite3_backup, finish> handle_;
};

} // namespace checkwatches::storage::sqlite
