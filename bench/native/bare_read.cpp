// The limit of whoever tells changes: their rows from SQLite, page by page, each column looked at, nothing
// made of them.
//
//   checkwatches-bare-read DATABASE
#include <fmt/format.h>
#include <sqlite3.h>

#include <chrono>
#include <exception>
#include <memory>
#include <stdexcept>

#include "cpu_used.hpp"
#include "loopback.hpp"

namespace {

constexpr int page = 500; // rows, as the outlets read them

template <class T>
using owned = std::unique_ptr<T, int (*)(T*)>;

owned<sqlite3> open(char const* path)
{
    sqlite3* db = nullptr;
    if (::sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, nullptr) != SQLITE_OK)
        throw std::runtime_error{::sqlite3_errmsg(db)};
    return {db, ::sqlite3_close};
}

owned<sqlite3_stmt> prepare(sqlite3* db, char const* sql)
{
    sqlite3_stmt* made = nullptr;
    if (::sqlite3_prepare_v2(db, sql, -1, &made, nullptr) != SQLITE_OK)
        throw std::runtime_error{::sqlite3_errmsg(db)};
    return {made, ::sqlite3_finalize};
}

} // namespace

int main(int count, char** words)
try {
    using namespace checkwatches::bench;
    using std::chrono::steady_clock;
    if (count != 2)
        return 2;
    auto const db = open(words[1]);
    auto const rows = prepare(db.get(), "SELECT * FROM changes WHERE id > ? ORDER BY id LIMIT ?");

    auto const cpu = cpu_used();
    auto const began = steady_clock::now();
    sqlite3_int64 last = 0, changes = 0, bytes = 0;
    for (int got = page; got == page;) {
        ::sqlite3_reset(rows.get());
        ::sqlite3_bind_int64(rows.get(), 1, last);
        ::sqlite3_bind_int(rows.get(), 2, page);
        for (got = 0; ::sqlite3_step(rows.get()) == SQLITE_ROW; ++got) {
            last = ::sqlite3_column_int64(rows.get(), 0);
            for (int i = 0; i != ::sqlite3_column_count(rows.get()); ++i)
                if (::sqlite3_column_text(rows.get(), i) != nullptr)
                    bytes += ::sqlite3_column_bytes(rows.get(), i);
        }
        changes += got;
    }
    std::chrono::duration<double> const took = steady_clock::now() - began;
    fmt::print(
        "{{\"changes\":{},\"seconds\":{:.6f},\"cpu\":{:.6f},\"bytes\":{}}}\n",
        changes,
        took.count(),
        (cpu_used() - cpu).count(),
        bytes);
}
catch (std::exception const& why) {
    fmt::print(stderr, "checkwatches-bare-read: {}\n", why.what());
    return 1;
}
