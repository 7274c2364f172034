#include "engine/app/config.hpp"
#include "engine/app/web_config.hpp"
#include "tests/support/print.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using namespace checkwatches::app;

namespace {

std::string complaint(result<config> const& conf)
{
    REQUIRE(conf.has_error());
    CHECK(conf.error().kind == error_kind::configuration);
    return conf.error().message;
}

} // namespace

TEST_CASE("where others can connect reading is closed, or is open on purpose")
{
    std::string const everywhere = "[web]\nlisten = [\"0.0.0.0:8060\"]\n";
    CHECK(complaint(read_config(everywhere, "c.toml")).find("reading = \"closed\"") != std::string::npos);
    CHECK(
        complaint(read_config("[web]\nlisten = [\"[::1]:1\", \"[2001:db8::1]:1\"]\n", "c.toml"))
            .find("2001:db8::1")
        != std::string::npos);
    CHECK(read_config(everywhere + "reading = \"closed\"\n", "c.toml"));
    CHECK(read_config(everywhere + "public = true\n", "c.toml"));
    CHECK(read_config("[web]\nlisten = [\"127.9.9.9:8060\"]\n", "c.toml"));
}

TEST_CASE("no place to listen at is none")
{
    auto const none = read_config("[web]\nlisten = []\n", "c.toml");
    REQUIRE(none);
    CHECK(none->web.listen.empty());
}

TEST_CASE("what is wrong in [web] is said")
{
    struct row {
        std::string text;
        std::string expected;
    };
    for (auto const& r : std::vector<row>{
             {"listen = \"127.0.0.1:1\"", "c.toml:2:10: \"listen\" must be a list of texts"},
             {"listen = [1]", "\"listen\" must be a list of texts"},
             {"listen = [\"localhost:8060\"]", "\"localhost:8060\" is no place to listen at"},
             {"listen = [\"127.0.0.1\"]", "no place to listen at"},
             {"listen = [\"127.0.0.1:\"]", "no place to listen at"},
             {"listen = [\"127.0.0.1:80x\"]", "no place to listen at"},
             {"listen = [\"127.0.0.1:65536\"]", "no place to listen at"},
             {"listen = [\"::1:80\"]", "no place to listen at"},
             {"listen = [\"[127.0.0.1]:80\"]", "no place to listen at"},
             {"hosts = [\"a b\"]", "\"a b\" in \"hosts\" is no name of a host"},
             {"proxies = [\"proxy\"]", "\"proxy\" in \"proxies\" is no IP address"},
             {"reading = \"ajar\"", "\"reading\" must be one of \"open\", \"closed\""},
             {"public = \"yes\"", "\"public\" must be true or false"},
             {"session = \"0s\"", "\"session\" must be a span"},
             {"metrics_trackers = -1", "\"metrics_trackers\" must be a whole number"}}) {
        auto const said = complaint(read_config("[web]\n" + r.text + "\n", "c.toml"));
        CAPTURE(r.text, said);
        CHECK(said.starts_with("c.toml:"));
        CHECK(said.find(r.expected) != std::string::npos);
    }
}

TEST_CASE("the command line says where to listen in place of the configuration")
{
    serve::web_settings const usual;
    CHECK(with_listen(usual, {}).value() == usual);
    CHECK(with_listen(usual, {"none"})->listen.empty());
    auto const two = with_listen(usual, {"127.0.0.1:0", "[::1]:8061"});
    REQUIRE(two);
    REQUIRE(two->listen.size() == 2);
    CHECK(two->listen[1].port() == 8061);

    for (auto const* const wrong : {"none at all", "8060", "0.0.0.0:8060"}) {
        auto const refused = with_listen(usual, {wrong});
        REQUIRE(refused.has_error());
        CHECK(refused.error().kind == error_kind::configuration);
        CHECK(refused.error().message.starts_with("--listen: "));
    }
    auto closed = usual;
    closed.open_reading = false;
    CHECK(with_listen(closed, {"0.0.0.0:8060"}));
}

TEST_CASE("what is read again must fit to where it listens")
{
    auto const open = boost::asio::ip::make_address("0.0.0.0");
    serve::web_settings fresh;
    CHECK(still_listening(fresh, fresh.listen).value() == fresh);
    auto const refused = still_listening(fresh, {{open, 8060}});
    REQUIRE(!refused);
    CHECK(refused.error().kind == error_kind::configuration);
    fresh.open_reading = false;
    CHECK(still_listening(fresh, {{open, 8060}})->listen.front().address() == open);
}
