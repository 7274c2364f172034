#include "engine/net/rate.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using namespace checkwatches::net;
using namespace std::chrono_literals;

namespace {

utc_time const now = parse_time("2031-03-04T05:06:00Z").value();
std::string const epoch_now = std::to_string(
    std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count());

std::string epoch_in(int seconds)
{
    return std::to_string(std::stoll(epoch_now) + seconds);
}

} // namespace

TEST_CASE("rate: Retry-After")
{
    struct row {
        std::string_view text;
        std::optional<std::chrono::seconds> wait;
    };
    for (auto const& [text, wait] : {
             row{"120", 120s},
             row{"0", 1s},
             row{"1.5", 2s},
             row{"Tue, 04 Mar 2031 05:07:30 GMT", 90s},
             row{"Tue, 04 Mar 2031 05:00:00 GMT", 1s}, // past
             row{"99999999999", 24h},                  // bounded
             row{"", std::nullopt},
             row{"-5", std::nullopt},
             row{"soon", std::nullopt},
             row{"1e3", std::nullopt},
             row{"nan", std::nullopt},
         }) {
        INFO(text);
        CHECK(parse_retry_after(text, now) == wait);
    }
}

TEST_CASE("rate: the reset of a limit in each tracker's manner")
{
    CHECK(parse_reset(epoch_in(90), now) == 90s); // GitHub, GitLab
    CHECK(parse_reset(epoch_in(-90), now) == 1s); // past
    CHECK(parse_reset("45", now) == 45s);         // Roundup: to go
    CHECK(parse_reset("45.2", now) == 46s);
    CHECK(parse_reset("2031-03-04T05:06:30Z", now) == 30s); // Jira
    CHECK(parse_reset("2031-03-04T05:06Z", now) == std::nullopt);
    CHECK(parse_reset("", now) == std::nullopt);
}

TEST_CASE("rate: only a limit with nothing left is an announcement")
{
    CHECK_FALSE(
        read_announcement({{"X-RateLimit-Remaining", "1"}, {"X-RateLimit-Reset", "45"}}, now).exhausted);
    CHECK_FALSE(read_announcement({{"X-RateLimit-Reset", "45"}}, now).exhausted);
    CHECK_FALSE(read_announcement({{"X-RateLimit-Remaining", "0"}}, now).exhausted);
    CHECK(
        read_announcement({{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "45"}}, now).exhausted
        == 45s);
    CHECK(
        read_announcement({{"RateLimit-Remaining", "0"}, {"RateLimit-Reset", epoch_in(20)}}, now).exhausted
        == 20s);
    CHECK(read_announcement({{"Retry-After", "7"}}, now).retry_after == 7s);
    auto const left = read_announcement(
        {{"X-RateLimit-Limit", "5000"}, {"X-RateLimit-Remaining", "4321"}, {"X-RateLimit-Reset", "45"}}, now);
    CHECK(left.left == 4321);
    CHECK(left.limit == 5000);
    CHECK(left.reset == 45s);
    CHECK_FALSE(left.exhausted);
    CHECK_FALSE(read_announcement({{"X-RateLimit-Limit", "5000"}}, now).left);
}

TEST_CASE("rate: what is left, of several limits the scarcest")
{
    auto const left = [](header_list const& headers) { return read_announcement(headers, now).remaining; };
    header_list both{
        {"X-RateLimit-Remaining", "59"},
        {"X-RateLimit-Reset", epoch_in(90)},
        {"RateLimit-Remaining", "7"},
        {"RateLimit-Reset", "30"}};
    CHECK(left(both) == quota{7, 30s});
    both[2].second = "70.5";
    CHECK(left(both) == quota{59, 90s});
    both[0].second = "0"; // the other one is an obstacle of its own
    CHECK(left(both) == quota{70, 30s});
    CHECK(read_announcement(both, now).exhausted == 90s);
    CHECK_FALSE(left({{"X-RateLimit-Remaining", "59"}}));
    CHECK_FALSE(left({{"X-RateLimit-Reset", "30"}}));
    CHECK_FALSE(left({{"X-RateLimit-Remaining", "many"}, {"X-RateLimit-Reset", "30"}}));
}

TEST_CASE("rate: the server's Date is its clock")
{
    header_list const headers{
        {"Date", "Tue, 04 Mar 2031 06:06:00 GMT"}, // an hour ahead of us
        {"Retry-After", "Tue, 04 Mar 2031 06:06:20 GMT"},
        {"X-RateLimit-Remaining", "0"},
        {"X-RateLimit-Reset", epoch_in(3630)}};
    auto const told = read_announcement(headers, now);
    CHECK(told.retry_after == 20s);
    CHECK(told.exhausted == 30s);
}

TEST_CASE("rate: which answers say that a request was one too many, and for how long")
{
    announcement const nothing;
    announcement const named{.retry_after = 7s};
    announcement const used_up{.exhausted = 90s};
    announcement const both{.retry_after = 7s, .exhausted = 90s};
    auto const wait = [](unsigned status, announcement const& told) {
        auto const refused = read_refusal(status, told);
        return refused ? std::optional{refused->wait} : std::nullopt;
    };
    CHECK(wait(429, nothing) == 60s);
    CHECK(wait(429, named) == 7s);
    CHECK(wait(429, used_up) == 90s);
    CHECK(wait(429, both) == 7s);
    CHECK_FALSE(read_refusal(429, nothing)->is_named);
    CHECK(read_refusal(429, named)->is_named);
    CHECK(read_refusal(429, used_up)->is_named);
    CHECK_FALSE(wait(403, nothing)); // not for us
    CHECK(wait(403, named) == 7s);   // GitHub's secondary limit
    CHECK(wait(403, used_up) == 90s);
    CHECK(wait(403, both) == 7s);
    // The last one that was free, and a server that is down.
    CHECK_FALSE(wait(200, used_up));
    CHECK_FALSE(wait(404, both));
    CHECK_FALSE(wait(503, named));
}
