#include "engine/app/instance_lock.hpp"
#include "tests/support/print.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

using namespace checkwatches;
using namespace checkwatches::app;

TEST_CASE("one holds the lock, and who asks meanwhile is told whom to wait for")
{
    test::temporary_folder const folder;
    auto const database = folder.file("watch.db");
    CHECK(instance_lock::holder(database) == 0);
    {
        auto const held = instance_lock::try_take(database);
        REQUIRE(held);
        REQUIRE(*held);
        auto const second = instance_lock::try_take(database);
        REQUIRE(second);
        CHECK_FALSE(*second);
        CHECK(instance_lock::holder(database) == ::getpid());
    }
    auto const again = instance_lock::try_take(database);
    REQUIRE(again);
    CHECK(*again);
}

TEST_CASE("a holder that is killed holds nothing")
{
    test::temporary_folder const folder;
    auto const database = folder.file("watch.db");
    int ready[2];
    REQUIRE(::pipe(ready) == 0);
    auto const child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        auto const held = instance_lock::try_take(database);
        [[maybe_unused]] auto const told = ::write(ready[1], held && *held ? "y" : "n", 1);
        ::pause();
        ::_exit(0);
    }
    char answer = 0;
    REQUIRE(::read(ready[0], &answer, 1) == 1);
    REQUIRE(answer == 'y');
    auto const while_held = instance_lock::try_take(database);
    REQUIRE(while_held);
    CHECK_FALSE(*while_held);
    CHECK(instance_lock::holder(database) == child);

    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    auto const after = instance_lock::try_take(database);
    REQUIRE(after);
    CHECK(*after);
    ::close(ready[0]);
    ::close(ready[1]);
}

TEST_CASE("where there can be no lock file, that is said")
{
    auto const none = instance_lock::try_take("/nowhere/watch.db");
    REQUIRE(none.has_error());
    CHECK(none.error().kind == error_kind::storage);
    CHECK(none.error().message == "cannot make the lock file /nowhere/watch.db.lock");
}
