#include "engine/net/question_pace.hpp"

#include <catch2/catch.hpp>

using checkwatches::net::question_pace;
using namespace std::chrono_literals;

namespace {

constexpr question_pace::time start{1h};

std::size_t ask_all(question_pace& of, question_pace::time now)
{
    std::size_t asked = 0;
    for (; of.may_ask(now); ++asked)
        of.ask();
    return asked;
}

// As many as may be in flight at a time.
std::size_t fill(question_pace& of)
{
    std::size_t asked = 0;
    for (int i = 0; i != 10'000; ++i)
        asked += ask_all(of, start + std::chrono::milliseconds{i});
    return asked;
}

} // namespace

TEST_CASE("question pace: some together, then some each millisecond")
{
    question_pace p{start};
    CHECK(ask_all(p, start) == 64);
    CHECK(p.opens_soon());
    CHECK(ask_all(p, start + 900us) == 0);
    CHECK(ask_all(p, start + 1900us) == 12);
    CHECK(ask_all(p, start + 2100us) == 12); // what was left of a millisecond is not lost
    CHECK(ask_all(p, start + 1s) == 64);     // nor is a long pause made up for
}

TEST_CASE("question pace: so many in flight, until answers come")
{
    question_pace p{start};
    CHECK(fill(p) == 1024);
    CHECK_FALSE(p.opens_soon());
    p.answered();
    CHECK(ask_all(p, start + 20s) == 1);
}

TEST_CASE("question pace: fewer after a server could not cope, and more again with its answers")
{
    question_pace p{start};
    CHECK(fill(p) == 1024);
    for (int i = 0; i != 1000; ++i)
        p.refused();
    CHECK(ask_all(p, start + 20s) == 40);
    for (int i = 0; i != 10; ++i)
        p.answered();
    CHECK(ask_all(p, start + 21s) == 20);

    question_pace slow{start};
    CHECK(ask_all(slow, start) == 64);
    slow.timed_out();
    CHECK(ask_all(slow, start + 1s) == 0);
}

TEST_CASE("question pace: a name is told whether it goes out among many")
{
    question_pace p{start};
    for (int i = 0; i != 64; ++i)
        CHECK_FALSE(p.ask());
    CHECK(p.may_ask(start + 1s));
    CHECK(p.ask());
}
