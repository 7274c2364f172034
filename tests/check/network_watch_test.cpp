#include "engine/check/network_watch.hpp"
#include "tests/support/manual_clock.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <catch2/catch.hpp>

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

using namespace checkwatches;
using namespace checkwatches::check;
using namespace std::chrono_literals;

namespace {

// A watch with its clock moved by hand. What is started is cancelled at the end.
class ground {
public:
    static network_settings with_canary(bool canary, network_settings settings)
    {
        if (canary)
            settings.canary = parse_url("https://canary.example/").value();
        return settings;
    }

    explicit ground(bool canary = false, network_settings settings = {})
        : watch{
              loop.get_executor(),
              time,
              pace,
              with_canary(canary, std::move(settings)),
              {.ask_canary = canary ? [this] { return ask_canary(); } : std::function<awaitable<bool>()>{},
               .on_offline = [this](std::string const& why) { log.push_back("offline: " + why); },
               .on_online = [this] { log.emplace_back("online"); }}}
    {}

    ~ground()
    {
        for (auto& stop : stops_)
            stop->emit(asio::cancellation_type::terminal);
        loop.restart();
        loop.poll();
    }

    // What a host's failure is judged; empty while that is not said.
    std::optional<blame>& judge(std::string host)
    {
        auto& out = blames_.emplace_back();
        start(watch.judge(std::move(host)), [&out](blame b) { out = b; });
        return out;
    }

    bool& until_online()
    {
        auto& out = dones_.emplace_back(false);
        start(waited(), [&out](bool) { out = true; });
        return out;
    }

    void run()
    {
        start(forever(), [](bool) {});
    }

    void advance(clock::duration span)
    {
        time.advance(span);
        poll();
    }
    void poll()
    {
        loop.restart();
        loop.poll();
    }

    // Three hosts that have nothing in common.
    void fail_three()
    {
        judge("a.example.org");
        judge("b.example.net");
        judge("c.example.com");
    }

    asio::io_context loop{1};
    test::manual_clock time;
    ramp pace;
    std::vector<std::string> log;
    bool canary_works = true;
    clock::duration canary_takes{1s};
    int canary_asked = 0;
    network_watch watch;

    asio::cancellation_signal& last_stop() { return *stops_.back(); }

private:
    template <class T, class Then>
    void start(awaitable<T> op, Then then)
    {
        auto& stop = *stops_.emplace_back(std::make_unique<asio::cancellation_signal>());
        auto done = [then](std::exception_ptr e, T value) {
            if (!e)
                then(value);
        };
        asio::co_spawn(loop, std::move(op), asio::bind_cancellation_slot(stop.slot(), done));
        poll();
    }
    awaitable<bool> waited()
    {
        co_await watch.until_online();
        co_return true;
    }
    awaitable<bool> forever()
    {
        co_await watch.run();
        co_return true;
    }
    awaitable<bool> ask_canary()
    {
        ++canary_asked;
        co_await time.sleep(canary_takes);
        co_return canary_works;
    }

    std::deque<std::optional<blame>> blames_;
    std::deque<bool> dones_;
    std::vector<std::unique_ptr<asio::cancellation_signal>> stops_;
};

} // namespace

TEST_CASE("network watch: what unrelated hosts differ in")
{
    CHECK(site_of("bugs.example.org") == "example.org");
    CHECK(site_of("a.b.example.org") == "example.org");
    CHECK(site_of("example.org") == "example.org");
    CHECK(site_of("localhost") == "localhost");
    CHECK(site_of(".org") == ".org");
    CHECK(site_of("") == "");
    CHECK(site_of("192.0.2.17") == "192.0.2.17");
    CHECK(site_of("2001:db8::1") == "2001:db8::1");
    CHECK(can_be_ours(error_kind::connect_failed));
    CHECK(can_be_ours(error_kind::timeout));
    CHECK_FALSE(can_be_ours(error_kind::tls_failed));
    CHECK_FALSE(can_be_ours(error_kind::protocol_error));
}

TEST_CASE("network watch: one host that fails is to blame, after a moment")
{
    ground g;
    auto const& whose = g.judge("bugs.example.org");
    g.advance(1999ms);
    CHECK_FALSE(whose);
    g.advance(1ms);
    CHECK(whose == blame::tracker);
    CHECK_FALSE(g.watch.offline());
    CHECK(g.log.empty());
    CHECK(g.time.sleepers() == 0);
}

TEST_CASE("network watch: unrelated hosts that fail together are our own failure")
{
    ground g;
    auto const& first = g.judge("bugs.example.org");
    auto const& second = g.judge("192.0.2.1");
    g.advance(1s);
    CHECK_FALSE(g.watch.offline());
    auto const& third = g.judge("issues.example.net");
    CHECK(third == blame::ourselves);
    CHECK(g.watch.offline());
    CHECK(
        g.log
        == std::vector<std::string>{
            "offline: 3 unrelated hosts cannot be reached, issues.example.net the last"});
    g.advance(1s);
    CHECK(first == blame::ourselves);
    CHECK(second == blame::ourselves);
    // Who fails from now on is not to blame either.
    CHECK(g.judge("else.example.com") == blame::ourselves);
    CHECK(g.log.size() == 1);
}

TEST_CASE("network watch: related hosts that fail are not")
{
    ground g;
    g.judge("a.example.org");
    g.judge("b.example.org");
    g.judge("c.example.org");
    g.judge("d.example.net");
    auto const& last = g.judge("a.example.org");
    g.advance(2s);
    CHECK(last == blame::tracker);
    CHECK_FALSE(g.watch.offline());
}

TEST_CASE("network watch: an answer between, or a long time, is evidence that we are online")
{
    ground g;
    g.judge("a.example.org");
    auto const& second = g.judge("b.example.net");
    g.watch.worked();
    auto const& third = g.judge("c.example.com");
    g.advance(2s);
    CHECK(second == blame::tracker);
    CHECK(third == blame::tracker);
    CHECK_FALSE(g.watch.offline());

    ground slow;
    slow.judge("a.example.org");
    slow.judge("b.example.net");
    slow.advance(61s);
    auto const& late = slow.judge("c.example.com");
    slow.advance(2s);
    CHECK(late == blame::tracker);
}

TEST_CASE("network watch: one is tried again and again, until an answer brings all back")
{
    ground g;
    g.run();
    g.fail_three();
    REQUIRE(g.watch.offline());
    auto const& first = g.until_online();
    auto const& second = g.until_online();
    g.advance(4999ms);
    CHECK_FALSE(first);
    g.advance(1ms);
    CHECK(first); // the probe
    CHECK_FALSE(second);
    // It fails: the next goes after twice the time, and so on up to a minute.
    CHECK(g.judge("a.example.org") == blame::ourselves);
    g.advance(9999ms);
    CHECK_FALSE(second);
    g.advance(1ms);
    CHECK(second);
    g.judge("b.example.net");
    for (auto const wait : {20s, 40s, 60s, 60s}) {
        auto const& next = g.until_online();
        g.advance(wait - 1ms);
        CHECK_FALSE(next);
        g.advance(1ms);
        CHECK(next);
    }
    auto const& rest = g.until_online();
    g.watch.worked();
    g.poll();
    CHECK(rest);
    CHECK_FALSE(g.watch.offline());
    CHECK(g.log.back() == "online");
    CHECK(g.until_online());
    // The test that was waiting finds nothing to do.
    g.advance(10min);
    CHECK(g.time.sleepers() == 0);
}

TEST_CASE("network watch: being offline again begins with short waits")
{
    ground g;
    g.run();
    g.fail_three();
    g.advance(5s);
    g.watch.worked();
    g.advance(10s);
    g.fail_three();
    REQUIRE(g.watch.offline());
    g.advance(2s); // the first two were waiting for the third
    CHECK(g.time.next() == 3s);
    CHECK(g.time.sleepers() == 1);
    CHECK(g.log.size() == 3);
}

TEST_CASE("network watch: who comes while a probe is free is the probe")
{
    ground g;
    g.run();
    g.fail_three();
    g.advance(5s);
    CHECK(g.until_online());
    CHECK_FALSE(g.until_online());
}

TEST_CASE("network watch: with a canary a single host is judged by it")
{
    ground g{true};
    auto const& whose = g.judge("a.example.org");
    auto const& other = g.judge("b.example.net");
    CHECK(g.canary_asked == 1); // for both
    g.advance(1s);
    CHECK(whose == blame::tracker);
    CHECK(other == blame::tracker);

    g.canary_works = false;
    auto const& ours = g.judge("a.example.org");
    g.advance(1s);
    CHECK(ours == blame::ourselves);
    CHECK(g.log == std::vector<std::string>{"offline: neither a.example.org nor the canary can be reached"});
}

TEST_CASE("network watch: a canary that works outweighs any number of hosts")
{
    ground g{true};
    for (auto const* const host : {"a.org", "b.org", "c.org", "d.org", "e.org"})
        g.judge(host);
    g.advance(1s);
    CHECK_FALSE(g.watch.offline());
    CHECK(g.canary_asked == 1);
}

TEST_CASE("network watch: an answer outweighs a dead canary")
{
    ground g{true};
    g.canary_works = false;
    auto const& whose = g.judge("a.example.org");
    g.watch.worked();
    g.advance(1s);
    CHECK(whose == blame::tracker);
    CHECK_FALSE(g.watch.offline());
}

TEST_CASE("network watch: the canary brings us back, and so does a probe where it is dead")
{
    ground g{true};
    g.run();
    g.canary_works = false;
    g.judge("a.example.org");
    g.advance(1s);
    REQUIRE(g.watch.offline());
    auto const& first = g.until_online();
    g.advance(5s); // it is asked
    g.advance(1s); // it fails, and a request may try
    CHECK(first);
    CHECK(g.watch.offline());
    auto const& second = g.until_online();
    g.canary_works = true;
    g.advance(10s);
    CHECK_FALSE(second);
    g.advance(1s);
    CHECK(second);
    CHECK_FALSE(g.watch.offline());
    CHECK(g.log.back() == "online");
}

TEST_CASE("network watch: who asks the canary may be stopped, and others ask in its place")
{
    ground g{true};
    auto const& first = g.judge("a.example.org");
    auto& stop = g.last_stop();
    auto const& second = g.judge("b.example.net");
    REQUIRE(g.canary_asked == 1);
    stop.emit(asio::cancellation_type::terminal);
    g.poll();
    CHECK(g.canary_asked == 2);
    g.advance(1s);
    CHECK_FALSE(first);
    CHECK(second == blame::tracker);
}

TEST_CASE("network watch: work comes back step by step")
{
    ground g;
    CHECK(g.pace.allowance(g.time.up()) == ramp::unlimited);
    g.fail_three();
    CHECK(g.pace.allowance(g.time.up()) == ramp::unlimited);
    g.advance(1min);
    g.watch.worked();
    auto const at = [&] { return g.pace.allowance(g.time.up()); };
    CHECK(at() == 4);
    CHECK(g.pace.next(g.time.up()) == 10s);
    g.advance(9s);
    CHECK(at() == 4);
    CHECK(g.pace.next(g.time.up()) == 1s);
    g.advance(1s);
    CHECK(at() == 8);
    g.advance(30s);
    CHECK(at() == 64);
    g.time.step(-24h); // people may set the clock as they like
    CHECK(at() == 64);
    g.advance(80s);
    CHECK(at() == ramp::unlimited);
    CHECK_FALSE(g.pace.next(g.time.up()));
    g.pace.start(g.time.up());
    CHECK(at() == 4);
}
