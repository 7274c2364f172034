#include "engine/app/config.hpp"
#include "tests/support/print.hpp"
#include "tests/support/temporary_folder.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

using namespace checkwatches;
using namespace checkwatches::app;
using namespace std::chrono_literals;

namespace {

// A password in a file that nobody else may read.
struct password {
    test::temporary_folder here;
    std::string path = here.file("password");

    password()
    {
        std::ofstream{path} << "correct horse\n";
        std::filesystem::permissions(path, std::filesystem::perms::owner_read);
    }
};

// The feed of a configuration.
feed_config read(std::string const& text)
{
    auto conf = read_config(text, "c.toml");
    REQUIRE(conf);
    return conf->feed;
}

std::string wrong(std::string const& text)
{
    auto const conf = read_config(text, "c.toml");
    REQUIRE(conf.has_error());
    CHECK(conf.error().kind == error_kind::configuration);
    CHECK(conf.error().message.find("correct horse") == std::string::npos);
    return conf.error().message;
}

void has(std::string const& text, std::string_view part)
{
    INFO(text);
    CHECK(text.find(part) != std::string::npos);
}

} // namespace

TEST_CASE("[[amqp]]: a broker, and what it is told", "[config]")
{
    password const is;
    auto const all = read(fmt::format(
        R"(
[[amqp]]
name = "fedora"
url = "amqps://me@broker.example.org/%2Fpubsub"
password_file = "{}"
ca_file = "/ca.pem"
client_cert = "/cert.pem"
client_key = "/key.pem"
exchange = "zmq.topic"
mandatory = true
checks = true
prefix = "org.fedoraproject.prod."
schema_package = "checkwatches-messages"
label_headers = "flatpak"
labels = ["curl"]
rate = 5
from = "beginning"
)",
        is.path));
    REQUIRE(all.brokers.size() == 1);
    auto const& [common, how] = all.brokers.front();
    CHECK(common.name == "fedora");
    CHECK(common.rate == 5);
    CHECK(common.from == 0);
    CHECK(common.wanted.labels == std::vector<std::string>{"curl"});
    CHECK(how.at.is_tls);
    CHECK(how.at.host == "broker.example.org");
    CHECK(how.at.vhost == "/pubsub");
    CHECK(how.password.reveal() == "correct horse");
    CHECK(how.ca_file == "/ca.pem");
    CHECK(how.cert_file == "/cert.pem");
    CHECK(how.key_file == "/key.pem");
    CHECK(how.exchange == "zmq.topic");
    CHECK(how.is_mandatory);
    CHECK(how.wants_checks);
    CHECK(how.messages.prefix == "org.fedoraproject.prod");
    CHECK(how.messages.schema_package == "checkwatches-messages");
    CHECK(how.messages.labels == feed::label_meaning::flatpak);

    auto const plain = read(fmt::format(
        "[[amqp]]\nname = \"a\"\nurl = \"amqp://me@localhost\"\npassword_file = \"{}\"\n", is.path));
    CHECK(plain.brokers.front().how.exchange == "amq.topic");
    CHECK(plain.brokers.front().common.rate == 1'000);
    CHECK_FALSE(plain.brokers.front().common.from);
    CHECK_FALSE(plain.brokers.front().how.wants_checks);
}

TEST_CASE("[[amqp]]: a certificate may do in place of a password", "[config]")
{
    auto const all = read(R"(
[[amqp]]
name = "fedora"
url = "amqps://me@broker.example.org"
client_cert = "/cert.pem"
client_key = "/key.pem"
)");
    CHECK(all.brokers.front().how.password.empty());
}

TEST_CASE("[[amqp]]: what is wrong is told", "[config]")
{
    password const is;
    auto const with = [&](std::string const& url, std::string const& more) {
        return wrong(fmt::format(
            "[[amqp]]\nname = \"a\"\nurl = \"{}\"\npassword_file = \"{}\"\n{}\n", url, is.path, more));
    };
    has(wrong("[[amqp]]\nname = \"a\"\n"), "needs the key \"url\"");
    has(wrong("[[amqp]]\nname = \"a\"\nurl = \"amqp://me@localhost\"\n"), "password_file");
    has(with("amqp://me:correct horse@localhost", ""), "password in the address");
    has(with("http://localhost", ""), "no address of a broker");
    has(with("amqp://localhost", "ca_file = \"/ca.pem\""), "amqps://");
    has(with("amqps://localhost", "client_cert = \"/cert.pem\""), "client_key");
    has(with("amqp://localhost", "prefix = \"a..b\""), "prefix");
    has(with("amqp://localhost", "exchange = \"\""), "exchange");
    has(with("amqp://localhost", "label_headers = \"deb\""), "flatpak");
    has(with("amqp://localhost", "color = 1"), "unknown key \"color\"");
}

TEST_CASE("[[messages_file]]: a folder, and when a file is complete", "[config]")
{
    auto const all = read(R"(
[[messages_file]]
name = "fedora"
folder = "/var/lib/checkwatches/messages"
size = 65536
age = "30s"
checks = true
prefix = "a.b"
statuses = ["New"]
)");
    REQUIRE(all.message_files.size() == 1);
    auto const& [common, how] = all.message_files.front();
    CHECK(common.name == "fedora");
    CHECK(common.wanted.statuses == std::vector<std::string>{"New"});
    CHECK(how.files.folder == "/var/lib/checkwatches/messages");
    CHECK(how.files.size == 65'536);
    CHECK(how.files.age == 30s);
    CHECK(how.wants_checks);
    CHECK(how.messages.prefix == "a.b");

    has(wrong("[[messages_file]]\nname = \"a\"\n"), "needs the key \"folder\"");
    has(wrong("[[messages_file]]\nname = \"a\"\nfolder = \"here\"\n"), "whole path");
    has(wrong("[[messages_file]]\nname = \"a/b\"\nfolder = \"/tmp\"\n"), "needs the key \"name\"");
    has(wrong("[[messages_file]]\nname = \"a\"\nfolder = \"/x\"\n[[messages_file]]\nname = \"a\"\nfolder = "
              "\"/x\"\n"),
        "two sinks");
}
