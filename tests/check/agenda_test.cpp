#include "engine/check/agenda.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>

using namespace checkwatches;
using namespace checkwatches::check;
using namespace std::chrono_literals;

namespace {

utc_time at(std::int64_t seconds)
{
    return utc_time{std::chrono::seconds{seconds}};
}

std::vector<std::uint32_t> numbers_of(std::vector<agenda::entry> const& all)
{
    std::vector<std::uint32_t> out;
    for (auto const& e : all)
        out.push_back(e.number);
    return out;
}

using numbers = std::vector<std::uint32_t>;

} // namespace

TEST_CASE("an agenda gives what is due, the earliest first, and keeps the rest")
{
    agenda a;
    CHECK_FALSE(a.earliest());
    a.fill({{.due = 50, .number = 1}, {.due = 10, .number = 2}, {.due = 30, .number = 3}});
    a.add({.due = 20, .number = 4});
    CHECK(a.earliest() == at(10));
    CHECK(a.count_due(at(30)) == 3);
    CHECK(numbers_of(a.take_due(at(30), 2)) == numbers{2, 4});
    CHECK(numbers_of(a.take_due(at(30), 2)) == numbers{3});
    CHECK(a.take_due(at(49), 9).empty());
    CHECK(a.size() == 1);
    CHECK(numbers_of(a.take_due(at(50), 9)) == numbers{1});
}

TEST_CASE("single bugs are taken off an agenda, and what is not on it is passed over")
{
    agenda a;
    a.fill(
        {{.due = 5, .number = 1}, {.due = 4, .number = 2}, {.due = 3, .number = 3}, {.due = 2, .number = 4}});
    CHECK(numbers_of(a.take({1, 3, 77})) == numbers{3, 1});
    CHECK(numbers_of(a.take_due(at(9), 9)) == numbers{4, 2});
}

TEST_CASE("a bug that was never checked comes before what is overdue")
{
    agenda a;
    a.add(agenda::make_entry(1, at(1000)));
    a.add(agenda::make_entry(2, utc_time{}));
    CHECK(numbers_of(a.take_due(at(2000), 9)) == numbers{2, 1});
}

TEST_CASE("times outside of what an agenda holds are its ends")
{
    CHECK(agenda::make_entry(1, utc_time{-5s}).due == 0);
    CHECK(agenda::make_entry(1, utc_time{std::chrono::days{365'000}}).due == 0xffff'ffffU);
    CHECK(agenda::make_entry(1, utc_time{1999ms}).due == 1);
}

TEST_CASE("what is due is the same whether it is counted or taken, in any order of coming")
{
    std::mt19937 dice{7}; // NOLINT: the same numbers each time
    agenda a;
    std::vector<std::uint32_t> dues;
    for (std::uint32_t i = 0; i != 2000; ++i) {
        auto const due = static_cast<std::uint32_t>(dice() % 500);
        dues.push_back(due);
        a.add({.due = due, .number = i});
    }
    for (auto const now : {0, 100, 250, 499}) {
        auto const wanted = std::ranges::count_if(
            dues, [&](auto due) { return due <= static_cast<unsigned>(now); });
        CHECK(a.count_due(at(now)) == static_cast<std::size_t>(wanted));
    }
    auto const taken = a.take_due(at(250), 5000);
    CHECK(std::ranges::is_sorted(taken, {}, &agenda::entry::due));
    CHECK(taken.size() + a.size() == 2000);
    CHECK(a.count_due(at(250)) == 0);
}
