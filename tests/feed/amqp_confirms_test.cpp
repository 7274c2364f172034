#include "engine/feed/amqp_confirms.hpp"
#include "tests/support/print.hpp"

using namespace checkwatches;
using namespace checkwatches::feed;

namespace {

// Four messages, published under the tags 11 to 14.
amqp_confirms four()
{
    amqp_confirms out{{"a", "b", "c", "d"}};
    for (std::size_t i = 0; i != 4; ++i)
        out.published(i, 11 + i);
    return out;
}

error const lost{.kind = error_kind::connect_failed, .message = "the connection is gone"};

} // namespace

TEST_CASE("confirms: what is confirmed counts from the first on", "[amqp]")
{
    auto book = four();
    book.acked(13, false);
    CHECK_FALSE(book.is_settled());
    CHECK(book.outcome(lost).confirmed == 0);
    book.acked(11, false);
    CHECK(book.outcome(lost).confirmed == 1);
    book.acked(12, false);
    auto const part = book.outcome(lost);
    CHECK(part.confirmed == 3);
    REQUIRE(part.trouble);
    CHECK(part.trouble->kind == error_kind::connect_failed);
    CHECK_FALSE(part.is_refusal);
    book.acked(14, false);
    CHECK(book.is_settled());
    CHECK(book.outcome(std::nullopt).confirmed == 4);
    CHECK_FALSE(book.outcome(std::nullopt).trouble);
}

TEST_CASE("confirms: one may be for all before it", "[amqp]")
{
    auto book = four();
    book.acked(13, true);
    CHECK_FALSE(book.is_settled());
    CHECK(book.outcome(lost).confirmed == 3);
    book.acked(99, true);
    CHECK(book.is_settled());
    CHECK(book.outcome(std::nullopt).confirmed == 4);
}

TEST_CASE("confirms: the first that was refused is told as a refusal", "[amqp]")
{
    auto book = four();
    book.nacked(12, false);
    book.acked(14, true);
    CHECK(book.is_settled());
    CHECK(book.is_refused(1));
    auto const out = book.outcome(std::nullopt);
    CHECK(out.confirmed == 1);
    CHECK(out.is_refusal);
    REQUIRE(out.trouble);
    CHECK(out.trouble->message.find("basic.nack") != std::string::npos);
}

TEST_CASE("confirms: a message that came back is none, although it is acked", "[amqp]")
{
    auto book = four();
    book.returned("c", "312 NO_ROUTE");
    book.acked(14, true);
    auto const out = book.outcome(std::nullopt);
    CHECK(out.confirmed == 2);
    CHECK(out.is_refusal);
    REQUIRE(out.trouble);
    CHECK(out.trouble->message == "312 NO_ROUTE");
}

TEST_CASE("confirms: what was never published, or is not known, is nothing", "[amqp]")
{
    amqp_confirms book{{"a", "b"}};
    CHECK(book.is_settled());
    CHECK(book.outcome(lost).confirmed == 0);
    CHECK(book.outcome(lost).trouble->message == lost.message);
    book.published(0, 1);
    book.acked(7, false);
    book.returned("z", "why");
    CHECK_FALSE(book.is_settled());
    book.acked(1, false);
    book.acked(1, false); // twice
    CHECK(book.is_settled());
    book.refused(1, "too big");
    auto const out = book.outcome(std::nullopt);
    CHECK(out.confirmed == 1);
    CHECK(out.is_refusal);
}

TEST_CASE("rounds: of what is about the same one goes after the other", "[amqp]")
{
    using rounds = std::vector<std::vector<std::size_t>>;
    CHECK(rounds_of({}).empty());
    CHECK(rounds_of({"x", "y", "z"}) == rounds{{0, 1, 2}});
    CHECK(rounds_of({"x", "x", "y", "x", "y"}) == rounds{{0, 2}, {1, 4}, {3}});
}
