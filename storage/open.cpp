#include "storage/open.hpp"

#include "storage/schema.hpp"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <variant>

namespace checkwatches::storage {
namespace {

namespace fs = std::filesystem;

// The first bytes of a SQLite file (https://sqlite.org/fileformat2.html#the_database_header).
constexpr std::size_t header_size = 100;
constexpr std::string_view magic{"SQLite format 3\0", 16};
constexpr std::size_t version_at = 60;
constexpr std::size_t application_at = 68;

enum class found { nothing, empty_file, ours };

error refused(std::string message)
{
    return error{.kind = error_kind::storage, .message = std::move(message)};
}

std::int64_t big_endian_32(std::string_view from, std::size_t at)
{
    std::uint32_t value = 0;
    for (std::size_t i = at; i != at + 4; ++i)
        value = value << 8 | static_cast<unsigned char>(from[i]);
    return static_cast<std::int32_t>(value);
}

// What a file holds by its header, without SQLite: that would replay a journal beside a file that is not
// ours.
result<found> look_into(std::string const& path)
{
    auto const read = sqlite::read_start(path, header_size);
    if (auto const* const failure = std::get_if<std::error_code>(&read))
        return refused(fmt::format(
            "{} cannot be read: {}; get permission to read and write it or name another file",
            path,
            failure->message()));
    std::string_view const head = std::get<std::string>(read);
    if (head.empty())
        return found::empty_file;
    if (head.size() != header_size || !head.starts_with(magic))
        return refused(fmt::format("{} is not a SQLite database; name another file", path));
    // Our file is made with its mark in one commit, before it goes into WAL mode: an unmarked one is another
    // program's.
    auto const known = static_cast<std::int64_t>(migrations().size());
    if (auto ours = check_identity(
            path, big_endian_32(head, application_at), big_endian_32(head, version_at), known);
        !ours)
        return ours.error();
    return found::ours;
}

result<found> look_at(std::string const& path)
{
    std::error_code failure;
    auto const kind = fs::status(path, failure).type();
    switch (kind) {
    case fs::file_type::not_found: return found::nothing;
    case fs::file_type::regular: return look_into(path);
    case fs::file_type::directory:
        return refused(fmt::format("{} is a folder; name a file for the database", path));
    case fs::file_type::none:
        return refused(fmt::format(
            "{} cannot be reached: {}; get permission for its folder or name another file",
            path,
            failure.message()));
    default: return refused(fmt::format("{} is not a regular file; name another file", path));
    }
}

// SQLite takes relative names like ":memory:" and "file:x" for something else.
result<std::string> absolute(std::string const& path)
{
    std::error_code failure;
    auto out = fs::absolute(path, failure);
    if (path.empty() || failure)
        return refused("the database has no file name; name a file");
    return out.string();
}

result<void> make_folder_of(std::string const& path)
{
    auto const folder = fs::path{path}.parent_path();
    std::error_code failure;
    fs::create_directories(folder, failure);
    if (failure)
        return refused(fmt::format(
            "{}: its folder cannot be made: {}; get permission or name another file",
            path,
            failure.message()));
    return {};
}

// synchronous = FULL: a commit waits for the disk, so that a change id that somebody was told survives a
// power failure too. Group commit makes that cheap: one wait for all that is pending.
// Foreign keys are enforced once the file is migrated.
constexpr char const* settings = R"sql(
PRAGMA foreign_keys = OFF;
PRAGMA synchronous = FULL;
PRAGMA cache_size = -16384;
PRAGMA wal_autocheckpoint = 8000;
PRAGMA journal_size_limit = 67108864;
)sql";

// SQLite does not wait for others where the journal's mode is changed, which each does that finds the file
// new: so we do, as long as it waits otherwise.
std::string change_to_wal(sqlite::database& db)
{
    auto const end = std::chrono::steady_clock::now() + sqlite::longest_wait;
    for (;;) {
        try {
            return db.text("PRAGMA journal_mode = WAL");
        }
        catch (database_error const& failed) {
            bool const is_locked = failed.kind() == database_error::trouble::lock_held;
            if (!is_locked || std::chrono::steady_clock::now() > end)
                throw;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
}

result<sqlite::database> prepare(std::string const& path)
{
    sqlite::database db{path, sqlite::access::write};
    db.execute(settings);
    if (auto done = migrate(db, path, migrations()); !done)
        return done.error();
    db.execute("PRAGMA foreign_keys = ON");
    if (change_to_wal(db) != "wal")
        return refused(
            fmt::format("{} lies on a disk that cannot share memory (WAL); use a local disk", path));
    return db;
}

result<sqlite::database> prepare_reading(std::string const& path)
{
    sqlite::database db{path, sqlite::access::read};
    auto const version = db.number("PRAGMA user_version");
    auto const known = static_cast<std::int64_t>(migrations().size());
    if (auto ours = check_identity(path, db.number("PRAGMA application_id"), version, known); !ours)
        return ours.error();
    if (version < known)
        return refused(fmt::format(
            "{} has version {} of the database and version {} is needed; run `checkwatches check` once, "
            "which migrates it",
            path,
            version,
            known));
    return db;
}

// The one place where a broken database becomes an error value: nothing is open yet.
template <class Open>
result<sqlite::database> as_result(Open open)
{
    try {
        return open();
    }
    catch (database_error const& failed) {
        return failed.why();
    }
}

} // namespace

result<sqlite::database> open_for_writing(std::string const& path)
{
    auto const file = absolute(path);
    if (!file)
        return file.error();
    auto const there = look_at(*file);
    if (!there)
        return there.error();
    if (*there == found::nothing) {
        if (auto made = make_folder_of(*file); !made)
            return made.error();
    }
    return as_result([&] { return prepare(*file); });
}

result<sqlite::database> open_for_reading(std::string const& path)
{
    auto const file = absolute(path);
    if (!file)
        return file.error();
    auto const there = look_at(*file);
    if (!there)
        return there.error();
    if (*there != found::ours)
        return refused(fmt::format("there is no database at {}; `checkwatches add URL` makes one", *file));
    return as_result([&] { return prepare_reading(*file); });
}

result<bool> holds_database(std::string const& path)
{
    auto const file = absolute(path);
    if (!file)
        return file.error();
    auto const there = look_at(*file);
    if (!there)
        return there.error();
    return *there == found::ours;
}

} // namespace checkwatches::storage
