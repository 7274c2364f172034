#include "storage/upkeep.hpp"

#include "storage/open.hpp"
#include "storage/verify.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <iterator>
#include <system_error>

namespace checkwatches::storage {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_of_a_kind = 100; // the queries say so, too

// Each query gives one sentence for each thing that is wrong.
constexpr std::array laws{
    R"sql(SELECT integrity_check FROM pragma_integrity_check(100) WHERE integrity_check <> 'ok')sql",

    R"sql(SELECT printf('%d rows of %s refer to %s that are not there', count(*), "table", parent)
        FROM pragma_foreign_key_check GROUP BY "table", parent)sql",

    R"sql(SELECT printf('bug %d has no row of its checks', id) FROM bugs
        WHERE id NOT IN (SELECT bug_id FROM bug_checks) LIMIT 100)sql",

    R"sql(SELECT printf('bug %d is retired, and has a next check', bug_id) FROM bug_checks
        WHERE retired AND next_check <> 253402214400000 LIMIT 100)sql",

    R"sql(SELECT printf('bug %d is never to be asked about, and is not retired', bug_id) FROM bug_checks
        WHERE NOT retired AND next_check = 253402214400000 LIMIT 100)sql",

    R"sql(SELECT printf('bug %d has the %s "%s", and its last change says "%s"', bug_id, field, is_now, after)
        FROM (
            SELECT l.bug_id, l.field, l.after, iif(l.field = 'status', b.status, b.importance) AS is_now
            FROM (
                SELECT bug_id, field, after, max(id) FROM changes WHERE field IN ('status', 'importance')
                GROUP BY bug_id, field) l
            JOIN bugs b ON b.id = l.bug_id)
        WHERE after IS NOT is_now LIMIT 100)sql",

    R"sql(SELECT printf('signature %d counts %d bugs, and %d have it', s.id, s.bugs, coalesce(h.bugs, 0))
        FROM signatures s LEFT JOIN (
            SELECT signature_id, count(*) AS bugs FROM bugs WHERE signature_id IS NOT NULL
            GROUP BY signature_id) h ON h.signature_id = s.id
        WHERE s.bugs <> coalesce(h.bugs, 0) LIMIT 100)sql",

    R"sql(SELECT printf('bug %d has the signature %d, which is not there', id, signature_id) FROM bugs
        WHERE signature_id IS NOT NULL AND signature_id NOT IN (SELECT id FROM signatures) LIMIT 100)sql",
};

std::vector<std::string> findings_in(sqlite::database& db)
{
    std::vector<std::string> out;
    sqlite::transaction const one_state{db, sqlite::transaction::purpose::read};
    for (auto const* const law : laws) {
        sqlite::statement query{db, law};
        auto rows = query.rows();
        while (rows.next())
            out.emplace_back(rows.text(0));
    }
    auto log = verify_log(db, most_of_a_kind);
    std::ranges::move(log.broken, std::back_inserter(out));
    return out;
}

// A writer that is busy leaves the lock for moments: SQLite's own waiting would look for it at longer and
// longer intervals.
void vacuum(sqlite::database& db)
{
    auto const end = std::chrono::steady_clock::now() + std::chrono::minutes{1};
    db.execute("PRAGMA busy_timeout = 10");
    for (;;) {
        try {
            return db.execute("VACUUM");
        }
        catch (database_error const& failed) {
            bool const is_locked = failed.kind() == database_error::trouble::lock_held;
            if (!is_locked || std::chrono::steady_clock::now() > end)
                throw;
        }
    }
}

std::uintmax_t size_of(std::string const& path)
{
    std::uintmax_t bytes = 0;
    for (auto const& each : {path, path + "-wal"}) {
        std::error_code is_not_there;
        auto const size = fs::file_size(each, is_not_there);
        bytes += is_not_there ? 0 : size;
    }
    return bytes;
}

} // namespace

result<std::vector<std::string>> check_database(std::string const& path)
{
    auto db = open_for_reading(path);
    if (!db)
        return db.error();
    try {
        return findings_in(*db);
    }
    catch (database_error const& failed) {
        if (failed.kind() != database_error::trouble::lasting)
            return failed.why();
        return std::vector<std::string>{failed.why().message};
    }
}

result<compacted> compact(std::string const& path)
{
    // To write would make a file where there is none, and migrate an older one.
    if (auto const there = open_for_reading(path); !there)
        return there.error();
    try {
        sqlite::database db{fs::absolute(path).string(), sqlite::access::write};
        compacted done{.before = size_of(path)};
        vacuum(db);
        // While this waits for readers nobody else can write.
        db.execute("PRAGMA busy_timeout = 5000");
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)");
        done.after = size_of(path);
        return done;
    }
    catch (database_error const& failed) {
        return failed.why();
    }
}

} // namespace checkwatches::storage
