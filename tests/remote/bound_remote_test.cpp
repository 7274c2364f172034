#include "engine/remote/bound_remote.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

#include <deque>

using namespace checkwatches;

namespace {

// Answers as scripted.
class scripted_client final : public net::client {
public:
    std::deque<result<net::response>> answers;

    awaitable<result<net::response>> send(net::request const&, net::cookie_jar&) override
    {
        auto next = std::move(answers.front());
        answers.pop_front();
        co_return next;
    }
};

} // namespace

TEST_CASE("a remote tells of each request that was sent, and of none that was held back")
{
    scripted_client client;
    client.answers = {
        net::response{.status = 200},
        net::response{.status = 304},
        error{.kind = error_kind::timeout},
        error{.kind = error_kind::rate_limited},
        error{.kind = error_kind::deferred}};
    std::vector<unsigned> told;
    auto to = bind_to("https://bugs.example.org/", std::nullopt, {});
    REQUIRE(to);
    bound_remote at{
        client, std::move(*to), std::nullopt, [&](unsigned status, std::chrono::nanoseconds took) {
            CHECK(took.count() >= 0);
            told.push_back(status);
        }};
    auto ask_all = [&]() -> awaitable<bool> {
        while (!client.answers.empty()) {
            adapters::request question{.method = "GET", .url = at.base()};
            co_await at.ask(std::move(question));
        }
        co_return true;
    };
    REQUIRE(test::run(ask_all()));
    CHECK(told == std::vector<unsigned>{200, 304, 0, 429});
    CHECK(at.requests() == 5);
}
