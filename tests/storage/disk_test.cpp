// What a full or read-only disk does. A disk of our own needs a mount, and that root in a namespace of its
// own; where it is not to be had, a limit on the size of files stands in for the full disk.
#include "storage/writer.hpp"
#include "tests/storage/samples.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>

using namespace checkwatches;
using namespace checkwatches::storage;
using namespace checkwatches::storage::test;
using Catch::Matchers::Contains;
using checkwatches::test::run;

namespace {

// No file grows beyond `bytes` while this lives: writing fails as on a failing disk.
class file_limit {
public:
    explicit file_limit(rlim_t bytes) : handled_{std::signal(SIGXFSZ, SIG_IGN)}
    {
        getrlimit(RLIMIT_FSIZE, &before_);
        rlimit const now{bytes, before_.rlim_max};
        setrlimit(RLIMIT_FSIZE, &now);
    }
    file_limit(file_limit const&) = delete;
    ~file_limit()
    {
        setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handled_);
    }

private:
    rlimit before_{};
    void (*handled_)(int);
};

constexpr int no_mount = 77;

bool mount_small_disk(std::string const& folder)
{
    return unshare(CLONE_NEWNS) == 0 && mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0
           && mount("tmpfs", folder.c_str(), "tmpfs", 0, "size=1m") == 0;
}

void fill(std::string const& path)
{
    std::ofstream file{path, std::ios::binary};
    while (file << 'x') {
    }
}

// Writes until the disk is full, makes room and goes on: 0 where all was well.
int fill_and_go_on(std::string const& folder)
{
    if (!mount_small_disk(folder))
        return no_mount;
    auto const path = folder + "/record.db";
    auto opened = store::open(path);
    if (!opened)
        return 1;
    auto& s = **opened;
    auto const of = s.add_tracker({.kind = "trac", .name = "t", .base_url = "https://t/"}).value().id;
    auto const id = s.add_bug(of, "1", at(0));
    apply(s, report_with_change(id, "before"));
    fill(folder + "/ballast");
    std::string told;
    try {
        // Larger than what the log has room for already.
        apply(s, report_with_change(id, std::string(600'000, 'x')));
        return 2;
    }
    catch (database_error const& failed) {
        told = failed.why().message;
    }
    if (told.find(path) == std::string::npos || told.find("the disk is full") == std::string::npos)
        return 3;
    std::filesystem::remove(folder + "/ballast");
    if (apply(s, report_with_change(id, "after")).front().id != 2)
        return 4;
    auto const log = (*reader::open(path))->changes(0, 10);
    return log.size() == 2 && log.back().what.after == "after" ? 0 : 5;
}

// A patient writer over a disk that is full for a while: 0 where everything came to be once, in its order.
int wait_for_room(std::string const& folder)
{
    if (!mount_small_disk(folder))
        return no_mount;
    auto const path = folder + "/record.db";
    auto s = open_store(path);
    auto const id = add_bugs(*s, "bugs.example.org", 1).front();
    fill(folder + "/ballast");
    asio::io_context loop{1};
    writer out{std::move(s), patience::unlimited, {.first = std::chrono::milliseconds{1}}};
    int answers = 0;
    int wrong = 0;
    for (int i = 0; i != 20; ++i) {
        auto const text = std::to_string(i) + std::string(20'000, 'x');
        asio::co_spawn(
            loop, out.apply(share(report_with_change(id, text))), [&](std::exception_ptr e, auto const& got) {
                wrong += e || !got || got->changes.front().id != ++answers;
            });
    }
    auto const end = std::chrono::steady_clock::now() + std::chrono::minutes{1};
    while (!out.health().stuck_since && std::chrono::steady_clock::now() < end)
        loop.run_for(std::chrono::milliseconds{1});
    if (out.health().why.find("the disk is full") == std::string::npos)
        return 1;
    std::filesystem::remove(folder + "/ballast");
    loop.run();
    if (wrong != 0 || answers != 20 || out.health().stuck_since)
        return 2;
    auto const log = open_reader(path)->changes(0, 100);
    for (std::size_t i = 0; i != log.size(); ++i)
        wrong += !log[i].what.after->starts_with(std::to_string(i) + "x");
    return log.size() == 20 && wrong == 0 ? 0 : 3;
}

int open_on_read_only_disk(std::string const& folder)
{
    if (!mount_small_disk(folder))
        return no_mount;
    auto const path = folder + "/record.db";
    if (!store::open(path))
        return 1;
    if (mount("none", folder.c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr) != 0)
        return 2;
    for (auto const& each : {path, folder + "/new.db", folder + "/new/record.db"}) {
        auto const opened = store::open(each);
        if (!opened.has_error() || opened.error().kind != error_kind::storage)
            return 3;
        auto const& told = opened.error().message;
        if (told.find(folder) == std::string::npos || told.find("name another file") == std::string::npos)
            return 4;
    }
    return 0;
}

void check_in_child(int (*body)(std::string const&))
{
    scratch here;
    auto const code = in_child([&] { return body(here.folder()); });
    if (code == no_mount)
        WARN("skipped: no permission to mount a disk");
    else
        CHECK(code == 0);
}

} // namespace

TEST_CASE("disk: full, then not full any more")
{
    check_in_child(fill_and_go_on);
}

TEST_CASE("disk: a patient writer waits for room")
{
    check_in_child(wait_for_room);
}

TEST_CASE("disk: a failing disk is waited for until the writer goes")
{
    scratch here;
    asio::io_context loop{1};
    auto s = open_store(here.path());
    auto const id = add_bugs(*s, "bugs.example.org", 1).front();
    auto out = std::make_unique<writer>(std::move(s), patience::unlimited);
    std::optional<error> why;
    {
        file_limit const small{64 * 1024};
        asio::co_spawn(
            loop,
            out->apply(share(report_with_change(id, std::string(600'000, 'x')))),
            [&](std::exception_ptr e, auto got) {
                if (!e && got.has_error())
                    why = got.error();
            });
        auto const end = std::chrono::steady_clock::now() + std::chrono::minutes{1};
        while (!out->health().stuck_since && std::chrono::steady_clock::now() < end)
            loop.run_for(std::chrono::milliseconds{1});
        CHECK(out->health().pending == 1);
        out.reset();
    }
    loop.run();
    REQUIRE(why);
    CHECK_THAT(why->message, Contains(here.path()));
    CHECK(open_reader(here.path())->last_change() == 0);
}

TEST_CASE("disk: read-only")
{
    check_in_child(open_on_read_only_disk);
}

TEST_CASE("disk: a write that fails is the callers' error and ends nothing")
{
    scratch here;
    asio::io_context loop{1};
    auto s = open_store(here.path());
    auto const id = add_bugs(*s, "bugs.example.org", 1).front();
    writer out{std::move(s)};
    {
        file_limit const small{64 * 1024};
        auto const refused = run(loop, out.apply(share(report_with_change(id, std::string(600'000, 'x')))));
        REQUIRE(refused.has_error());
        CHECK(refused.error().kind == error_kind::storage);
        CHECK_THAT(refused.error().message, Contains(here.path()));
    }
    CHECK(open_reader(here.path())->last_change() == 0);
    auto const got = run(loop, out.apply(share(report_with_change(id, "after"))));
    REQUIRE(got);
    CHECK(got->changes.front().id == 1);
}
