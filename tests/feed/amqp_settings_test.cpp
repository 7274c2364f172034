#include "engine/feed/amqp_settings.hpp"
#include "tests/support/print.hpp"

using namespace checkwatches;
using namespace checkwatches::feed;

TEST_CASE("amqp address: its parts, and what is usual where one is not told", "[amqp]")
{
    auto const whole = parse_amqp_address("amqps://fedora%40x@rabbitmq.example.org:5679/%2Fpubsub");
    REQUIRE(whole);
    CHECK(whole->is_tls);
    CHECK(whole->host == "rabbitmq.example.org");
    CHECK(whole->port == 5679);
    CHECK(whole->user == "fedora@x");
    CHECK(whole->vhost == "/pubsub");
    CHECK(whole->text() == "amqps://rabbitmq.example.org:5679//pubsub");

    auto const plain = parse_amqp_address("amqp://localhost");
    REQUIRE(plain);
    CHECK_FALSE(plain->is_tls);
    CHECK(plain->port == 5672);
    CHECK(plain->user == "guest");
    CHECK(plain->vhost == "/");
    CHECK(parse_amqp_address("amqps://localhost").value().port == 5671);
    CHECK(parse_amqp_address("amqp://localhost/").value().vhost == "/");
    CHECK(parse_amqp_address("amqp://localhost/test").value().vhost == "test");
    CHECK(parse_amqp_address("amqp://me@[::1]:5672/test").value().host == "::1");
    CHECK(parse_amqp_address("amqp://me@[::1]:5672/test").value().text() == "amqp://[::1]:5672/test");
}

TEST_CASE("amqp address: what is none is told, and a password in it is not repeated", "[amqp]")
{
    for (auto const* const bad :
         {"",
          "localhost",
          "http://localhost",
          "amqp://localhost:0",
          "amqp://localhost:99999",
          "amqp://localhost:x",
          "amqp://localhost/a?connection_attempts=3",
          "amqp://local%zzhost/"}) {
        INFO(bad);
        auto const got = parse_amqp_address(bad);
        REQUIRE(got.has_error());
        CHECK(got.error().kind == error_kind::configuration);
    }
    auto const told = parse_amqp_address("amqp://me:hunter2@localhost");
    REQUIRE(told.has_error());
    CHECK(told.error().message.find("hunter2") == std::string::npos);
    CHECK(told.error().message.find("password_file") != std::string::npos);
}
