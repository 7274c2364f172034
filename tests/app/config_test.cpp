#include "engine/app/config.hpp"
#include "engine/core/span.hpp"
#include "tests/support/print.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <sys/stat.h>

using namespace checkwatches;
using namespace checkwatches::app;
using namespace std::chrono_literals;

namespace {

void write_file(std::string const& path, std::string const& text, mode_t mode)
{
    std::ofstream{path} << text;
    REQUIRE(::chmod(path.c_str(), mode) == 0);
}

} // namespace

TEST_CASE("an empty configuration is the defaults")
{
    auto const conf = read_config("# nothing\n", "c.toml");
    REQUIRE(conf);
    CHECK(conf->network.idle_timeout == 30s);
    CHECK(conf->network.budget.connections == 2);
    CHECK(conf->engine.pass.policy.active == 24h);
    CHECK(conf->engine.pass.credentials.empty());
    CHECK(conf->log == log_settings{});
    REQUIRE(conf->web.listen.size() == 1);
    CHECK(conf->web.listen.front().address().is_loopback());
    CHECK(conf->web.listen.front().port() == 8060);
    CHECK(conf->web.open_reading);
}

TEST_CASE("everything that can be set is set")
{
    test::temporary_folder const folder;
    write_file(folder.file("key"), "s3cret\n", 0600);
    auto const conf = read_config(
        R"(contact = "https://example.org/bots"
[network]
ca_file = "/etc/ca.pem"
idle_timeout = "45s"
total_timeout = "5m"
most_body = 1048576
connections = 4
requests_per_second = 0.5
[schedule]
active = "12h"
settled = "60d"
jitter = 0.2
[serve]
heartbeat = "https://dead.example.org/ping/1"
drain = "1m"
trackers_at_once = 50
trackers_of_host_at_once = 2
[keep]
checks = "30d"
signatures = "10d"
validators = "20d"
incidents = "40d"
passes = "5d"
days = "50d"
rechecks = "60d"
[web]
listen = ["127.0.0.1:9000", "[::1]:9000"]
hosts = ["watch.example.org", "watch.example.org:8443"]
proxies = ["10.0.0.1", "fd00::1"]
reading = "closed"
session = "30m"
oldest_overdue = "1h"
metrics_trackers = 10
[check]
lanes = 3
capabilities_last = "2d"
[log]
level = "warning"
format = "json"
[[host]]
origin = "https://bugs.example.org"
connections = 1
[[gerrit]]
name = "plum"
url = "https://review.example.org/r"
bugs = "https://bugs.example.org/{id}"
[[gerrit]]
name = "pear"
url = "https://review.example.com"
bugs = "https://bugs.example.com/{id}"
query = "status:open"
projects = ["a", "^b.*"]
every = "10m"
forget_after = "30d"
label = "gate"
signatures = "/srv/signatures"
[[credential]]
origin = "https://bugs.example.org:8443"
user = "me"
file = ")" + folder.file("key")
            + "\"\n",
        "c.toml");
    REQUIRE(conf);
    CHECK(conf->network.user_agent == "checkwatches (+https://example.org/bots)");
    CHECK(conf->network.ca_file == "/etc/ca.pem");
    CHECK(conf->network.idle_timeout == 45s);
    CHECK(conf->network.total_timeout == 5min);
    CHECK(conf->network.most_body == 1048576);
    CHECK(conf->network.budget.requests_per_second == 0.5);
    CHECK(conf->engine.pass.policy.active == 12h);
    CHECK(conf->engine.pass.policy.settled == std::chrono::days{60});
    CHECK(conf->engine.pass.policy.jitter == 0.2);
    CHECK(conf->engine.pass.lanes == 3);
    CHECK(conf->engine.pass.capabilities_last == 48h);
    CHECK(conf->log == log_settings{.level = log_level::warning, .format = log_format::json});
    REQUIRE(conf->heartbeat);
    CHECK(conf->heartbeat->text() == "https://dead.example.org/ping/1");
    CHECK(conf->engine.drain == 60s);
    CHECK(conf->engine.most_trackers == 50);
    CHECK(conf->engine.most_trackers_of_host == 2);
    CHECK(conf->engine.budget.connections == 4);
    CHECK(conf->engine.keep.checks == std::chrono::days{30});
    CHECK(conf->engine.keep.signatures == std::chrono::days{10});
    CHECK(conf->engine.keep.validators == std::chrono::days{20});
    CHECK(conf->engine.keep.incidents == std::chrono::days{40});
    CHECK(conf->engine.keep.passes == std::chrono::days{5});
    CHECK(conf->engine.keep.days == std::chrono::days{50});
    CHECK(conf->keep_rechecks == std::chrono::days{60});
    REQUIRE(conf->web.listen.size() == 2);
    CHECK(conf->web.listen[0].address().to_string() == "127.0.0.1");
    CHECK(conf->web.listen[1].address().is_v6());
    CHECK(conf->web.listen[1].port() == 9000);
    CHECK(conf->web.hosts.size() == 2);
    CHECK(conf->web.proxies.size() == 2);
    CHECK_FALSE(conf->web.open_reading);
    CHECK(conf->web.session == 30min);
    CHECK(conf->web.oldest_overdue == 1h);
    CHECK(conf->web.most_metric_trackers == 10);
    REQUIRE(conf->engine.hosts.contains("https://bugs.example.org"));
    CHECK(conf->engine.hosts.at("https://bugs.example.org").connections == 1);
    // What a host does not set it has from [network].
    CHECK(conf->engine.hosts.at("https://bugs.example.org").requests_per_second == 0.5);
    REQUIRE(conf->gerrits.size() == 2);
    auto const& plum = conf->gerrits[0];
    CHECK(plum.url.text() == "https://review.example.org/r");
    CHECK(plum.query == "NOT age:14d");
    CHECK(plum.projects.empty());
    CHECK(plum.every == 1h);
    CHECK(plum.forget == std::chrono::days{90});
    CHECK(plum.label.empty());
    CHECK(plum.signatures.ends_with("/signatures"));
    CHECK_FALSE(plum.names_signatures);
    auto const& pear = conf->gerrits[1];
    CHECK(pear.name == "pear");
    CHECK(pear.bugs == "https://bugs.example.com/{id}");
    CHECK(pear.query == "status:open");
    CHECK(pear.projects == std::vector<std::string>{"a", "^b.*"});
    CHECK(pear.every == 10min);
    CHECK(pear.forget == std::chrono::days{30});
    CHECK(pear.label == "gate");
    CHECK(pear.signatures == "/srv/signatures");
    CHECK(pear.names_signatures);
    REQUIRE(conf->engine.pass.credentials.size() == 1);
    CHECK(conf->engine.pass.credentials.front().origin == "https://bugs.example.org:8443");
    CHECK(conf->engine.pass.credentials.front().user == "me");
    CHECK(conf->engine.pass.credentials.front().value.reveal() == "s3cret");
}

TEST_CASE("what to do when things fail can be set")
{
    auto const usual = read_config("", "c.toml");
    REQUIRE(usual);
    CHECK(usual->engine.pass.retry.attempts == 3);
    CHECK(usual->engine.breaking.most_delay == 6h);
    CHECK_FALSE(usual->engine.offline.canary);
    CHECK(usual->engine.pass.shrink.fewest == 5);

    auto const conf = read_config(
        R"([check]
shrink_guard = 0
[retry]
attempts = 1
first_delay = "2s"
most_delay = "20s"
per_pass = 0
[breaker]
after = 5
first_delay = "1m"
most_delay = "1h"
[offline]
canary = "https://example.org/alive"
hosts = 5
window = "2m"
grace = "3s"
)",
        "c.toml");
    REQUIRE(conf);
    CHECK(conf->engine.pass.shrink.fewest == 0);
    CHECK(conf->engine.pass.retry.attempts == 1);
    CHECK(conf->engine.pass.retry.first_delay == 2s);
    CHECK(conf->engine.pass.retry.most_delay == 20s);
    CHECK(conf->engine.pass.retry.per_pass == 0);
    CHECK(conf->engine.breaking.after == 5);
    CHECK(conf->engine.breaking.first_delay == 1min);
    CHECK(conf->engine.breaking.most_delay == 1h);
    REQUIRE(conf->engine.offline.canary);
    CHECK(conf->engine.offline.canary->text() == "https://example.org/alive");
    CHECK(conf->engine.offline.hosts == 5);
    CHECK(conf->engine.offline.window == 2min);
    CHECK(conf->engine.offline.grace == 3s);
}

TEST_CASE("what is wrong is named with file, line, column and what is expected")
{
    struct row {
        std::string text;
        std::string expected;
    };
    std::vector<row> const rows{
        {"[network]\nidle_timeout = 30\n", "c.toml:2:16: \"idle_timeout\" must be a span such as \"30s\""},
        {"[network]\nidle_timeout = \"soon\"\n", "c.toml:2:16: \"idle_timeout\" must be a span"},
        {"[network]\nconnections = 0\n",
         "c.toml:2:15: \"connections\" must be a whole number from 1 to 1000"},
        {"[network]\nca_file = 3\n", "c.toml:2:11: \"ca_file\" must be a text in quotes"},
        {"[netwrok]\n", "c.toml:1:2: unknown key \"netwrok\"; expected one of amqp, breaker, check, contact"},
        {"[schedule]\nactve = \"1d\"\n",
         "c.toml:2:1: unknown key \"actve\" in [schedule]; expected one of active"},
        {"[schedule]\njitter = 2\n", "c.toml:2:10: \"jitter\" must be a number from 0 to 0.5"},
        {"[log]\nlevel = \"loud\"\n",
         "c.toml:2:9: \"level\" must be one of \"debug\", \"info\", \"notice\", \"warning\", \"error\""},
        {"[log]\nformat = 3\n", "c.toml:2:10: \"format\" must be one of \"logfmt\", \"json\""},
        {"[serve]\nheartbeat = \"dead.example.org\"\n",
         "c.toml:2:13: \"heartbeat\" must be an address such as"},
        {"[serve]\nlisten = 3\n", "c.toml:2:1: unknown key \"listen\" in [serve]"},
        {"[keep]\nchecks = \"0s\"\n", "c.toml:2:10: \"checks\" must be a span"},
        {"network = 3\n", "c.toml:1:11: \"network\" must be a table: [network]"},
        {"[host]\norigin = \"https://a\"\n", "c.toml:1:1: \"host\" must be a list of tables: [[host]]"},
        {"[[host]]\nconnections = 1\n", "[[host]] needs the key \"origin\""},
        {"[[host]]\norigin = \"https://a/path\"\n", "c.toml:2:10: \"origin\" must be an origin such as"},
        {"[[gerrit]]\nurl = \"https://r\"\nbugs = \"https://b/{id}\"\n", "[[gerrit]] needs a \"name\""},
        {"[[gerrit]]\nname = \"a b\"\nurl = \"https://r\"\nbugs = \"https://b/{id}\"\n",
         "[[gerrit]] needs a \"name\""},
        {"[[gerrit]]\nname = \"a\"\nbugs = \"https://b/{id}\"\n", "[[gerrit]] needs the key \"url\""},
        {"[[gerrit]]\nname = \"a\"\nurl = \"https://r\"\nbugs = \"https://b/\"\n",
         "[[gerrit]] needs the key \"bugs\""},
        {"[[gerrit]]\nname = \"a\"\nurl = \"https://r\"\nbugs = \"{id}\"\n",
         "[[gerrit]] needs the key \"bugs\""},
        {"[[gerrit]]\nname = \"a\"\nurl = \"https://r\"\nbugs = \"https://b/{id}\"\nevery = \"often\"\n",
         "\"every\" must be a span"},
        {"[[gerrit]]\nname = \"a\"\nurl = \"https://r\"\nbugs = \"https://b/{id}\"\nprojects = [\"\"]\n",
         "each of at most 100 \"projects\""},
        {"[[gerrit]]\nname = \"a\"\nurl = \"https://r\"\nbugs = \"https://b/{id}\"\nquery = \"a\\nb\"\n",
         "must be one line"},
        {"[[gerrit]]\nname = \"a\"\nurl = \"https://r\"\nbugs = \"https://b/{id}\"\n[[gerrit]]\nname = "
         "\"a\"\nurl = \"https://r\"\nbugs = \"https://b/{id}\"\n",
         "two [[gerrit]] of the name \"a\""},
        {"[[credential]]\norigin = \"https://a\"\n", "[[credential]] needs one of the keys"},
        {"[[credential]]\norigin = \"https://a\"\nvariable = \"CHECKWATCHES_NO_SUCH\"\n",
         "has no variable CHECKWATCHES_NO_SUCH"},
        {"[[credential]]\norigin = \"https://a\"\nfile = \"/nowhere/key\"\n", "/nowhere/key cannot be read"},
        {"[offline]\ncanary = \"alive\"\n", "c.toml:2:10: \"canary\" must be an address such as"},
        {"[retry]\nattempts = 0\n", "c.toml:2:12: \"attempts\" must be a whole number from 1 to 20"},
        {"[breaker]\nbefore = 1\n",
         "c.toml:2:1: unknown key \"before\" in [breaker]; expected one of after, "},
        {"contact = \"Mozilla/5.0\"\n", "\"contact\" must be an address"},
        {"a = = b\n", "c.toml:1:"},
    };
    for (auto const& r : rows) {
        auto const conf = read_config(r.text, "c.toml");
        CAPTURE(r.text);
        REQUIRE(conf.has_error());
        CHECK(conf.error().kind == error_kind::configuration);
        CAPTURE(conf.error().message);
        CHECK(conf.error().message.find(r.expected) != std::string::npos);
        CHECK(conf.error().message.starts_with("c.toml:"));
    }
}

TEST_CASE("a credential may be in the environment, or be one of the service's")
{
    test::temporary_folder const folder;
    write_file(folder.file("key"), "s3cret\n", 0440); // as systemd may have it
    ::setenv("CREDENTIALS_DIRECTORY", folder.path().c_str(), 1);
    ::setenv("CHECKWATCHES_TEST_KEY", "t0ken", 1);
    auto const conf = read_config(
        "[[credential]]\norigin = \"https://a\"\nfile = \"key\"\n"
        "[[credential]]\norigin = \"https://b\"\nvariable = \"CHECKWATCHES_TEST_KEY\"\n",
        "c.toml");
    ::unsetenv("CREDENTIALS_DIRECTORY");
    ::unsetenv("CHECKWATCHES_TEST_KEY");
    REQUIRE(conf);
    REQUIRE(conf->engine.pass.credentials.size() == 2);
    CHECK(conf->engine.pass.credentials[0].value.reveal() == "s3cret");
    CHECK(conf->engine.pass.credentials[1].value.reveal() == "t0ken");
}

TEST_CASE("what words mean is read, and a meaning that there is not is refused")
{
    auto const conf = read_config(
        "map.\"b\".status.\"RESOLVED Odd\" = \"Won't Fix\"\n[map.c.importance]\nP1 = \"High\"\n", "c.toml");
    REQUIRE(conf);
    CHECK(conf->engine.pass.meanings.at("b").states.at("resolved odd") == status::wont_fix);
    CHECK(conf->engine.pass.meanings.at("c").weights.at("p1") == importance::high);
    for (auto const* const text :
         {"map = 1\n",
          "[map.b]\nstates = 1\n",
          "[map.b.status]\nx = \"Fixd\"\n",
          "[map.b.status]\nx = 1\n"}) {
        INFO(text);
        CHECK(read_config(text, "c.toml").error().message.starts_with("c.toml:"));
    }
}

TEST_CASE("a credential file that others can read is refused")
{
    test::temporary_folder const folder;
    write_file(folder.file("key"), "s3cret", 0644);
    auto const conf = read_config(
        "[[credential]]\norigin = \"https://a\"\nfile = \"" + folder.file("key") + "\"\n", "c.toml");
    REQUIRE(conf.has_error());
    CHECK(conf.error().message.find("open to others: chmod 600") != std::string::npos);
    CHECK(conf.error().message.find("s3cret") == std::string::npos);
}

TEST_CASE("spans are read with their unit")
{
    CHECK(parse_span("0") == 0s);
    CHECK(parse_span("90") == 90s);
    CHECK(parse_span("90s") == 90s);
    CHECK(parse_span("15m") == 15min);
    CHECK(parse_span("12h") == 12h);
    CHECK(parse_span("7d") == std::chrono::days{7});
    for (auto const* const bad :
         {"", "s", "-1s", "1w", "1.5h", "1 h", "99999999999999999999d", "1000000000d"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_span(bad));
    }
}
