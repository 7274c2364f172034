#include "engine/check/timeline.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using namespace checkwatches::check;
using namespace std::chrono_literals;

namespace {

class set_clock final : public clock {
public:
    utc_time utc{std::chrono::days{20'000}};
    duration uptime{1h};

    utc_time now() const override { return utc; }
    duration up() const override { return uptime; }
    awaitable<void> sleep(duration) const override { co_return; }
};

} // namespace

TEST_CASE("a clock that is set moves no appointment")
{
    set_clock c;
    timeline const on{c};
    auto const began = c.utc;
    CHECK(on.now() == began);
    for (auto const step : {24h, -48h}) {
        c.utc += step;
        c.uptime += 1min;
        c.utc += 1min;
    }
    CHECK(on.now() == began + 2min);
    CHECK(on.step() == -24h);
    // What is to happen an hour from now happens an hour from now, whatever the clock says.
    CHECK(on.of(c.utc + 1h) == on.now() + 1h);
}

TEST_CASE("a suspended machine is late, not set")
{
    set_clock c;
    timeline const on{c};
    c.utc += 6h;
    c.uptime += 6h;
    CHECK(on.step() == 0h);
    CHECK(on.of(c.utc) == on.now());
}
