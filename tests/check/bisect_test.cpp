#include "engine/check/bisect.hpp"
#include "tests/support/found.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

using namespace checkwatches;
using namespace checkwatches::check;

namespace {

error trouble(error_kind kind = error_kind::protocol_error)
{
    return {.kind = kind, .message = "so it is"};
}

// A tracker whose answer is spoilt by some ids.
struct fake {
    std::set<std::string> bad{};
    error_kind kind = error_kind::protocol_error;
    // Asked before each look, with its number from 1: trouble of the tracker's own.
    std::function<std::optional<error>(std::size_t)> fails{};
    std::function<bool(std::size_t)> too_many{}; // for how many ids at a time the answer is spoilt
    std::size_t answered_first = 0;              // so many of the first look's ids come before the trouble

    std::vector<std::vector<std::string>> looks{};

    adapters::findings look(std::span<std::string const> ids)
    {
        looks.emplace_back(ids.begin(), ids.end());
        adapters::findings out;
        if (fails)
            out.trouble = fails(looks.size());
        bool const spoilt = std::ranges::any_of(ids, [&](auto const& id) { return bad.contains(id); });
        if (!out.trouble && (spoilt || (too_many && too_many(ids.size()))))
            out.trouble = trouble(kind);
        for (std::size_t i = 0; i != ids.size(); ++i)
            if (!out.trouble || (looks.size() == 1 && i < answered_first))
                out.found.push_back({.remote_id = ids[i], .what = sighting{.title = "bug " + ids[i]}});
        return out;
    }

    adapters::findings bisect(std::size_t count, bisect_limits limits = {})
    {
        std::vector<std::string> ids;
        for (std::size_t i = 0; i != count; ++i)
            ids.push_back(std::to_string(i));
        auto at = [this](std::span<std::string const> some) -> awaitable<adapters::findings> {
            co_return look(some);
        };
        auto out = test::run(look_bisecting(at, ids, std::move(limits)));
        check_each_once(out, ids);
        return out;
    }

    // Each id at most once, in the order asked, and none is lost without trouble.
    static void check_each_once(adapters::findings const& out, std::vector<std::string> const& ids)
    {
        auto next = ids.begin();
        for (auto const& one : out.found) {
            next = std::find(next, ids.end(), one.remote_id);
            REQUIRE(next != ids.end());
            ++next;
        }
        CHECK((out.found.size() == ids.size() || out.trouble.has_value()));
    }
};

std::set<std::string> blamed(adapters::findings const& in)
{
    std::set<std::string> out;
    for (auto const& one : in.found)
        if (auto const* const why = std::get_if<adapters::absence>(&one.what)) {
            CHECK(why->why == outcome::unparsable);
            CHECK(why->detail.find("so it is") != std::string::npos);
            out.insert(one.remote_id);
        }
    return out;
}

std::string id(std::size_t n)
{
    return std::to_string(n);
}

} // namespace

TEST_CASE("bisect: a batch without trouble is looked at once")
{
    fake tracker;
    CHECK(tracker.bisect(100).found.size() == 100);
    CHECK(tracker.looks.size() == 1);
    CHECK_FALSE(tracker.bisect(0).trouble);
    CHECK(tracker.looks.size() == 1);
}

TEST_CASE("bisect: one bad id is found wherever it stands, the others are seen")
{
    std::size_t most = 0;
    for (auto const size : {std::size_t{2}, std::size_t{3}, std::size_t{7}, std::size_t{100}})
        for (std::size_t at = 0; at != size; ++at)
            for (auto const kind : {error_kind::protocol_error, error_kind::timeout, error_kind::too_large}) {
                INFO(at << " of " << size);
                fake tracker{.bad = {id(at)}, .kind = kind};
                auto const out = tracker.bisect(size);
                CHECK_FALSE(out.trouble);
                CHECK(out.found.size() == size);
                CHECK(blamed(out) == tracker.bad);
                most = std::max(most, tracker.looks.size());
            }
    CHECK(most == 11);
}

TEST_CASE("bisect: two bad ids are found within the usual bound")
{
    std::size_t most = 0;
    for (auto const size : {4, 5, 8, 9, 17, 100}) {
        auto const n = static_cast<std::size_t>(size);
        for (std::size_t a = 0; a != n; ++a)
            for (std::size_t b = a + 1; b < n; ++b) {
                fake tracker{.bad = {id(a), id(b)}};
                auto const out = tracker.bisect(n);
                if (out.trouble || blamed(out) != tracker.bad)
                    FAIL(a << " and " << b << " of " << n);
                most = std::max(most, tracker.looks.size());
            }
    }
    CHECK(most == 21);
}

TEST_CASE("bisect: where nothing works the tracker is to blame, after a few looks")
{
    for (auto const kind : {error_kind::protocol_error, error_kind::maintenance, error_kind::timeout}) {
        fake tracker{.kind = kind, .too_many = [](std::size_t) { return true; }};
        auto const out = tracker.bisect(100);
        CHECK(out.found.empty());
        REQUIRE(out.trouble);
        CHECK(out.trouble->kind == kind);
        CHECK(tracker.looks.size() == (kind == error_kind::timeout ? 3 : 4));
    }
    fake pair{.bad = {"0", "1"}};
    CHECK(pair.bisect(2).trouble->kind == error_kind::protocol_error);
    CHECK(pair.looks.size() == 3);
}

TEST_CASE("bisect: other trouble is nobody's but the tracker's, and is not searched")
{
    std::set<error_kind> searched;
    for (int i = 0; i <= static_cast<int>(error_kind::storage); ++i) {
        auto const kind = static_cast<error_kind>(i);
        fake tracker{.bad = {"7"}, .kind = kind};
        auto const out = tracker.bisect(10);
        if (tracker.looks.size() > 1)
            searched.insert(kind);
        else
            CHECK(out.trouble->kind == kind);
    }
    for (auto const kind :
         {error_kind::connect_failed,
          error_kind::tls_failed,
          error_kind::rate_limited,
          error_kind::auth_failed,
          error_kind::bot_wall,
          error_kind::unsupported,
          error_kind::clock_skew,
          error_kind::deferred})
        CHECK_FALSE(searched.contains(kind));
    CHECK(searched.contains(error_kind::unparsable));
    CHECK(searched.contains(error_kind::maintenance));
}

TEST_CASE("bisect: the trouble's own outcome is kept where it is about a bug")
{
    fake tracker{.bad = {"3"}, .kind = error_kind::forbidden};
    auto const out = tracker.bisect(10);
    CHECK(test::ended(out, "3") == outcome::forbidden);
    CHECK(test::ended(out, "4") == outcome::seen);
}

TEST_CASE("bisect: a tracker that gives out in the middle blames nobody")
{
    for (std::size_t at = 2; at != 11; ++at) {
        INFO("look " << at);
        fake tracker{.bad = {"0"}};
        tracker.fails = [&](std::size_t n) {
            return n >= at ? std::optional{trouble(error_kind::connect_failed)} : std::nullopt;
        };
        auto const out = tracker.bisect(100);
        REQUIRE(out.trouble);
        CHECK(out.trouble->kind == error_kind::connect_failed);
        CHECK(blamed(out).empty());
        CHECK(tracker.looks.size() == at);
    }
    // It goes silent, which an id could cause too: an id is to blame only once another one was answered.
    for (std::size_t at = 2; at != 11; ++at) {
        fake tracker{.bad = {"0"}};
        tracker.fails = [&](std::size_t n) {
            return n >= at ? std::optional{trouble(error_kind::timeout)} : std::nullopt;
        };
        auto const out = tracker.bisect(100);
        CHECK(out.trouble);
        CHECK(blamed(out).empty());
    }
}

TEST_CASE("bisect: trouble that heals blames nobody")
{
    for (std::size_t healthy_from = 2; healthy_from != 5; ++healthy_from) {
        fake tracker;
        tracker.fails = [&](std::size_t n) {
            return n < healthy_from ? std::optional{trouble()} : std::nullopt;
        };
        auto const out = tracker.bisect(100);
        CHECK_FALSE(out.trouble);
        // The third look is at a single id: it looked bad at that time.
        CHECK(blamed(out).size() == (healthy_from == 4 ? 1 : 0));
        CHECK(out.found.size() == 100);
    }
}

TEST_CASE("bisect: a batch that is too large is taken in parts")
{
    fake tracker{.kind = error_kind::too_large, .too_many = [](std::size_t n) { return n > 60; }};
    auto const out = tracker.bisect(100);
    CHECK_FALSE(out.trouble);
    CHECK(blamed(out).empty());
    CHECK(out.found.size() == 100);
}

TEST_CASE("bisect: what is open when the looks are used up is put off")
{
    fake tracker{.bad = {"10", "30", "50", "70", "90"}};
    auto const out = tracker.bisect(100);
    REQUIRE(out.trouble);
    CHECK(out.trouble->kind == error_kind::deferred);
    CHECK(tracker.looks.size() == 22);
    for (auto const& one : blamed(out))
        CHECK(tracker.bad.contains(one));
    CHECK(blamed(out).size() >= 2);

    fake strict{.bad = {"0"}};
    auto const early = strict.bisect(100, {.most_looks = 3});
    CHECK(strict.looks.size() == 3);
    CHECK(early.trouble->kind == error_kind::deferred);
    CHECK(early.found.size() == 1); // the single id that showed that the tracker works

    // Nothing was learnt: the trouble is what it was.
    fake once{.bad = {"0"}};
    CHECK(once.bisect(100, {.most_looks = 1}).trouble->kind == error_kind::protocol_error);
    CHECK(once.looks.size() == 1);
}

TEST_CASE("bisect: only what was lost is asked for again")
{
    fake tracker{.bad = {"70"}, .answered_first = 60};
    auto const out = tracker.bisect(100);
    CHECK_FALSE(out.trouble);
    CHECK(blamed(out) == tracker.bad);
    for (std::size_t i = 1; i != tracker.looks.size(); ++i)
        for (auto const& asked : tracker.looks[i])
            CHECK((std::stoi(asked) >= 60 || asked == "0")); // "0": whether the tracker still answers

    // One id was lost, among others that were answered: it is asked for alone before it is blamed.
    fake last{.bad = {"9"}, .answered_first = 9};
    CHECK(blamed(last.bisect(10)) == last.bad);
    CHECK(last.looks[1] == std::vector<std::string>{"9"});
    CHECK(last.looks[2] == std::vector<std::string>{"0"});
    CHECK(last.looks.size() == 3);
}

TEST_CASE("bisect: a single id is to blame only where a known one is answered for")
{
    fake alone{.bad = {"0"}};
    auto const nobody = alone.bisect(1);
    CHECK(nobody.found.empty());
    CHECK(nobody.trouble->kind == error_kind::protocol_error);
    CHECK(alone.looks.size() == 1);

    fake known{.bad = {"0"}};
    auto const out = known.bisect(1, {.control = "good"});
    CHECK_FALSE(out.trouble);
    CHECK(blamed(out) == known.bad);
    CHECK(known.looks.back() == std::vector<std::string>{"good"});
    CHECK(known.looks.size() == 2);

    fake down{.bad = {"0", "good"}};
    CHECK(down.bisect(1, {.control = "good"}).trouble->kind == error_kind::protocol_error);
    CHECK(down.looks.size() == 2);

    // All that was asked is bad, and the tracker is well.
    fake all{.bad = {"0", "1", "2"}};
    auto const bad = all.bisect(3, {.control = "good"});
    CHECK_FALSE(bad.trouble);
    CHECK(blamed(bad) == all.bad);
}

TEST_CASE("bisect: a tracker that names the time to come again is not searched")
{
    fake all;
    all.fails = [](std::size_t) {
        auto down = trouble(error_kind::maintenance);
        down.retry_after = std::chrono::hours{1};
        return std::optional{down};
    };
    auto const found = all.bisect(50);
    CHECK(all.looks.size() == 1);
    CHECK(found.found.empty());
    REQUIRE(found.trouble);
    CHECK(found.trouble->kind == error_kind::maintenance);
}

TEST_CASE("bisect: what the tracker did stands, where our own budget ends the search")
{
    fake all;
    all.fails = [](std::size_t look) {
        return std::optional{trouble(look == 1 ? error_kind::timeout : error_kind::deferred)};
    };
    auto const found = all.bisect(50);
    CHECK(all.looks.size() == 2);
    REQUIRE(found.trouble);
    CHECK(found.trouble->kind == error_kind::timeout);
}
