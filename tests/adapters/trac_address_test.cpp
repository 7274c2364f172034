#include "adapters/trac.hpp"
#include "adapters/trac/ids.hpp"
#include "tests/support/scripted_remote.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace checkwatches;
using test::url;

TEST_CASE("Trac: a ticket's address names tracker and ticket")
{
    auto const trac = adapters::make_trac();
    auto const ref = trac->recognise(url("https://trac.example.org/plum/ticket/0042?cversion=1"));
    REQUIRE(ref);
    CHECK(ref->base.text() == "https://trac.example.org/plum/");
    CHECK(ref->remote_id == "42");
    CHECK(
        trac->recognise(url("http://127.0.0.1:8082/ticket/7#comment:3"))->base.text()
        == "http://127.0.0.1:8082/");

    for (auto const* const other :
         {"https://trac.example.org/ticket/",
          "https://trac.example.org/ticket/42/attachments",
          "https://trac.example.org/tickets/42",
          "https://trac.example.org/newticket",
          "https://trac.example.org/xticket/42",
          "https://trac.example.org/"})
        CHECK_FALSE(trac->recognise(url(other)));
}

TEST_CASE("Trac: a malformed number is kept as it was written")
{
    auto const trac = adapters::make_trac();
    auto const ref = trac->recognise(url("https://trac.example.org/ticket/42a"));
    REQUIRE(ref);
    CHECK(ref->remote_id == "42a");
    CHECK(trac->bug_url(ref->base, ref->remote_id).text() == "https://trac.example.org/ticket/42a");
    CHECK(
        trac->bug_url(url("https://trac.example.org/plum"), "42").text()
        == "https://trac.example.org/plum/ticket/42");
    CHECK(trac->normalise(" #042") == "42");
    CHECK_FALSE(trac->normalise("forty-two"));
    CHECK_FALSE(trac->normalise("0"));
}

TEST_CASE("Trac: ids are packed into ranges")
{
    using adapters::trac::id_lists;
    std::vector<std::string> const ids{"9", "1", "2", "5", "6", "7", "143", "5"};
    CHECK(id_lists(ids, 1000) == std::vector<std::string>{"1,2,5-7,9,143"});
    CHECK(id_lists({}, 1000).empty());
}

TEST_CASE("Trac: id lists are split by length, and lose no id")
{
    std::vector<std::string> ids;
    std::set<std::string> expected;
    for (int i = 0; i != 900; ++i) {
        ids.push_back(std::to_string(1'000'000 + 2 * i));
        expected.insert(ids.back());
    }
    auto const lists = adapters::trac::id_lists(ids, 500);
    CHECK(lists.size() == 15); // 62 ids of 7 digits and a comma in 500 bytes
    std::set<std::string> got;
    for (auto const& list : lists) {
        CHECK(list.size() <= 500);
        std::string rest = list + ",";
        while (!rest.empty()) {
            CHECK(got.insert(rest.substr(0, rest.find(','))).second);
            rest.erase(0, rest.find(',') + 1);
        }
    }
    CHECK(got == expected);
}

TEST_CASE("Trac: numbers that no Trac has are kept out of requests for many")
{
    CHECK(adapters::trac::fits_batch("2147483647"));
    CHECK_FALSE(adapters::trac::fits_batch("2147483648"));
    CHECK_FALSE(adapters::trac::fits_batch("999999999999999999"));
}
