#include "engine/feed/amqp_sink.hpp"
#include "engine/feed/message_file_sink.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <filesystem>
#include <thread>

using namespace checkwatches;
using namespace checkwatches::feed;
using namespace std::chrono_literals;

namespace {

using asio::ip::tcp;

std::vector<event> one_change()
{
    event e{.uuid = "0b5f7bd6-3b1c-4e0e-9d2a-1f6f0a1b2c3d"};
    e.change.emplace().what = {.id = 1, .field = "status"};
    return {e};
}

// Takes connections, and says nothing: the system does, as long as nobody accepts.
struct silent_broker {
    asio::io_context loop{1};
    tcp::acceptor listener{loop, {asio::ip::address_v4::loopback(), 0}};

    amqp_settings settings() const
    {
        amqp_settings how{.name = "silent", .password = secret{"guest"}};
        how.at.host = "127.0.0.1";
        how.at.port = listener.local_endpoint().port();
        how.connect_limit = how.confirm_limit = 1min;
        return how;
    }
};

// One frame of AMQP 0-9-1.
std::string frame(char type, char on, std::string const& what)
{
    auto const size = static_cast<char>(what.size()); // all here are short
    return std::string{type, 0, on, 0, 0, 0, size} + what + '\xCE';
}

// All that a broker says until messages can be published, whatever it is asked.
std::string welcome()
{
    return frame(1, 0, {"\0\x0A\0\x0A\0\x09\0\0\0\0\0\0\0\5PLAIN\0\0\0\5en_US", 28}) // connection.start
           + frame(1, 0, {"\0\x0A\0\x1E\0\0\0\2\0\0\0\0", 12})                       // tune
           + frame(1, 0, {"\0\x0A\0\x29\0", 5})                                      // open-ok
           + frame(1, 1, {"\0\x14\0\x0B\0\0\0\0", 8})                                // channel.open-ok
           + frame(1, 1, {"\0\x55\0\x0B", 4});                                       // confirm.select-ok
}

} // namespace

TEST_CASE("amqp sink: where nobody listens the way is in trouble, not the event", "[amqp]")
{
    asio::io_context loop{1};
    // The port is taken, so that it is nobody else's, and nobody listens there.
    tcp::socket const taken{loop, {asio::ip::address_v4::loopback(), 0}};
    auto how = silent_broker{}.settings();
    how.at.port = taken.local_endpoint().port();
    auto const to = make_amqp_sink(how);
    CHECK(to->name() == "silent");
    CHECK(to->kind() == "amqp");
    auto const came = test::run(loop, to->deliver(one_change()));
    CHECK(came.confirmed == 0);
    CHECK_FALSE(came.is_refusal);
    REQUIRE(came.trouble);
    CHECK(came.trouble->kind == error_kind::connect_failed);
    CHECK(came.trouble->message.find("amqp://127.0.0.1:") != std::string::npos);
}

TEST_CASE("amqp sink: a broker that says nothing is given up in time", "[amqp]")
{
    asio::io_context loop{1};
    silent_broker broker;
    auto how = broker.settings();
    how.connect_limit = 1s;
    auto const to = make_amqp_sink(how);
    auto const began = std::chrono::steady_clock::now();
    auto const came = test::run(loop, to->deliver(one_change()));
    CHECK(std::chrono::steady_clock::now() - began >= 900ms);
    REQUIRE(came.trouble);
    CHECK(came.trouble->kind == error_kind::timeout);
    CHECK_FALSE(came.is_refusal);
}

TEST_CASE("amqp sink: the loop goes on while a broker says nothing", "[amqp]")
{
    asio::io_context loop{1};
    silent_broker broker;
    auto const to = make_amqp_sink(broker.settings());
    // It comes round a few times; then the broker closes the connection, which ends the delivery.
    auto go_on = [&]() -> awaitable<void> {
        asio::steady_timer timer{loop};
        for (int tick = 0; tick != 5; ++tick) {
            timer.expires_after(1ms);
            co_await timer.async_wait(use_awaitable);
        }
        broker.listener.close();
    };
    asio::co_spawn(loop, go_on, [](std::exception_ptr) {});
    auto const came = test::run(loop, to->deliver(one_change()));
    REQUIRE(came.trouble);
    CHECK(came.trouble->kind != error_kind::timeout);
    CHECK_FALSE(came.is_refusal);
}

TEST_CASE("amqp sink: something else than a broker is trouble with the way", "[amqp]")
{
    auto const said = GENERATE(
        std::string{"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"},
        std::string{"AMQP\0\1\0\0", 8},
        std::string(70'000, '\xFF'),
        // A method frame that claims more than a gigabyte; one of connection.start whose table is cut off.
        std::string{"\1\0\0\x7F\xFF\xFF\xFF\0\x0A\0\x0A", 11},
        std::string{"\1\0\0\0\0\0\x0A\0\x0A\0\x0A\0\x09\xFF\xFF\xFF\xFF\xCE", 18});
    asio::io_context loop{1};
    silent_broker broker;
    auto const to = make_amqp_sink(broker.settings());
    std::thread other{[&] {
        tcp::socket peer{broker.loop};
        broker.listener.accept(peer);
        error_code ignored;
        asio::write(peer, asio::buffer(said), ignored);
        char greeting[8];
        asio::read(peer, asio::buffer(greeting), ignored);
    }};
    auto const came = test::run(loop, to->deliver(one_change()));
    other.join();
    CHECK(came.confirmed == 0);
    CHECK_FALSE(came.is_refusal);
    CHECK(came.trouble);
}

TEST_CASE("amqp sink: a returned message whose header is of another class is trouble", "[amqp]")
{
    asio::io_context loop{1};
    silent_broker broker;
    auto const to = make_amqp_sink(broker.settings());
    std::thread other{[&] {
        tcp::socket peer{broker.loop};
        broker.listener.accept(peer);
        auto const said = welcome() + frame(1, 1, {"\0\x3C\0\x32\1\x38\0\0\0", 9}) // basic.return
                          + frame(2, 1, {"\0\x0A\0\0\0\0\0\0\0\0\0\0\0\0", 14});   // of connection's class
        error_code ignored;
        asio::write(peer, asio::buffer(said), ignored);
        std::array<char, 4096> heard{};
        while (!ignored)
            peer.read_some(asio::buffer(heard), ignored);
    }};
    auto const came = test::run(loop, to->deliver(one_change()));
    other.join();
    CHECK(came.confirmed == 0);
    CHECK_FALSE(came.is_refusal);
    REQUIRE(came.trouble);
    CHECK(came.trouble->message == "publishing: the header of a returned message is of another class");
}

TEST_CASE("amqp sink: a certificate that cannot be read is named", "[amqp]")
{
    asio::io_context loop{1};
    silent_broker broker;
    auto how = broker.settings();
    how.at.is_tls = true;
    how.cert_file = "/nonexistent/cert.pem";
    how.key_file = "/nonexistent/key.pem";
    auto const to = make_amqp_sink(how);
    auto const came = test::run(loop, to->deliver(one_change()));
    REQUIRE(came.trouble);
    CHECK(came.trouble->kind == error_kind::tls_failed);
    CHECK(came.trouble->message.find("/nonexistent/cert.pem") != std::string::npos);
}

TEST_CASE("message file sink: what it confirms is in the file", "[files]")
{
    test::temporary_folder here;
    asio::io_context loop{1};
    auto const to = make_message_file_sink(
        {.files = {.folder = here.path(), .name = "fedora"},
         .wants_checks = true,
         .messages = {.prefix = "a"}});
    CHECK(to->name() == "fedora");
    CHECK(to->kind() == "file");
    CHECK(to->wants_checks());
    auto const came = test::run(loop, to->deliver(one_change()));
    CHECK(came.confirmed == 1);
    CHECK_FALSE(came.trouble);
    CHECK(std::filesystem::file_size(here.file("fedora.1.jsonl.part")) > 200);

    auto const nowhere = make_message_file_sink({.files = {.folder = "/proc/none", .name = "fedora"}});
    auto const refused = test::run(loop, nowhere->deliver(one_change()));
    CHECK(refused.confirmed == 0);
    CHECK_FALSE(refused.is_refusal);
    REQUIRE(refused.trouble);
}
