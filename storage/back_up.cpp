#include "storage/open.hpp"
#include "storage/upkeep.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <unistd.h>

namespace checkwatches::storage {
namespace {

namespace fs = std::filesystem;

constexpr int pages_a_step = 1024;

error failed(std::string_view path, std::string_view what)
{
    return error{.kind = error_kind::storage, .message = fmt::format("{} {}", path, what)};
}

error failed(std::string_view path, std::string_view what, error_code why)
{
    return failed(path, fmt::format("{}: {}", what, why.message()));
}

// A file that goes unless it was put in its place.
class part {
public:
    explicit part(std::string path) : path_{std::move(path)} { remove(); }
    part(part const&) = delete;
    ~part() { remove(); }

    std::string const& path() const noexcept { return path_; }

private:
    void remove() const
    {
        for (auto const* const suffix : {"", "-journal", "-wal", "-shm"}) {
            std::error_code is_not_there;
            fs::remove(path_ + suffix, is_not_there);
        }
    }

    std::string path_;
};

// SQLite replays the log that lies beside a database, whatever database that was written for: where the old
// one has a log, it is in use, or was not closed.
result<void> check_target(std::string const& path, std::string const& to)
{
    auto const there = holds_database(to);
    if (!there)
        return there.error();
    std::error_code ignored;
    if (fs::equivalent(path, to, ignored))
        return failed(to, "is the database itself; name another file for its copy");
    for (auto const* const log : {"-wal", "-journal"})
        if (fs::exists(to + log, ignored))
            return failed(to + log, "shows that the old copy is in use; close it or name another file");
    return {};
}

// Waits until what was written to the file or folder is on the disk.
result<void> sync(std::string const& path)
{
    int const handle = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    bool const done = handle >= 0 && fsync(handle) == 0;
    error_code const why{errno, boost::system::generic_category()};
    if (handle >= 0)
        close(handle);
    if (!done)
        return failed(path, "cannot be brought to the disk", why);
    return {};
}

void copy(sqlite::database& from, std::string const& path, std::string const& to)
{
    sqlite::database target{to, sqlite::access::write};
    fs::permissions(to, fs::status(path).permissions());
    // The file is nothing until it is whole: no journal, and one wait for the disk at the end.
    target.execute("PRAGMA synchronous = OFF");
    {
        // Pinned: what is written meanwhile would make the copy begin again.
        sqlite::transaction const one_state{from, sqlite::transaction::purpose::read};
        from.number("SELECT count(*) FROM sqlite_schema");
        sqlite::backup pages{from, target};
        while (pages.step(pages_a_step)) {
        }
    }
    // A copy of a file with a log beside it says that it has one, too.
    target.text("PRAGMA journal_mode = DELETE");
}

result<void> verify(std::string const& path)
{
    auto db = open_for_reading(path);
    if (!db)
        return db.error();
    if (auto const found = db->text("PRAGMA quick_check(1)"); found != "ok")
        return failed(path, fmt::format("is no good copy: {}", found));
    return {};
}

result<void> make_copy(sqlite::database& from, std::string const& path, std::string const& to)
{
    try {
        copy(from, path, to);
        if (auto done = sync(to); !done)
            return done;
        return verify(to);
    }
    catch (database_error const& trouble) {
        return trouble.why();
    }
    catch (fs::filesystem_error const& trouble) {
        return failed(to, "cannot be written", trouble.code());
    }
}

} // namespace

result<void> back_up(std::string const& path, std::string const& to)
{
    auto from = open_for_reading(path);
    if (!from)
        return from.error();
    if (auto fits = check_target(path, to); !fits)
        return fits;
    auto const target = fs::absolute(to);
    part const copied{fmt::format("{}.{}.part", target.string(), getpid())};
    if (auto made = make_copy(*from, path, copied.path()); !made)
        return made;
    std::error_code failure;
    fs::rename(copied.path(), target, failure);
    if (failure)
        return failed(to, "cannot be replaced", failure);
    return sync(target.parent_path().string());
}

} // namespace checkwatches::storage
