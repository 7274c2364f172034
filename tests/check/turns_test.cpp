#include "engine/check/turns.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <string>

using namespace checkwatches;
using namespace checkwatches::check;
using namespace std::chrono_literals;

namespace {

utc_time at(std::int64_t seconds)
{
    return utc_time{std::chrono::seconds{seconds}};
}

// Two hosts: `a` with five trackers, `b` with one.
struct fixture {
    host_desk a;
    host_desk b;
    std::array<desk, 5> at_a;
    desk at_b;
    turns order;
    turns::limits within{.most = 3, .most_of_host = 2};

    fixture()
    {
        for (std::size_t i = 0; i != at_a.size(); ++i) {
            at_a[i].host = &a;
            at_a[i].tracker.name = "a" + std::to_string(i);
        }
        at_b.host = &b;
        at_b.tracker.name = "b";
    }

    // The names of those who may start now.
    std::string start()
    {
        std::string names;
        while (auto* const d = order.next(within))
            names += d->tracker.name + " ";
        return names;
    }
};

} // namespace

TEST_CASE("hosts take turns, and trackers of one host")
{
    fixture f;
    for (auto& d : f.at_a)
        f.order.enqueue(d);
    f.order.enqueue(f.at_b);
    CHECK(f.start() == "a0 b a1 ");
    CHECK(f.order.active() == 3);
    CHECK(f.order.waiting() == 3);

    f.order.ended(f.at_b);
    CHECK(f.start().empty()); // b has nobody, and a has its share
    f.order.ended(f.at_a[0]);
    f.order.enqueue(f.at_a[0]); // it has more to ask, behind those who wait
    CHECK(f.start() == "a2 ");
    f.order.ended(f.at_a[1]);
    f.order.ended(f.at_a[2]);
    CHECK(f.start() == "a3 a4 ");
    f.order.ended(f.at_a[3]);
    f.order.ended(f.at_a[4]);
    CHECK(f.start() == "a0 ");
}

TEST_CASE("who is asked or waits does not wait once more")
{
    fixture f;
    f.order.enqueue(f.at_b);
    f.order.enqueue(f.at_b);
    CHECK(f.order.waiting() == 1);
    CHECK(f.start() == "b ");
    f.order.enqueue(f.at_b);
    CHECK(f.start().empty());
}

TEST_CASE("a sleeper wakes at its last time only")
{
    fixture f;
    f.order.sleep(f.at_b, at(10));
    f.order.sleep(f.at_a[0], at(20));
    CHECK(f.order.next_wake() == at(10));
    f.order.sleep(f.at_b, at(30));
    CHECK(f.order.next_wake() == at(20));
    f.order.wake(at(25));
    CHECK(f.start() == "a0 ");
    CHECK(f.order.next_wake() == at(30));
    f.order.wake(at(30));
    CHECK(f.start() == "b ");
    CHECK_FALSE(f.order.next_wake());
}
