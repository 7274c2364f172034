#include "engine/serve/control_event.hpp"
#include "tests/support/print.hpp"

#include <boost/asio/error.hpp>

#include <catch2/catch.hpp>

using namespace checkwatches;
using namespace checkwatches::serve;

namespace {

error carried(error const& e)
{
    auto const event = read_event(event_line(error_event, json_of(e)));
    REQUIRE(event);
    CHECK(name_of(*event) == error_event);
    return error_of(*event);
}

} // namespace

TEST_CASE("an error survives the way")
{
    for (int i = 0; i <= static_cast<int>(error_kind::storage); ++i) {
        error const e{
            .kind = static_cast<error_kind>(i),
            .message = "it \"broke\"\n",
            .request = "GET https://host/?a=b",
            .cause = boost::asio::error::connection_refused,
            .retry_after = std::chrono::seconds{90}};
        auto const got = carried(e);
        CHECK(got.kind == e.kind);
        CHECK(got.message == e.message);
        CHECK(got.request == e.request);
        CHECK(got.cause == e.cause);
        CHECK(got.retry_after == e.retry_after);
        CHECK(to_string(got) == to_string(e));
    }
}

TEST_CASE("what is not set stays so")
{
    auto const got = carried(error{.kind = error_kind::deferred});
    CHECK(to_string(got) == "deferred");
    CHECK_FALSE(got.cause);
    CHECK_FALSE(got.retry_after);
}

TEST_CASE("a cause that only this process knows by its number is part of the message")
{
    // As the TLS library gives it: the number holds what was loaded into this process.
    struct odd : boost::system::error_category {
        char const* name() const noexcept override { return "odd"; }
        std::string message(int) const override { return "an odd cause"; }
    };
    static odd const category;
    error const e{.kind = error_kind::tls_failed, .message = "handshake", .cause = error_code{7, category}};
    auto const got = carried(e);
    CHECK_FALSE(got.cause);
    CHECK(got.message == "handshake: an odd cause");
    CHECK(to_string(got) == to_string(e));
    error const bare{.kind = error_kind::tls_failed, .cause = error_code{7, category}};
    CHECK(to_string(carried(bare)) == to_string(bare));
}

TEST_CASE("what is no event is refused")
{
    for (auto const* const line : {"", "nonsense", "[]", "{}", R"({"event":3})", R"({"event":"done")"}) {
        CAPTURE(line);
        auto const event = read_event(line);
        REQUIRE(event.has_error());
        CHECK(event.error().kind == error_kind::protocol_error);
    }
}
