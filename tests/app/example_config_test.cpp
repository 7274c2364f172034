#include "engine/app/config.hpp"
#include "tests/support/print.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <string>

using namespace checkwatches;
using namespace checkwatches::app;

namespace {

// What the example configuration says are the defaults, turned on: up to the tables of which there may be any
// number, without the two keys whose values there are examples.
std::string defaults_of_the_example()
{
    std::ifstream in{EXAMPLE_CONFIG};
    std::string text;
    for (std::string line; std::getline(in, line) && !line.starts_with("#[[");) {
        bool const is_example = line.starts_with("#contact") || line.starts_with("#heartbeat");
        bool const is_setting = line.size() > 1 && line[0] == '#' && line[1] != ' ';
        if (!is_example)
            text += (is_setting ? line.substr(1) : line) + "\n";
    }
    return text;
}

} // namespace

TEST_CASE("the example configuration says the defaults")
{
    auto const text = defaults_of_the_example();
    REQUIRE(text.find("\njitter = 0.1\n") != std::string::npos);
    auto const conf = read_config(text, "config.toml");
    CAPTURE(conf.has_error() ? conf.error().message : "");
    REQUIRE(conf);
    config const defaults;
    CHECK(conf->network == defaults.network);
    CHECK(conf->log == defaults.log);
    CHECK(conf->heartbeat == defaults.heartbeat);
    CHECK(conf->web == defaults.web);
    auto const& engine = conf->engine;
    CHECK(engine.pass.policy == defaults.engine.pass.policy);
    CHECK(engine.pass.capabilities_last == defaults.engine.pass.capabilities_last);
    CHECK(engine.pass.lanes == defaults.engine.pass.lanes);
    CHECK(engine.most_trackers == defaults.engine.most_trackers);
    CHECK(engine.most_trackers_of_host == defaults.engine.most_trackers_of_host);
    CHECK(engine.drain == defaults.engine.drain);
    CHECK(engine.keep == defaults.engine.keep);
}
